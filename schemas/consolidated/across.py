"""Columns whose values belong to one county each: a household, a person, a project."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.filing import Filing
from schemas.models import Form, Indicator, Scheme
from schemas.period import Period


class Column(NamedTuple):
    """A column of a form in a period, in the returns of all counties."""

    form: str
    indicator: str
    period: str


Pseudonym = Callable[[str], str]
"""What a personal value is known by to whoever must tell persons apart and not know them."""


@dataclass(frozen=True)
class Held:
    """What the counties have in some columns, by their code; persons by their pseudonyms."""

    values: Mapping[Column, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    pseudonym: Pseudonym = str


def of_one_county(form: Form) -> tuple[Indicator, ...]:
    """The columns of a form whose values belong to one county each."""
    return tuple(indicator for indicator in form.indicators if indicator.one_county)


def columns_across(scheme: Scheme, filings: Iterable[Filing]) -> dict[Column, Indicator]:
    """The columns of some filings that are compared across counties."""
    places = dict.fromkeys((filing.form, filing.period) for filing in filings)
    return {
        Column(form, indicator.name, period): indicator
        for form, period in places
        for indicator in of_one_county(scheme.at(Period.parse(period)).form(form))
    }
