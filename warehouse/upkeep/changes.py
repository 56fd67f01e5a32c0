"""What an upgrade changes, and how it is told."""

from collections.abc import Callable, Iterable, Iterator
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


@dataclass(frozen=True)
class Step:
    """One change, and what makes it."""

    change: Change
    run: Callable[[], None]


def by_kind(changes: Iterable[Change]) -> list[Change]:
    """All changes of a kind as one, in the order in which the kinds come first."""
    names: dict[str, tuple[str, ...]] = {}
    for change in changes:
        names[change.what] = names.get(change.what, ()) + change.names
    return [Change(what, those) for what, those in names.items()]


def told(changes: Iterable[Change]) -> Iterator[str]:
    """A line for the changes of a kind: few are named, many are counted."""
    for change in by_kind(changes):
        many = len(change.names) > _LISTED
        yield f"{change.what}: {len(change.names)}" if many else str(change)
