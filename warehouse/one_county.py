"""What counties have accepted in columns whose values belong to one county each.

The one reader of personal data besides the lists of a county: the values are compared in memory
with those of returns that came, and go nowhere else.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from schemas.across import Column, Values
from schemas.models import Form, Scheme
from schemas.period import Period
from warehouse.form_tables import line_table, personal_table
from warehouse.tables import filings
from warehouse.terms import live_now


def accepted_values(connection: Connection, scheme: Scheme, wanted: Iterable[Column]) -> Values:
    """The values of every county in some columns, as far as its filing is accepted."""
    return {column: _of_counties(connection, scheme, column) for column in wanted}


def _of_counties(connection: Connection, scheme: Scheme, column: Column) -> Mapping[str, list[str]]:
    form: Form = scheme.at(Period.parse(column.period)).form(column.form)
    table = line_table(form)
    if form[column.indicator].personal:
        personal = personal_table(form)
        assert personal is not None, column.form
        table = personal
    value = table.c[column.indicator]
    rows = connection.execute(
        select(filings.c.county_code, value)
        .join(filings, filings.c.id == table.c.filing_id)
        .where(filings.c.form == form.name, filings.c.period == column.period, live_now())
        .where(value.is_not(None))
    )
    found: dict[str, list[str]] = {}
    for county, held in rows:
        found.setdefault(county, []).append(held)
    return found
