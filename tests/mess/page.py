"""A return as a clerk makes it by hand: what is written in each cell, and what is true of it.

Nothing here knows the reader or the template.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from schemas.language.expression import Value
from schemas.models import Form, Indicator, OrgUnit, Scheme
from schemas.period import Period
from schemas.rules.formulas import completed

Place = tuple[str, str]
"""The name of a sheet and an A1 address."""


@dataclass
class Cell:
    """What is true and what is written; `free` until some mess is made of it."""

    truth: Value | None
    written: object
    format: str | None = None
    free: bool = True
    comment: str | None = None

    def write(self, written: object, *, number_format: str | None = None) -> None:
        """Write something else than the plain value."""
        self.written, self.free, self.format = written, False, number_format or self.format


@dataclass
class Column:
    """One column of the sheet; `indicator` is None where it is none of the form's."""

    heading: str
    indicator: Indicator | None = None
    path: tuple[str, ...] = ()
    unit: str | None = None
    cells: list[Cell] = field(default_factory=list)
    hidden: bool = False


Kind = Literal["line", "total", "subtotal", "blank", "heading", "remark", "page"]


@dataclass
class Row:
    """One row of the body: the line that it holds, or what is written on it."""

    kind: Kind
    line: int = -1
    texts: tuple[str, ...] = ()
    sums: tuple[int, ...] = ()
    hidden: bool = False


@dataclass
class Page:
    """One form of a county, to be laid out on a sheet."""

    form: Form
    county: OrgUnit
    period: Period
    columns: list[Column]
    rows: list[Row]
    title: str
    above: list[str] = field(default_factory=list)
    stated_county: str = ""
    stated_period: str = ""
    stated_unit: str = ""
    notes: list[str] = field(default_factory=list)
    number_row: tuple[str, ...] = ()
    unit_row: bool = False
    merge_headings: bool = True
    top: int = 1
    left: int = 1
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Merged cells of the body: first and last line, first and last column, counted from 0."""

    @property
    def lines(self) -> list[int]:
        """The lines in the order in which they stand."""
        return [row.line for row in self.rows if row.kind == "line"]

    def of(self, name: str) -> Column:
        """The column of an indicator."""
        return next(c for c in self.columns if c.indicator and c.indicator.name == name)


@dataclass
class Return:
    """A workbook of pages, each on its sheet; pages of one sheet name are stacked."""

    name: str
    pages: list[tuple[str, Page]]
    hidden: set[str] = field(default_factory=set)
    truth: dict[tuple[str, str, Place], Value | None] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)


def page_of(
    form: Form,
    scheme: Scheme,
    county: OrgUnit,
    period: Period,
    lines: list[dict[str, Value | None]],
) -> Page:
    """A page without any mess."""
    whole = [completed(form, line) for line in lines]
    columns = [
        Column(
            _heading(indicator, scheme),
            indicator,
            (indicator.group.zh,) if indicator.group else (),
            scheme.units[indicator.unit].label.zh if indicator.unit else None,
            [_cell(indicator, line[indicator.name], scheme) for line in whole],
        )
        for indicator in form.indicators
    ]
    if form.body == "single":
        columns.insert(0, Column("县(市、区)", cells=[Cell(None, county.name.zh)]))
    return Page(
        form=form,
        county=county,
        period=period,
        columns=columns,
        rows=[Row("line", number) for number in range(len(whole))],
        title=form.title.zh,
        stated_county=f"填报单位（盖章）：{county.name.zh}",
        stated_period=period.label("zh"),
        notes=[
            "单位负责人：    填表人：    联系电话：    报出日期：2003年7月5日",
            "说明：本表数据截至6月30日。",
        ],
        number_row=tuple(str(n) for n in range(1, len(columns) + 1)),
    )


def plain_number(value: Decimal) -> int | float:
    """A number as it is typed into a cell."""
    return int(value) if value == value.to_integral() else float(value)


def _heading(indicator: Indicator, scheme: Scheme) -> str:
    unit = scheme.units[indicator.unit].label.zh if indicator.unit else ""
    return f"{indicator.label.zh}({unit})" if unit else indicator.label.zh


def _cell(indicator: Indicator, value: Value | None, scheme: Scheme) -> Cell:
    match value:
        case Decimal():
            return Cell(value, plain_number(value))
        case date():
            return Cell(value, value, "yyyy-mm-dd")
        case str() if indicator.kind == "code":
            return Cell(value, scheme.codes(indicator)[value].label.zh)
    return Cell(value, value)
