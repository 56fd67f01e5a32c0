"""The revision triangle of a series: each period as it was known at each publication of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from schemas.models import Form, OrgUnit
from warehouse.consolidation.consolidate import consolidated_table
from warehouse.publications import publications_of
from warehouse.schemes import scheme_of


@dataclass(frozen=True)
class Vintage:
    """A value as it was known at one publication, and by how much it had changed since the last.

    Both are None where there was no value, `change` also where there was none before.
    """

    period: str
    serial: int
    as_of: datetime
    value: Decimal | None
    change: Decimal | None


def triangle(
    connection: Connection,
    periods: list[str],
    form: Form,
    measure: str,
    unit: OrgUnit,
    as_of: datetime | None = None,
) -> Iterator[Vintage]:
    """A figure of a county, or of the municipality, at every publication of some periods.

    At all of them so far, or up to a moment.

    Each is worked out by the scheme of its publication. Publications that did not have the figure
    are left out: the form was not asked for, or did not have the column yet. Raises WarehouseError
    when the scheme of one was not kept.
    """
    for period in periods:
        before: Decimal | None = None
        for made in publications_of(connection, period, as_of):
            scheme = scheme_of(connection, made.scheme_fingerprint)
            if all(form.name != known.name for known in scheme.forms):
                continue
            table = consolidated_table(connection, scheme, form, period, made.as_of)
            rows = {row.unit.code: row.values for row in (*table.counties, table.municipality)}
            values = rows.get(unit.code, {})
            if not table.owing or measure not in values:
                continue
            value = values[measure]
            change = None if value is None or before is None else value - before
            yield Vintage(period, made.serial, made.as_of, value, change)
            before = value
