"""What counties have accepted in columns whose values belong to one county each."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from schemas.consolidated.across import Column, Held
from schemas.models import Form, Scheme
from schemas.period import Period
from warehouse.form_tables import line_table, pseudonym_of, pseudonym_table
from warehouse.lines.pseudonyms import pseudonyms_by_key
from warehouse.tables import filings
from warehouse.terms import live_now


def accepted_values(connection: Connection, scheme: Scheme, wanted: Iterable[Column]) -> Held:
    """What every county has in some columns, as far as its filing is accepted.

    Of persons there are pseudonyms. Raises WarehouseError where the warehouse was opened without
    the key that makes them.
    """
    values = {column: _of_counties(connection, scheme, column) for column in wanted}
    return Held(values, pseudonyms_by_key(connection)) if values else Held()


def _of_counties(connection: Connection, scheme: Scheme, column: Column) -> Mapping[str, list[str]]:
    form: Form = scheme.at(Period.parse(column.period)).form(column.form)
    indicator, table = form[column.indicator], line_table(form)
    value = table.c.get(indicator.name)
    if value is None:
        pseudonyms = pseudonym_table(form)
        assert pseudonyms is not None, column.form
        table, value = pseudonyms, pseudonyms.c[pseudonym_of(indicator)]
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
