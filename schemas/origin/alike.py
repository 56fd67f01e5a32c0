"""Counties whose names are like a word that is none of theirs: told as candidates, never taken."""

from collections.abc import Iterator
from operator import ne

from schemas.models import OrgUnit, Scheme
from schemas.text import normalise

_ROMAN = {"县": ("xian", "county"), "市": ("shi", "city"), "区": ("qu", "district")}
_LEAST_CHARACTERS = 3


def counties_alike(text: str, scheme: Scheme) -> list[OrgUnit]:
    """The counties of which a name differs from a text in one character at most.

    >>> from schemas.scheme import CATALOG, load_scheme
    >>> [unit.name.zh for unit in counties_alike("Ji Xian", load_scheme(CATALOG / "linfen"))]
    ['吉县', '隰县']
    """
    stated = normalise(text)
    is_city = stated in scheme.municipality.spellings
    return [
        unit
        for unit in scheme.counties
        if not is_city
        and any(_are_alike(stated, name) for name in (*unit.spellings, *_in_letters(unit)))
    ]


def _in_letters(unit: OrgUnit) -> Iterator[str]:
    """A county's name in letters with the Chinese word for what it is, and with the English."""
    roman, english = _ROMAN.get(unit.name.zh[-1], ("", ""))
    bare = normalise(unit.name.en).removesuffix(english)
    yield from (f"{bare}{roman}", f"{bare}{english}", f"{bare}{roman}{english}")


def _are_alike(one: str, other: str) -> bool:
    return len(one) == len(other) >= _LEAST_CHARACTERS and sum(map(ne, one, other)) <= 1
