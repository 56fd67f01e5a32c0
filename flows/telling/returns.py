"""What became of each return of a night, as the table of a Prefect artifact."""

from collections.abc import Sequence
from datetime import datetime

from flows.house import House
from warehouse.engine import reading as looking
from warehouse.stewards.recorded import Recorded, recorded_at


def returns(house: House, moments: Sequence[datetime]) -> list[dict[str, str | int]]:
    """A line for each filing, and each file without one, that was recorded at some moments."""
    with looking(house.engine) as connection:
        recorded = recorded_at(connection, moments)
    return [_line(house, each) for each in recorded]


def _line(house: House, each: Recorded) -> dict[str, str | int]:
    scheme, language = house.scheme, house.language
    county = each.county and scheme.county(each.county).name.in_(language)
    form = each.form and scheme.form(each.form)
    without = "refused" if each.errors else "read"
    if each.answers is not None:
        without = f"{each.answers} explanations"
    return {
        "county": county or "unknown",
        "period": each.period or "unknown",
        "form": f"{form.code} {form.title.in_(language)}" if form else "none",
        "became": each.status or without,
        "errors": each.errors,
        "warnings": each.warnings,
        "notices": each.notices,
        "file": each.file,
    }
