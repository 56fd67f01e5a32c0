"""What the name of a file, a folder or a sender says of whose return something is."""

import re

from schemas.models import OrgUnit, Scheme
from schemas.period import Period
from schemas.text import normalise, normalise_digits

_WORDS = re.compile(r"[0-9a-z]+(?:-\d{2}(?![-\d]))?")
_WORDED = re.compile(
    r"(?<!\d)\d{4}年度?(?:[上下]半年|第?[一二三四1-4]季度|\d{1,2}月份?(?!\d*[日号]))?"
)


def named_county(name: str, scheme: Scheme) -> OrgUnit | None:
    """The one county whose code or name stands in a file name, or else the municipality.

    None if none does, or several counties.

    >>> from schemas.scheme import CATALOG, load_scheme
    >>> named_county("2015/141021-曲沃县-2015.xlsx", load_scheme(CATALOG / "linfen")).code
    '141021'
    """
    named = named_counties(name, scheme)
    if not named and any(s in normalise(name) for s in _full_names(scheme.municipality)):
        return scheme.municipality
    return named[0] if len(named) == 1 else None


def named_counties(name: str, scheme: Scheme) -> tuple[OrgUnit, ...]:
    """The counties whose code or name stands in a file name, or whose short name does."""
    folded = normalise(name)
    named = [unit for unit in scheme.counties if any(s in folded for s in _full_names(unit))]
    named = named or [unit for unit in scheme.counties if normalise(unit.short_name) in folded]
    return tuple(named)


def named_period(name: str, scheme: Scheme) -> str | None:
    """The one period of the calendar that is a word of a file name; None if none or several."""
    folded = normalise_digits(name)
    words = set(_WORDS.findall(name.casefold())) | set(_WORDED.findall(folded))
    named = {entry.id for entry in scheme.periods if words & _spellings(entry.period)}
    return named.pop() if len(named) == 1 else None


def _spellings(period: Period) -> set[str]:
    label = period.label("zh")
    return {period.id.casefold(), label, f"{label}度", f"{label}份"}


def _full_names(unit: OrgUnit) -> tuple[str, ...]:
    return tuple(normalise(name) for name in (unit.code, unit.name.zh, unit.traditional_name))
