"""How a published figure became what it is: its revision triangle, shown and as CSV."""

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from flows.counties import find_county
from flows.desk.show import table_of
from flows.house import House, look_into
from flows.moments import moment_of
from schemas.consolidated.measures import measures
from schemas.errors import WarehouseError
from warehouse.engine import reading as looking
from warehouse.triangle import Vintage, triangle

_COLUMNS = ("period", "publication", "as_of", "value", "change")


def show_history(
    folder: Path,
    figure: str,
    period: str | None,
    county: str | None,
    as_of: str | None,
    to: Path | None,
) -> None:
    """Show the triangle of a figure `FORM.MEASURE`, or write it as CSV: a line for each value.

    Raises SchemeError or WarehouseError for what is not there.
    """
    name, _, measure = figure.partition(".")
    with look_into(str(folder), as_of) as house, looking(house.engine) as connection:
        scheme, then = house.scheme, moment_of(house.site, as_of)
        form = scheme.form(name)
        if all(known.name != measure for known in measures(form, scheme)):
            listed = ", ".join(known.name for known in measures(form, scheme))
            raise WarehouseError(f"{form.name} has no figure {measure!r}; it has: {listed}")
        unit = find_county(scheme, county) if county else scheme.municipality
        periods = [scheme.period(period).id] if period else [entry.id for entry in scheme.periods]
        vintages = tuple(triangle(connection, periods, form, measure, unit, then))
    if to is None:
        _print(house, vintages, f"{form.code} {figure}  {unit.name.in_(house.language)}")
        return
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for one in vintages:
            shown = (_number(one.value), _number(one.change))
            writer.writerow((one.period, one.serial, one.as_of.isoformat(), *shown))


def _print(house: House, vintages: Sequence[Vintage], title: str) -> None:
    """A row for each period and a column for each publication of it, with its day."""
    zone = ZoneInfo(house.site.settings.schedule_timezone)
    table = table_of(title, "period")
    for number in range(1, max((one.serial for one in vintages), default=0) + 1):
        table.add_column(str(number), justify="right")
    for period in dict.fromkeys(one.period for one in vintages):
        told = {
            one.serial: f"{_number(one.value) or '—'}\n{one.as_of.astimezone(zone):%Y-%m-%d}"
            for one in vintages
            if one.period == period
        }
        table.add_row(period, *(told.get(n, "") for n in range(1, max(told) + 1)))
    Console().print(table if table.row_count else "nothing was published")


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"
