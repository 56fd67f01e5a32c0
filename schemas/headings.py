"""Find the headings of a form on a sheet, wherever they stand and in whatever order.

Headings are matched by what they say, not by where they stand, so that a moved or an inserted
column is still read right.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.layout import COUNTY, UNIT, Column, form_columns
from schemas.models import Form, Scheme
from schemas.text import normalise
from schemas.workbook import RawCell, Sheet

_SEARCHED_ROWS = 40
_MOST_DEPTH = 4
_PRINTED_SYNONYMS = {
    COUNTY: ("县别", "县区", "县市区", "县(区)", "县(市,区)", "地区", "单位", "单位名称"),
    UNIT: ("单位", "计量单位(丙)"),
}
_FIRST_STEM = "甲"
_NUMBER = re.compile(r"[甲乙丙丁戊己庚辛壬癸]|\(?(?P<number>\d{1,2})(?:\.0)?\)?(?:=.*)?")


@dataclass(frozen=True)
class Heading:
    """One heading as it stands on the sheet: its cell, its words and its group's, normalised."""

    row: int
    column: int
    stated: str
    label: str
    group: str


@dataclass(frozen=True)
class Headings:
    """Where the columns of a form stand on a sheet.

    `columns` maps indicators to columns, `county` is the column of the county's name and `unit`
    that of the unit of each line, where the form prints them. `renamed` pairs an expected column
    with the heading that stands in its place; it is read from there all the same. `top` and `body`
    are the first rows of headings and body.
    """

    top: int
    body: int
    columns: Mapping[str, int]
    county: int | None
    unit: int | None
    missing: tuple[Column, ...]
    renamed: tuple[tuple[Column, Heading], ...]
    unknown: tuple[Heading, ...]


def find_headings(sheet: Sheet, form: Form, scheme: Scheme) -> Headings | None:
    """The headings of a form on a sheet; None where less than a third of them can be found."""
    expected = _Expected(form, scheme)
    texts = _texts(sheet)
    bands = [
        _band(bottom, texts, expected)
        for bottom in range(len(texts))
        if expected.knows(texts[bottom])
    ]
    candidates = [list(_headings(sheet, texts, band)) for band in bands]
    matched = [expected.assign(found) for found in candidates]
    best = max(range(len(bands)), key=lambda index: len(matched[index]), default=None)
    if best is None or len(matched[best]) * 3 < len(expected.columns):
        return None
    top, bottom = bands[best][0], bands[best][-1]
    number_row = bottom + 1
    numbered = number_row < len(sheet.rows) and _is_number_row(sheet.rows[number_row])
    body = number_row + 1 if numbered else number_row
    return expected.result(candidates[best], matched[best], top, body)


def _band(bottom: int, texts: Sequence[Sequence[str]], expected: "_Expected") -> range:
    """The rows of headings that end at a row."""
    rows = range(max(0, bottom - _MOST_DEPTH + 1), bottom + 1)
    return range(next(row for row in rows if expected.knows(texts[row])), bottom + 1)


@dataclass
class _Expected:
    """The columns of a form with the spellings of their headings."""

    form: Form
    scheme: Scheme
    columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = form_columns(self.form)
        self.labels = [self._labels(column) for column in self.columns]
        self.groups = [
            {normalise(column.group.zh), normalise(column.group.en)} if column.group else {""}
            for column in self.columns
        ]
        labels, groups = set[str]().union(*self.labels), set[str]().union(*self.groups) - {""}
        self.known = labels | groups
        self.only_groups = groups - labels

    def _labels(self, column: Column) -> set[str]:
        indicator = column.indicator
        if indicator is None:
            heading = column.heading
            words = (heading.zh, heading.en, *_PRINTED_SYNONYMS[heading])
            return {normalise(word) for word in words}
        spellings = set(indicator.spellings)
        if indicator.unit is None:
            return spellings
        unit = self.scheme.units[indicator.unit].label
        units = {normalise(unit.zh), normalise(unit.en)}
        return spellings | {f"{label}({unit})" for label in spellings for unit in units}

    def knows(self, row: Sequence[str]) -> bool:
        """Whether any heading or group stands in a row."""
        return not self.known.isdisjoint(row)

    def assign(self, headings: Sequence[Heading]) -> dict[int, Heading]:
        """The heading of each expected column, by its index; those not found are left out."""
        places: dict[int, Heading] = {}
        taken: set[int] = set()
        for index, (labels, groups) in enumerate(zip(self.labels, self.groups, strict=True)):
            free = [h for h in headings if h.label in labels and h.column not in taken]
            if not free:
                continue
            place = next((h for h in free if h.group in groups), free[0])
            places[index] = place
            taken.add(place.column)
        return places

    def result(
        self, headings: Sequence[Heading], places: dict[int, Heading], top: int, body: int
    ) -> Headings:
        """What was found, and what of it is missing, renamed or unknown."""
        taken = {heading.column for heading in places.values()}
        extra = [h for h in headings if h.column not in taken and h.label not in self.only_groups]
        lost = [index for index in range(len(self.columns)) if index not in places]
        renamed = dict(self._renamed(lost, extra, places))
        stand_ins = {heading.column for heading in renamed.values()}
        found = {**places, **renamed}
        named = {self.columns[i].indicator: heading.column for i, heading in found.items()}
        printed = {
            self.columns[i].heading: heading.column
            for i, heading in found.items()
            if self.columns[i].indicator is None
        }
        told = [index for index in lost if self.columns[index].indicator is not None]
        return Headings(
            top=top,
            body=body,
            columns={i.name: column for i, column in named.items() if i is not None},
            county=printed.get(COUNTY),
            unit=printed.get(UNIT),
            missing=tuple(self.columns[i] for i in told if i not in renamed),
            renamed=tuple((self.columns[i], renamed[i]) for i in told if i in renamed),
            unknown=tuple(heading for heading in extra if heading.column not in stand_ins),
        )

    def _renamed(
        self, lost: list[int], extra: list[Heading], places: dict[int, Heading]
    ) -> Iterator[tuple[int, Heading]]:
        """The lost columns in whose place, between their neighbours, as many headings stand."""
        for index in lost:
            before = max((i for i in places if i < index), default=-1)
            after = min((i for i in places if i > index), default=len(self.columns))
            left = places[before].column if before in places else -1
            right = places[after].column if after in places else left + after - before
            between = [heading for heading in extra if left < heading.column < right]
            together = [other for other in lost if before < other < after]
            if len(between) == len(together):
                yield index, between[together.index(index)]


def _texts(sheet: Sheet) -> list[list[str]]:
    """The first rows as normalised words, merged cells filled with what stands in their first."""
    width = max((len(row) for row in sheet.rows), default=0)
    texts = [
        [normalise(cell) if isinstance(cell, str) else "" for cell in row]
        + [""] * (width - len(row))
        for row in sheet.rows[:_SEARCHED_ROWS]
    ]
    for (top, left), (bottom, right) in sheet.merged:
        if top >= len(texts) or left >= width:
            continue
        for row in range(top, min(bottom + 1, len(texts))):
            columns = range(left, min(right + 1, width))
            texts[row][left : columns.stop] = [texts[top][left]] * len(columns)
    return texts


def _headings(sheet: Sheet, texts: list[list[str]], band: range) -> Iterator[Heading]:
    """The lowest words over each column, with the nearest other words above them as the group."""
    for column in range(len(texts[band[0]])):
        row = next((r for r in reversed(band) if texts[r][column]), None)
        if row is None:
            continue
        label = texts[row][column]
        row = min(r for r in band if texts[r][column] == label)
        above = [_group(texts[r], column) for r in reversed(range(band[0], row))]
        stated = str(sheet.cell(row, column)).replace("\n", "").strip()
        if stated:
            group = next((words for words in above if words), "")
            yield Heading(row, column, stated, label, group)


def _group(row: Sequence[str], column: int) -> str:
    return next((row[c] for c in range(column, -1, -1) if row[c]), "")


def _is_number_row(row: Sequence[RawCell]) -> bool:
    """Whether a row holds column numbers: 甲 乙 1 2 3, (1) (2), 6=1+4."""
    words = [normalise(str(cell)) for cell in row if str(cell).strip()]
    matches = [match for match in map(_NUMBER.fullmatch, words) if match]
    if len(matches) * 2 <= len(words):
        return False
    numbers = [int(match["number"]) for match in matches if match["number"]]
    all_numbers = len(matches) == len(words) and numbers == list(range(1, len(numbers) + 1))
    return words[0] == _FIRST_STEM or all_numbers
