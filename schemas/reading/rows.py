"""Which rows under the headings of a form are lines, totals or subtotals, and where they end."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import Literal

from schemas.headings.heading_paths import is_number_row
from schemas.headings.headings import Headings
from schemas.models import Form, OrgUnit, Scheme
from schemas.origin.stated import county_named
from schemas.reading.below import Below
from schemas.text import normalise, normalise_digits
from schemas.typed.cells import is_blank
from schemas.typed.unit_words import UnitWords
from schemas.workbook import RawCell

_SUM = re.compile(
    r"(?P<of>.*?)(?P<word>合[计計]|[总總][计計]|共[计計]|小[计計]|grandtotal|subtotal|total)"
    r"(?:\(.*\))?:?"
)
_PARTIAL = ("小计", "小計", "subtotal")
_PARTS = ("其中", "#", "承前页", "过次页", "承上页", "转下页")
_PAGE_MARK = re.compile(r"-?第?\d+页(?:[,/]?共\d+页)?-?|\(?续表?\)?|接(?:上|下)页")
_CONTINUED = re.compile(r"\(?续表?[一二三四五六七八九十\d]*\)?$")
_WHOSE = re.compile(r"上年|去年|同期|上期|样表|示例|参考|(?:填报|填表)单位|\d{4}年(?!\d+月\d+日)")
_WHOLE = frozenset({"", "全县", "全縣", "本县", "全区", "全市"})
_ALONE = _WHOLE - {""} | {"计", "計", "累计", "汇总", "总和", "总数", "县计"}  # as the whole label
_FOOTERS = (
    *("单位负责人", "统计负责人", "负责人:", "填表人", "制表人", "填报人:", "报出日期", "填报日期"),
    *("填报说明", "说明:", "注:", "备注:", "补充资料", "headofunit:", "notes:", "联系电话"),
    *("填报单位", "填表单位", "以下空白", "(以下空白)"),
)


@dataclass
class Rows:
    """The rows of a sheet under the headings, counted from 0.

    `lines` hold something that is to be reported, `totals` and `subtotals` repeat it, and `parts`
    repeat a part of it (其中). `beyond` are rows with numbers in the form's columns below its end,
    where nothing is read.
    """

    lines: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    subtotals: list[int] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    beyond: list[int] = field(default_factory=list)


def find_rows(
    below: Below, form: Form, headings: Headings, scheme: Scheme, county: OrgUnit
) -> Rows:
    """Tell apart the rows under the headings; the footer or another form's title ends them."""
    return _Finder(below, form, headings, scheme, county).find()


class _Finder:
    def __init__(
        self, below: Below, form: Form, headings: Headings, scheme: Scheme, county: OrgUnit
    ) -> None:
        self.below = below
        self.sheet = below.sheet
        self.form = form
        self.scheme = scheme
        self.county = county
        self.headings = headings
        self.titles = {normalise(title) for f in scheme.forms for title in (f.title.zh, f.title.en)}
        self.units = UnitWords(scheme)
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

    def find(self) -> Rows:
        rows = Rows()
        ended_at: int | None = None
        heading_above = False
        to_look_at = self._to_look_at()
        for row in range(self.headings.body, len(self.sheet.rows)):
            if ended_at is None and not heading_above and row not in to_look_at:
                rows.lines.append(row)
                continue
            first_word = next(self._words(row), "")
            heading_above = self._repeats_headings(row, below=heading_above)
            if heading_above:
                if ended_at is not None and self._goes_on(ended_at, row):
                    ended_at = None
                continue
            if ended_at is None and self._ends(first_word):
                ended_at = row
            if ended_at is not None:
                if self._holds_numbers(row) and not self._ends(first_word):
                    rows.beyond.append(row)
            elif kind := self._sum(row):
                {"total": rows.totals, "subtotal": rows.subtotals, "part": rows.parts}[kind].append(
                    row
                )
            elif self._is_filled(row) and not self._is_page_mark(row):
                rows.lines.append(row)
        return rows

    def _to_look_at(self) -> set[int]:
        """The rows but those that have a text in a column of the form, and none that tells."""
        found: set[int] = set()
        for column, cells in enumerate(self.below.columns):
            if telling := self._telling(self.below.different(column)):
                found |= {n for n, cell in enumerate(cells) if cell in telling}
        without = [*range(len(self.sheet.rows) - self.below.first)]
        for column in self.typed:
            cells, blanks = self.below.column(column), self.below.blanks(column)
            without = [n for n in without if not isinstance(cells[n], str) or cells[n] in blanks]
        return {self.below.first + number for number in (*found, *without)}

    def _telling(self, cells: Set[RawCell]) -> set[str]:
        """The texts among different cells that may make their row anything but a line."""
        texts = (cell for cell in cells if isinstance(cell, str))
        # Most of many are the numbers of households and persons.
        others = (text for text in texts if not (text.isascii() and text.isdecimal()))
        return {*filter(self._tells, others), *self.headings.words.intersection(cells)}

    def _tells(self, text: str) -> bool:
        """Whether any of the questions below may be answered by a text."""
        word = normalise(text)
        return (
            word in self.headings.words
            or self._ends(word)
            or self._says_sum(word) is not None
            or _PAGE_MARK.fullmatch(word) is not None
        )

    def _words(self, row: int) -> Iterator[str]:
        """What is written on a row outside of the columns of numbers."""
        for column, cell in enumerate(self.sheet.rows[row]):
            if isinstance(cell, str) and column not in self.numeric and cell.strip():
                yield normalise(cell)

    def _ends(self, word: str) -> bool:
        return word.startswith(_FOOTERS) or _CONTINUED.sub("", word) in self.titles

    def _repeats_headings(self, row: int, *, below: bool) -> bool:
        """Whether a row is one of the headings again, as at the top of a printed page.

        Right `below` such a row those of the units and of the column numbers are, too.
        """
        cells = self.sheet.rows[row]
        if below and is_number_row(cells, gaps=True):
            return True
        filled = [column for column, cell in enumerate(cells) if not is_blank(cell)]
        words = [str(cells[column]) for column in filled]
        if below and words and all(self.units.knows(normalise(word)) for word in words):
            return True
        said_again = bool(words) and all(normalise(w) in self.headings.words for w in words)
        return said_again and (len(filled) > 1 or not self.numeric.isdisjoint(filled))

    def _goes_on(self, end: int, row: int) -> bool:
        """Whether headings below an end are those of the next page, and not of another table.

        Over the next page stands what stands over the first, and nothing else of whose it is.
        """
        over_first = set(self._texts(range(self.headings.top)))
        between = self._texts(range(end, row))
        own = (text in over_first for text in between if _WHOSE.search(text))
        return self.form.body == "list" and all(own)

    def _texts(self, rows: range) -> Iterator[str]:
        for row in rows:
            yield from (normalise_digits(c) for c in self.sheet.rows[row] if isinstance(c, str))

    def _sum(self, row: int) -> Literal["total", "subtotal", "part"] | None:
        """Whether a row repeats what lines say, by what its labels say."""
        filled = (c for c, cell in enumerate(self.sheet.rows[row]) if not is_blank(cell))
        for column in sorted(self.labels.union(islice(filled, 1))):
            cell = self.sheet.cell(row, column)
            if isinstance(cell, str) and (kind := self._says_sum(normalise(cell))) is not None:
                return kind
        return None

    def _says_sum(self, word: str) -> Literal["total", "subtotal", "part"] | None:
        """What a label says that its row repeats."""
        match = _SUM.fullmatch(word)
        if match is not None:
            whole = match["word"] not in _PARTIAL and self._is_whole(match["of"])
            return "total" if whole else "subtotal"
        if word.removesuffix(":") in _ALONE:
            return "total"
        return "part" if self.form.body == "list" and word.startswith(_PARTS) else None

    def _is_whole(self, of: str) -> bool:
        return of in _WHOLE or county_named(of, self.scheme) == self.county

    def _is_filled(self, row: int) -> bool:
        """Whether a person wrote anything; a formula over blanks shows "", in .xls files 0."""
        return any(not is_blank(self.sheet.cell(row, column)) for column in self.typed) or any(
            _is_number(cell) and cell != 0
            for cell in (self.sheet.cell(row, column) for column in self.computed)
        )

    def _is_page_mark(self, row: int) -> bool:
        """Whether a row only says that a page ends or begins: 第2页, 续表."""
        words = (normalise(str(cell)) for cell in self.sheet.rows[row] if not is_blank(cell))
        return all(map(_PAGE_MARK.fullmatch, words))

    def _holds_numbers(self, row: int) -> bool:
        return any(_is_number(self.sheet.cell(row, column)) for column in self.numeric)


def _is_number(cell: RawCell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)
