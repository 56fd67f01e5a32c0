"""What the name of a file says of whose return it is.

Only a file that cannot be opened is taken at its name's word, and only so that the finding reaches
the county: what is read is identified by its contents.
"""

import re

from schemas.models import OrgUnit, Scheme
from schemas.text import normalise

_WORDS = re.compile(r"[0-9a-z]+")


def named_county(name: str, scheme: Scheme) -> OrgUnit | None:
    """The one county whose code or full name stands in a file name, or else the municipality.

    None if none does, or several counties.

    >>> from schemas.scheme import CATALOG, load_scheme
    >>> named_county("2015/141021-曲沃县-2015.xlsx", load_scheme(CATALOG / "linfen")).code
    '141021'
    """
    folded = normalise(name)
    named = [unit for unit in scheme.counties if any(s in folded for s in _full_names(unit))]
    if not named and any(s in folded for s in _full_names(scheme.municipality)):
        return scheme.municipality
    return named[0] if len(named) == 1 else None


def named_period(name: str, scheme: Scheme) -> str | None:
    """The one period of the calendar whose id is a word of a file name; None if none or several."""
    words = set(_WORDS.findall(name.casefold()))
    named = [entry.id for entry in scheme.periods if entry.id.casefold() in words]
    return named[0] if len(named) == 1 else None


def _full_names(unit: OrgUnit) -> tuple[str, ...]:
    return tuple(normalise(name) for name in (unit.code, unit.name.zh, unit.traditional_name))
