"""What an upgrade changes, and how it is told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LISTED = 8
"""More things than this are counted, not named: an empty warehouse gets a hundred."""


@dataclass(frozen=True)
class Change:
    """What is done, as `views made`, and the names of the things it is done to, if it has any."""

    what: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.what, ", ".join(self.names))))


def told(changes: Iterable[Change]) -> Iterator[str]:
    """A line for all changes of a kind, in the order in which the kinds come first."""
    names: dict[str, tuple[str, ...]] = {}
    for change in changes:
        names[change.what] = names.get(change.what, ()) + change.names
    for what, those in names.items():
        yield str(Change(what, those)) if len(those) <= _LISTED else f"{what}: {len(those)}"
