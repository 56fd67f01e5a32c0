"""Find the headings of a form on a sheet, wherever they stand and in whatever order.

Headings are matched by what they say and what stands over them, not by where they stand, so that a
moved or an inserted column is still read right. What could be one column or another is neither.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

from schemas.headings.expected import Expected
from schemas.headings.heading_paths import Grid, Heading
from schemas.layout import COUNTY, UNIT, Column
from schemas.models import Form, Scheme
from schemas.text import normalise
from schemas.typed.unit_words import UnitWords, times
from schemas.workbook import Sheet

MOST_DEPTH = 4
"""So many rows may hold the headings of a form, one over the other."""

_STATED_UNIT = re.compile(r"(?<![报表制编送])(?:计量|金额)?单位:(?P<units>[^:]+?)\)?$")
_BETWEEN_UNITS = re.compile("[、,;/和]")


@dataclass(frozen=True)
class Headings:
    """Where the columns of a form stand on a sheet.

    `columns` maps indicators to columns, `county` is the column of the county's name and `unit`
    that of the unit of each line, where the form prints them. `scales` says of columns that are in
    another unit how many of the form's unit one of it is.

    Not read are: `missing` columns, `renamed` ones with the heading that stands in their place,
    and `ambiguous` ones with the headings that each of them could be. `unknown` headings are no
    column of the form. `top` and `body` are the first rows of headings and body, and `words` all
    that the headings say, so that they are known where they are repeated.
    """

    top: int
    body: int
    columns: Mapping[str, int]
    county: int | None
    unit: int | None
    scales: Mapping[str, Decimal]
    share: float
    missing: tuple[Column, ...]
    renamed: tuple[tuple[Column, Heading], ...]
    ambiguous: tuple[tuple[Column, tuple[Heading, ...]], ...]
    unknown: tuple[Heading, ...]
    words: frozenset[str]

    @property
    def read(self) -> frozenset[int]:
        """The columns that are read."""
        printed = frozenset(column for column in (self.county, self.unit) if column is not None)
        return printed.union(self.columns.values())

    @property
    def told(self) -> frozenset[int]:
        """The columns that are not read, and of which that is told by their headings."""
        doubtful = [heading for _, found in self.ambiguous for heading in found]
        renamed = [heading for _, heading in self.renamed]
        return frozenset(heading.column for heading in (*self.unknown, *renamed, *doubtful))


def find_headings(sheet: Sheet, form: Form, scheme: Scheme) -> Headings | None:
    """The headings of a form on a sheet; None where less than a third of them can be found."""
    words = UnitWords(scheme)
    grid = Grid.of(sheet)
    expected = Expected(form, scheme)
    columns = [expected.ending_in(grid.words(row, words.knows)) for row in range(len(grid.filled))]
    best: Match | None = None
    for band in _bands(grid, expected):
        found = frozenset[int]().union(*columns[band.start : band.stop])
        if best is not None and max(expected.ranks) * len(found) <= best.weight:
            continue  # it cannot be more alike, and need not be looked at
        match = Match.of(band, list(grid.headings(band, words.knows)), expected)
        if best is None or match.weight > best.weight:
            best = match
    if best is None or len(best.places) * 3 < len(expected.columns):
        return None
    return _result(best, grid, expected, words)


def _bands(grid: Grid, expected: Expected) -> Iterator[range]:
    """The rows that may be those of the headings, the fewest rows first."""
    rows = range(grid.first, len(grid.filled))
    bottoms = [row for row in rows if expected.knows(grid.filled[row])]
    for depth in range(MOST_DEPTH):
        for bottom in bottoms:
            if bottom - depth >= grid.first:
                yield range(bottom - depth, bottom + 1)


@dataclass
class Match:
    """How well the headings in a band of rows are those of a form."""

    band: range
    headings: list[Heading]
    places: dict[int, Heading] = field(default_factory=dict)
    doubtful: dict[int, list[Heading]] = field(default_factory=dict)
    weight: int = 0

    @classmethod
    def of(cls, band: range, headings: list[Heading], expected: Expected) -> "Match":
        """Give each expected column its heading, the surest first."""
        match = cls(band, headings)
        likeness: dict[int, dict[Heading, int]] = {n: {} for n in range(len(expected.columns))}
        for heading in headings:
            for index, rank in expected.likeness(heading).items():
                likeness[index][heading] = rank
        for rank in expected.ranks:
            match._assign(rank, likeness, expected)
        return match

    def _assign(
        self, rank: int, likeness: Mapping[int, Mapping[Heading, int]], expected: Expected
    ) -> None:
        """Assign where one column and one heading are so much alike, and no other."""
        taken = {*self.places.values(), *(h for hs in self.doubtful.values() for h in hs)}
        wanted = {
            index: found
            for index, ranks in likeness.items()
            if index not in self.places and index not in self.doubtful
            if (found := [h for h, r in ranks.items() if r == rank and h not in taken])
        }
        for index, found in wanted.items():
            rivals = [other for other, theirs in wanted.items() if set(theirs) & set(found)]
            if len(found) == 1 and rivals == [index]:
                self.places[index] = found[0]
                self.weight += rank
            elif expected.columns[index].indicator is None:
                self.places[index] = found[0]  # what is printed is only compared
            else:
                self.doubtful[index] = found
                self.weight += rank  # whichever it is, it stands here


def _result(match: Match, grid: Grid, expected: Expected, words: UnitWords) -> Headings:
    """What was found, and what of it is missing, renamed, ambiguous or unknown."""
    body, units = _below(grid, match.band, words)
    places, columns = match.places, expected.columns
    doubtful = {heading for found in match.doubtful.values() for heading in found}
    taken = {heading.column for heading in (*places.values(), *doubtful)}
    extra = [h for h in match.headings if h.column not in taken and not expected.is_group(h)]
    lost = [
        index
        for index in range(len(columns))
        if index not in places and index not in match.doubtful and columns[index].indicator
    ]
    renamed = dict(_renamed(lost, extra, places, len(columns)))
    renamed |= _alike(
        {index: columns[index] for index in lost if index not in renamed},
        [heading for heading in extra if heading not in renamed.values()],
    )
    stand_ins = {heading.column for heading in renamed.values()}
    printed = {columns[i].heading: h.column for i, h in places.items() if not columns[i].indicator}
    stated = list(_stated_units(grid, match.band.start, words))
    return Headings(
        top=match.band.start,
        body=body,
        columns={
            indicator.name: heading.column
            for index, heading in sorted(places.items())
            if (indicator := columns[index].indicator) is not None
        },
        county=printed.get(COUNTY),
        unit=printed.get(UNIT),
        scales=dict(_scales(places, units, stated, expected)),
        share=len(places) / len(columns),
        missing=tuple(columns[i] for i in lost if i not in renamed),
        renamed=tuple((columns[i], renamed[i]) for i in lost if i in renamed),
        ambiguous=tuple((columns[i], tuple(found)) for i, found in match.doubtful.items()),
        unknown=tuple(heading for heading in extra if heading.column not in stand_ins),
        words=frozenset(word for h in match.headings for word in (*h.path, h.unit) if word),
    )


def _below(grid: Grid, band: range, words: UnitWords) -> tuple[int, dict[int, str]]:
    """The first row under the headings, the rows of units and of column numbers passed over."""
    row, units = band.stop, dict[int, str]()
    while True:
        found = grid.units_in(row, words.knows)
        if found is None and not grid.has_numbers_of_columns(row):
            return row, units
        units |= found or {}
        row += 1


def _stated_units(grid: Grid, top: int, words: UnitWords) -> Iterator[str]:
    """The units that are stated over the table: 单位：万元、户."""
    for row in grid.raw[:top]:
        for text in row:
            if match := _STATED_UNIT.search(text):
                units = _BETWEEN_UNITS.split(match["units"])
                yield from units if all(map(words.knows, units)) else ()


def _scales(
    places: Mapping[int, Heading], units: Mapping[int, str], stated: list[str], expected: Expected
) -> Iterator[tuple[str, Decimal]]:
    """The columns in another unit than the form's: by their own heading, or else the table's."""
    for index, heading in places.items():
        indicator, unit = expected.columns[index].indicator, expected.unit(index)
        if indicator is None or unit is None:
            continue
        own = heading.unit or units.get(heading.column)
        found = {times(word, unit) for word in ([own] if own else stated)} - {None}
        if len(found) == 1 and (scale := found.pop()) is not None and scale != 1:
            yield indicator.name, scale


def _renamed(
    lost: list[int], extra: Sequence[Heading], places: Mapping[int, Heading], width: int
) -> Iterator[tuple[int, Heading]]:
    """The lost columns in whose place, between their neighbours, as many headings stand."""
    for index in lost:
        before = max((i for i in places if i < index), default=-1)
        after = min((i for i in places if i > index), default=width)
        left = places[before].column if before in places else -1
        right = places[after].column if after in places else left + after - before
        between = [heading for heading in extra if left < heading.column < right]
        together = [other for other in lost if before < other < after]
        if len(between) == len(together):
            yield index, between[together.index(index)]


def _alike(lost: Mapping[int, Column], extra: Sequence[Heading]) -> Iterator[tuple[int, Heading]]:
    """The lost columns whose heading is much like one that stands elsewhere, and no other."""
    labels = {index: normalise(column.heading.zh) for index, column in lost.items()}
    for index, label in labels.items():
        found = [heading for heading in extra if get_close_matches(label, [heading.bare])]
        if len(found) == 1 and len(get_close_matches(found[0].bare, labels.values())) == 1:
            yield index, found[0]
