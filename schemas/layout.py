"""Where everything of a form stands on its sheet: pure geometry, shared by writer and reader.

Rows and columns count from 0 here; addresses are as Excel shows them. From the top: title, the
legal block (表号, 制定机关), the line with 填报单位, period and unit, one or two rows of headings,
the row of column numbers, the body, the footer for signatures and the notes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from schemas.language import expression
from schemas.models import Form, Indicator, Scheme
from schemas.text import Text

COUNTY = Text(zh="县(市、区)", en="County")
"""Heading of the first column of a form with one line, where the county's name is printed."""

UNIT = Text(zh="计量单位", en="Unit")
"""Heading of the printed column beside lines that are each in a unit of their own."""

TITLE_ROW = 0
BLOCK_ROWS = (1, 2)
HEAD_ROW = 3
HEADING_ROW = 4

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_LIST_LINES = 30
_SPARE_LINES = 10
_LEAST_COLUMNS = 4  # one for each part of the footer


def column_letter(column: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The A1 address of a cell."""
    return f"{column_letter(column)}{row + 1}"


@dataclass(frozen=True)
class Column:
    """One column of the sheet.

    `indicator` is None for what is printed: the name of the county, or the unit of the line.
    """

    index: int
    number: str
    heading: Text
    group: Text | None
    indicator: Indicator | None


@dataclass(frozen=True)
class Layout:
    """Where the parts of one form stand; `total_row` is None where the form has no total."""

    form: Form
    columns: tuple[Column, ...]
    heading_depth: int
    unit: str | None
    lines: range
    total_row: int | None

    @property
    def width(self) -> int:
        """How many columns the form has."""
        return len(self.columns)

    @property
    def page(self) -> range:
        """The columns that the parts above and below the body are spread over."""
        return range(max(self.width, _LEAST_COLUMNS))

    @property
    def number_row(self) -> int:
        """The row of column numbers, under the headings."""
        return HEADING_ROW + self.heading_depth

    @property
    def body_row(self) -> int:
        """The first row under the column numbers."""
        return self.number_row + 1

    @property
    def footer_row(self) -> int:
        """The row for names, phone and date under the body; the notes follow it."""
        return max(self.lines[-1], self.total_row or 0) + 1

    @property
    def thirds(self) -> tuple[range, range, range]:
        """The columns of the left, centre and right part of the lines above the headings."""
        left, right = round(len(self.page) / 3), round(len(self.page) * 2 / 3)
        return self.page[:left], self.page[left:right], self.page[right:]

    def column(self, indicator: str) -> int:
        """The column of an indicator."""
        return self._indexes[indicator]

    @cached_property
    def _indexes(self) -> Mapping[str, int]:
        return {c.indicator.name: c.index for c in self.columns if c.indicator}


def lay_out(form: Form, scheme: Scheme, lines: int = 0) -> Layout:
    """The layout of a form with room for `lines` lines, where the form is an open list."""
    columns = form_columns(form)
    depth = 2 if any(column.group for column in columns) else 1
    body = HEADING_ROW + depth + 1
    units = {indicator.unit for indicator in form.indicators if indicator.numeric}
    rows, total = range(body, body + 1), None
    if form.body == "fixed":
        rows = range(body, body + len(fixed_codes(form, scheme)))
        total = rows.stop if form.totalled else None
    elif form.body == "list":
        # The total stands first, so that the list can grow downwards without end.
        total = body if form.totalled else None
        first = body if total is None else body + 1
        rows = range(first, first + max(_LIST_LINES, lines + _SPARE_LINES))
    return Layout(
        form=form,
        columns=columns,
        heading_depth=depth,
        unit=units.pop() if len(units) == 1 else None,
        lines=rows,
        total_row=total,
    )


def fixed_codes(form: Form, scheme: Scheme) -> tuple[str, ...]:
    """The codes of the lines of a form with a fixed body, in print order."""
    assert form.fixed_by is not None, form.name
    return tuple(code.code for code in scheme.codes(form[form.fixed_by]).codes)


def form_columns(form: Form) -> tuple[Column, ...]:
    """The columns from left to right: stems 甲 乙 丙 for the labels at the left, then 1 2 3.

    A computed column says what it is made of, in the numbers of the others: 6=1+4.
    """
    indicators = _printed_columns(form)
    numbers = _numbers(indicators)
    printed = column_numbers(form)
    return tuple(
        Column(
            index=index,
            number=_relation(number, indicator, printed),
            heading=indicator.label if indicator else UNIT if form.prints_units else COUNTY,
            group=None if indicator is None else indicator.group,
            indicator=indicator,
        )
        for index, (number, indicator) in enumerate(zip(numbers, indicators, strict=True))
    )


def column_numbers(form: Form) -> dict[str, str]:
    """The number under which each column is printed: 甲 乙 丙 for labels at the left, then 1 2 3.

    A column that the template prints, of the county's name or of units, has a number too.
    """
    columns = _printed_columns(form)
    pairs = zip(columns, _numbers(columns), strict=True)
    return {column.name: number for column, number in pairs if column is not None}


def _printed_columns(form: Form) -> list[Indicator | None]:
    """The columns in print order, with None for the one that the template prints."""
    columns: list[Indicator | None] = list(form.indicators)
    if form.body == "single":
        columns.insert(0, None)
    elif form.prints_units:
        columns.insert(1 + [i.name for i in form.indicators].index(form.fixed_by or ""), None)
    return columns


def _numbers(columns: Sequence[Indicator | None]) -> list[str]:
    labels = list(takewhile(lambda i: i is None or not i.numeric, columns))[: len(_STEMS)]
    return [*_STEMS[: len(labels)], *map(str, range(1, len(columns) - len(labels) + 1))]


def _relation(number: str, indicator: Indicator | None, printed: dict[str, str]) -> str:
    if indicator is None or indicator.formula is None:
        return number
    formula = expression.render(indicator.formula, printed.__getitem__)
    return f"{number}={formula}".replace(" ", "").replace("*", "×").replace("/", "÷")
