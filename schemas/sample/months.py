"""The months and quarters of a year, made from the return of the whole year.

A year is filled at an even pace: what accumulates has after m months m twelfths of its value at the
year's end, rounded down so that a part never exceeds its whole, and what flows is by how much that
grew in the month. What stands does not change. A line is there from the month of the last of its
dates on. December leaves the same state as the year. A quarter is its three months together.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path

from schemas.models import Form, Identifier, Indicator, Scheme
from schemas.period import Period
from schemas.sample.filled import Line
from schemas.sample.spec import FOLDER
from schemas.scheme import load_model
from schemas.text import Closed

_MONTHS = 12


class Months(Closed):
    """What sample/months.yaml says: of which years there are months, and what grows besides.

    `grow` names columns by form that grow like cumulative ones though they are stocks.
    """

    years: tuple[int, ...]
    grow: dict[Identifier, tuple[Identifier, ...]]


def load_months(folder: Path) -> Months:
    """The declaration in the `sample` folder of a scheme, if it has one. Raises SchemeError."""
    if not (folder / FOLDER / "months.yaml").is_file():
        return Months(years=(), grow={})
    return load_model(Months, folder, f"{FOLDER}/months.yaml")


def sampled_months(folder: Path) -> tuple[Period, ...]:
    """The months of which samples can be made, in order of time."""
    return tuple(Period.all_of("month", sorted(load_months(folder).years)))


def sampled_quarters(folder: Path) -> tuple[Period, ...]:
    """The quarters of which samples can be made, in order of time."""
    return tuple(Period.all_of("quarter", sorted(load_months(folder).years)))


def month_lines(
    scheme: Scheme, folder: Path, period: Period, year: Mapping[str, Mapping[str, list[Line]]]
) -> dict[str, dict[str, list[Line]]]:
    """The returns of a month or quarter from those of its year: only the forms owed for it."""
    months = load_months(folder)
    owed = {code: scheme.forms_owed(scheme.county(code), period) for code in year}
    return {
        code: {f.name: _of_month(f, year[code][f.name], period, months) for f in forms}
        for code, forms in owed.items()
        if forms
    }


def _of_month(form: Form, lines: Sequence[Line], period: Period, months: Months) -> list[Line]:
    """The lines that a county with these lines for the year has for one of its months."""
    grow = months.grow.get(form.name, ())
    natures = {i.name: "cumulative" if i.name in grow else i.nature for i in form.indicators}
    return [
        {name: _at(form[name], natures, value, period) for name, value in line.items()}
        for line in lines
        if form.body != "list" or not _dated_after(line, period.end)
    ]


def _dated_after(line: Line, day: date) -> bool:
    return any(isinstance(value, date) and value > day for value in line.values())


def _at(
    indicator: Indicator, natures: Mapping[str, str | None], value: object, period: Period
) -> "Decimal | date | str | None":
    assert value is None or isinstance(value, Decimal | date | str)
    nature = natures[indicator.name]
    if not isinstance(value, Decimal) or nature in (None, "stock"):
        return value
    months = period.end.month, period.start.month - 1
    by_now, before = (_share(indicator, value, month) for month in months)
    return by_now if nature == "cumulative" else by_now - before


def _share(indicator: Indicator, value: Decimal, month: int) -> Decimal:
    step = Decimal(1).scaleb(-indicator.decimals)
    return (value * month / _MONTHS).quantize(step, ROUND_FLOOR)
