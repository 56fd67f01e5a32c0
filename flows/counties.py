"""The county that a person means."""

from schemas.errors import NotInScheme
from schemas.models import OrgUnit, Scheme
from schemas.text import normalise


def find_county(scheme: Scheme, stated: str) -> OrgUnit:
    """A county, or the municipality, by code or any name. Raises NotInScheme when none fits."""
    for unit in (*scheme.counties, scheme.municipality):
        if normalise(stated) in unit.spellings:
            return unit
    known = ", ".join(f"{unit.code} {unit.name.zh}" for unit in scheme.counties)
    raise NotInScheme(f"no county {stated!r}; the counties are: {known}")
