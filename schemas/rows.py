"""Which rows under the headings of a form are lines, totals or subtotals, and where they end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from schemas.cells import is_blank
from schemas.headings import Headings
from schemas.models import Form, OrgUnit, Scheme
from schemas.stated import county_named
from schemas.text import normalise
from schemas.workbook import RawCell, Sheet

_SUM = re.compile(
    r"(?P<of>.*?)(?P<word>合计|总计|共计|小计|grandtotal|subtotal|total)(?:\(.*\))?:?"
)
_PARTIAL = ("小计", "subtotal")
_WHOLE = frozenset({"", "全县", "本县", "全区", "全市"})
_FOOTERS = (
    *("单位负责人", "统计负责人", "负责人:", "填表人", "制表人", "填报人:", "报出日期", "填报日期"),
    *("填报说明", "说明:", "注:", "备注:", "补充资料", "headofunit:", "notes:", "联系电话"),
    *("填报单位", "填表单位"),
)


@dataclass
class Rows:
    """The rows of a sheet under the headings, counted from 0.

    `lines` hold something that is to be reported, `totals` and `subtotals` repeat it. `beyond` are
    rows with numbers in the form's columns below its end, where nothing is read.
    """

    lines: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    subtotals: list[int] = field(default_factory=list)
    beyond: list[int] = field(default_factory=list)


def find_rows(
    sheet: Sheet, form: Form, headings: Headings, scheme: Scheme, county: OrgUnit
) -> Rows:
    """Tell apart the rows under the headings; the footer or another form's title ends them."""
    return _Finder(sheet, form, headings, scheme, county).find()


class _Finder:
    def __init__(
        self, sheet: Sheet, form: Form, headings: Headings, scheme: Scheme, county: OrgUnit
    ) -> None:
        self.sheet = sheet
        self.scheme = scheme
        self.county = county
        self.titles = {normalise(title) for f in scheme.forms for title in (f.title.zh, f.title.en)}
        columns = {
            i: headings.columns[i.name] for i in form.indicators if i.name in headings.columns
        }
        self.numeric = {column for i, column in columns.items() if i.numeric}
        self.computed = {column for i, column in columns.items() if i.computed is not None}
        self.typed = set(columns.values()) - self.computed
        leading = takewhile(lambda i: not i.numeric, form.indicators)
        self.labels = {columns[i] for i in leading if i in columns}
        self.labels |= set(range(min(self.numeric, default=0)))
        if headings.county is not None:
            self.typed.add(headings.county)
            self.labels.add(headings.county)
        self.first = headings.body

    def find(self) -> Rows:
        rows = Rows()
        ended = False
        for row in range(self.first, len(self.sheet.rows)):
            words = list(self._words(row))
            ended = ended or self._ends(words)
            if ended:
                if self._holds_numbers(row) and not self._ends(words):
                    rows.beyond.append(row)
            elif kind := self._sum(row):
                (rows.totals if kind == "total" else rows.subtotals).append(row)
            elif self._is_filled(row):
                rows.lines.append(row)
        return rows

    def _words(self, row: int) -> Iterator[str]:
        """What is written on a row outside of the columns of numbers."""
        for column, cell in enumerate(self.sheet.rows[row]):
            if isinstance(cell, str) and column not in self.numeric and cell.strip():
                yield normalise(cell)

    def _ends(self, words: list[str]) -> bool:
        return bool(words) and (words[0].startswith(_FOOTERS) or words[0] in self.titles)

    def _sum(self, row: int) -> str | None:
        """Whether a row is a total or a subtotal, by what its labels say."""
        for column in sorted(self.labels):
            cell = self.sheet.cell(row, column)
            match = _SUM.fullmatch(normalise(cell)) if isinstance(cell, str) else None
            if match is not None:
                whole = match["word"] not in _PARTIAL and self._is_whole(match["of"])
                return "total" if whole else "subtotal"
            if isinstance(cell, str) and normalise(cell) in _WHOLE - {""}:
                return "total"
        return None

    def _is_whole(self, of: str) -> bool:
        return of in _WHOLE or county_named(of, self.scheme) == self.county

    def _is_filled(self, row: int) -> bool:
        """Whether a person wrote anything; a formula over blanks shows "", in .xls files 0."""
        return any(not is_blank(self.sheet.cell(row, column)) for column in self.typed) or any(
            _is_number(cell) and cell != 0
            for cell in (self.sheet.cell(row, column) for column in self.computed)
        )

    def _holds_numbers(self, row: int) -> bool:
        return any(_is_number(self.sheet.cell(row, column)) for column in self.numeric)


def _is_number(cell: RawCell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)
