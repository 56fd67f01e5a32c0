"""What is coded: units of measure and code lists."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated

from pydantic import Field

from schemas.life import Renamed, words_on
from schemas.text import Closed, Text, normalise

COUNTIES = "counties"
"""The code list of every scheme that holds its counties, by their codes."""


UNITS = "units"
"""The code list of every scheme that holds its units of measure."""


class Unit(Closed):
    """A unit of measure; units of different kinds are never added.

    `others` are further units that people state it in, and how many of it one of them is. What
    differs by a magnitude only (元, 万元) is known without.
    """

    label: Text
    others: Mapping[str, Decimal] = Field(default_factory=dict)


class Code(Renamed):
    """One entry of a code list.

    `unit` is what the numbers of a line are counted in, where the code says what the line is, and
    `decimals` how many decimals they are published with.
    """

    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=40)]
    synonyms: tuple[str, ...] = ()
    unit: str | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] = 0

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every accepted spelling."""
        return (self.code, *self.labels, *self.synonyms)

    def on(self, day: date, others: Iterable["Code"]) -> "Code":
        """The code under its label of a day; its other labels are read too, unless one of the
        others is called so on that day.
        """
        if not self.formerly:
            return self
        taken = words_on(day, others)
        known = tuple(word for word in self.spellings if normalise(word) not in taken)
        return self.model_copy(
            update={"label": self.label_on(day), "synonyms": known, "formerly": ()}
        )


class CodeList(Closed):
    """A closed list of what a coded cell may say."""

    codes: tuple[Code, ...]

    @cached_property
    def by_spelling(self) -> Mapping[str, Code]:
        """Every accepted spelling, normalised, to its code."""
        return {normalise(spelling): code for code in self.codes for spelling in code.spellings}

    @property
    def all(self) -> list[str]:
        """Every code, in their order."""
        return [entry.code for entry in self.codes]

    def on(self, day: date) -> "CodeList":
        """The list with the entries that are in force on a day, called as on that day."""
        living = [code for code in self.codes if code.holds(day)]
        codes = tuple(code.on(day, (c for c in living if c is not code)) for code in living)
        return self if codes == self.codes else CodeList(codes=codes)

    def __getitem__(self, code: str) -> Code:
        for entry in self.codes:
            if entry.code == code:
                return entry
        raise KeyError(code)
