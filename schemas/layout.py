"""Where everything of a form stands on its sheet: pure geometry, shared by writer and reader.

Rows and columns count from 0 here; addresses are as Excel shows them. From the top: title, the
legal block (表号, 制定机关), the line with 填报单位, period and unit, one or two rows of headings,
the row of column numbers, the body, the footer for signatures and the notes.
"""

from dataclasses import dataclass
from itertools import takewhile

from schemas import expression
from schemas.models import Form, Indicator, Scheme
from schemas.text import Text

COUNTY = Text(zh="县(市、区)", en="County")
"""Heading of the first column of a form with one line, where the county's name is printed."""

TITLE_ROW = 0
BLOCK_ROWS = (1, 2)
HEAD_ROW = 3
HEADING_ROW = 4

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_LIST_LINES = 30
_SPARE_LINES = 10


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
    """One column of the sheet. `indicator` is None for the printed name of the county."""

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
        width = max(self.width, 3)
        left, right = round(width / 3), round(width * 2 / 3)
        return range(left), range(left, right), range(right, width)

    def column(self, indicator: str) -> int:
        """The column of an indicator."""
        return next(c.index for c in self.columns if c.indicator and c.indicator.name == indicator)


def lay_out(form: Form, scheme: Scheme, lines: int = 0) -> Layout:
    """The layout of a form with room for `lines` lines, where the form is an open list."""
    columns = form_columns(form)
    depth = 2 if any(column.group for column in columns) else 1
    body = HEADING_ROW + depth + 1
    units = {indicator.unit for indicator in form.indicators if indicator.numeric}
    rows, total = range(body, body + 1), None
    if form.body == "fixed":
        rows = range(body, body + len(fixed_codes(form, scheme)))
        total = rows.stop
    elif form.body == "list":
        # The total stands first, so that the list can grow downwards without end.
        total = body
        rows = range(body + 1, body + 1 + max(_LIST_LINES, lines + _SPARE_LINES))
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
    first = [] if form.body != "single" else [None]
    indicators: list[Indicator | None] = [*first, *form.indicators]
    printed = column_numbers(form)
    numbers = [*_STEMS[: len(first)], *printed.values()]
    return tuple(
        Column(
            index=index,
            number=_relation(number, indicator, printed),
            heading=COUNTY if indicator is None else indicator.label,
            group=None if indicator is None else indicator.group,
            indicator=indicator,
        )
        for index, (number, indicator) in enumerate(zip(numbers, indicators, strict=True))
    )


def column_numbers(form: Form) -> dict[str, str]:
    """The number under which each column is printed: 甲 乙 丙 for labels at the left, then 1 2 3.

    The first stem of a form with one line is that of the county's name.
    """
    stems = _STEMS[1:] if form.body == "single" else _STEMS
    labels = list(takewhile(lambda indicator: not indicator.numeric, form.indicators))[: len(stems)]
    others = form.indicators[len(labels) :]
    return {
        **{label.name: stem for label, stem in zip(labels, stems, strict=False)},
        **{indicator.name: str(number) for number, indicator in enumerate(others, start=1)},
    }


def _relation(number: str, indicator: Indicator | None, printed: dict[str, str]) -> str:
    if indicator is None or indicator.formula is None:
        return number
    formula = expression.render(indicator.formula, printed.__getitem__)
    return f"{number}={formula}".replace(" ", "").replace("*", "×").replace("/", "÷")
