"""The municipality and its counties, with the names they are and were known by."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from schemas.life import Dated
from schemas.models.codes import Code, CodeList
from schemas.text import Text, normalise

MUNICIPALITY = "municipality"
"""The group of org_units.csv that the municipality itself is in."""


class OrgUnit(Dated):
    """The municipality or one of its counties, with every name it is known by.

    `tile_row` and `tile_column` place it on a tile map, counted from 1 at the north-west.
    `successor` is the code of the county it was merged into when its life ended. `formerly` is
    what was said of it up to earlier periods, in their order: its name, its groups.
    """

    code: str
    name: Text
    short_name: str
    traditional_name: str
    old_names: tuple[str, ...] = ()
    old_code: str
    groups: frozenset[str] = frozenset()
    tile_row: int | None = None
    tile_column: int | None = None
    successor: str | None = None
    formerly: tuple["OrgUnit", ...] = ()

    @property
    def spellings(self) -> frozenset[str]:
        """The names, of all times, that identify this unit and no other, normalised."""
        now = (self.code, self.name.zh, self.name.en, self.short_name, self.traditional_name)
        names = (*now, *self.old_names)
        own = frozenset(normalise(name) for name in names if name)
        return own.union(*(unit.spellings for unit in self.formerly))

    def on(self, day: date) -> "OrgUnit":
        """The unit under what was said of it on a day."""
        then = next((unit for unit in self.formerly if day <= unit.ends), self)
        return then.model_copy(update={"formerly": ()}) if self.formerly else self


def county_codes(counties: Iterable[OrgUnit]) -> CodeList:
    """The code list of counties, each under every name it is known by."""
    return CodeList(
        codes=tuple(
            Code(code=unit.code, label=unit.name, synonyms=tuple(sorted(unit.spellings)))
            for unit in counties
        )
    )


def counties_on(counties: tuple[OrgUnit, ...], day: date) -> tuple[OrgUnit, ...]:
    """The counties that there are on a day, each known also by its names of other times, unless
    such a name is that of another one on that day.
    """
    then = {unit: unit.on(day) for unit in counties if unit.holds(day)}
    taken = Counter(name for unit in then.values() for name in unit.spellings)
    return tuple(
        unit.model_copy(update={"old_names": (*unit.old_names, *sorted(other_names))})
        if (other_names := {name for name in whole.spellings if not taken[name]})
        else unit
        for whole, unit in then.items()
    )
