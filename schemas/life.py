"""From which period to which something is part of the scheme, and why that changed."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from schemas.period import Period
from schemas.text import Closed, Text, normalise


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) else value


def _period_id(text: str) -> str:
    return Period.parse(text).id


PeriodId = Annotated[str, BeforeValidator(_as_text), AfterValidator(_period_id)]
"""The id of a period, such as 2015 or 2003H1."""


class Dated(Closed):
    """Something of the scheme with its life.

    `since` and `until` are its first and its last period, both included; None is open. A period
    is reported in the way that is in force on its last day: a year in whose second half a column
    was added has that column. `why` says what led to the change, and must, where there is one.
    """

    since: PeriodId | None = None
    until: PeriodId | None = None
    why: Text | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if (self.since or self.until) and self.why is None:
            raise ValueError("what changes over time says `why`, in a sentence")
        if self.begins > self.ends:
            raise ValueError(f"it ends with {self.until}, before it begins with {self.since}")
        return self

    @property
    def begins(self) -> date:
        """The first day of its life."""
        return Period.parse(self.since).start if self.since else date.min

    @property
    def ends(self) -> date:
        """The last day of its life."""
        return Period.parse(self.until).end if self.until else date.max

    @property
    def turns(self) -> tuple[date, ...]:
        """The days on which it begins and on which it is no longer there."""
        first = (self.begins,) if self.since else ()
        return (*first, self.ends + timedelta(days=1)) if self.until else first

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.begins <= day <= self.ends


class Changed(Closed):
    """That something was otherwise up to a period (included), and why it changed then."""

    until: PeriodId
    why: Text

    @property
    def ends(self) -> date:
        """The last day on which it was so."""
        return Period.parse(self.until).end

    @property
    def turns(self) -> tuple[date, ...]:
        """The day on which it is so no more."""
        return (self.ends + timedelta(days=1),)


class Former(Changed):
    """What a column or code was called up to a period, and why it was renamed then."""

    label: Text


class Renamed(Dated):
    """Something that people know by its label.

    `formerly` is what it was called up to earlier periods, in their order: it is the same thing,
    and its figures are one series.
    """

    label: Text
    formerly: tuple[Former, ...] = ()

    def label_on(self, day: date) -> Text:
        """What it is called on a day."""
        return next((former.label for former in self.formerly if day <= former.ends), self.label)

    @property
    def labels(self) -> tuple[str, ...]:
        """What it was ever called, in either language."""
        labels = (self.label, *(former.label for former in self.formerly))
        return tuple(word for label in labels for word in (label.zh, label.en))


def words_on(day: date, named: Iterable[Renamed]) -> frozenset[str]:
    """What some things are called on a day, in either language, normalised."""
    labels = (one.label_on(day) for one in named)
    return frozenset(normalise(word) for label in labels for word in (label.zh, label.en))
