"""What every way in yields: files as they came, and what was left where it is, with the reason."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from schemas.filing import Received


@dataclass(frozen=True)
class Item:
    """What came as one thing: a file, or the attachments of one message.

    `acknowledge` marks it as kept at its source. Whoever takes it keeps it first; killed in
    between, it comes again and is known by its bytes.
    """

    received: tuple[Received, ...]
    acknowledge: Callable[[], object]


@dataclass(frozen=True)
class Left:
    """What was left at its source: its name, and why, for the person who can do something."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.name}: {self.why}"


@dataclass
class Taken:
    """What a channel has brought: files, how many were new, what was left there and why.

    `failure` says why not everything could be taken, and what to do.
    """

    channel: str
    received: int = 0
    new: int = 0
    left: list[Left] = field(default_factory=list)
    failure: str | None = None


class Channel(Protocol):
    """A way in."""

    @property
    def name(self) -> str:
        """What the site calls it."""

    def arrivals(self) -> Iterator[Item | Left]:
        """What stands there, in the order in which it came; to be asked for while `talking`."""

    def look(self) -> None:
        """See whether the way is open, and fetch nothing; to be asked for while `talking`."""

    @property
    def talking(self) -> Callable[[], AbstractContextManager[None]]:
        """The context in which things are taken and acknowledged.

        What goes wrong there with the other side leaves it as ChannelError, where somebody has to
        put something right (a password, an address, a folder), or as OSError, where it may pass.
        """


def stays() -> None:
    """Acknowledge nothing: the thing stays where it is and is known again."""
