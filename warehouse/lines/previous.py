"""What a county's accepted return said the period before, for the workbook of the next one."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import Connection, select

from schemas.language.expression import Value
from schemas.models import Form, OrgUnit, Scheme
from schemas.period import Period
from schemas.template.previous import Previous
from warehouse.form_tables import line_table
from warehouse.tables import filings
from warehouse.terms import live_now


def previous_returns(
    connection: Connection, scheme: Scheme, county: OrgUnit, period: Period
) -> Mapping[str, Previous]:
    """By form, the accepted lines of the latest earlier period of the same kind.

    A form that the county never reported for such a period is left out. Personal data is not read.
    """
    found = {
        form.name: _previous(connection, form, county, period)
        for form in scheme.forms_owed(county, period)
    }
    return {name: previous for name, previous in found.items() if previous is not None}


def _previous(
    connection: Connection, form: Form, county: OrgUnit, period: Period
) -> Previous | None:
    accepted = connection.execute(
        select(filings.c.id, filings.c.period).where(
            filings.c.form == form.name, filings.c.county_code == county.code, live_now()
        )
    )
    by_period = {Period.parse(row.period): row.id for row in accepted}
    earlier = [p for p in by_period if p.kind == period.kind and p < period]
    if not earlier:
        return None
    last = max(earlier)
    table = line_table(form)
    lines = connection.execute(
        select(table).where(table.c.filing_id == by_period[last]).order_by(table.c.line)
    )
    kept = [i.name for i in form.indicators if not i.personal]
    return Previous(last, [{name: _value(row[name]) for name in kept} for row in lines.mappings()])


def _value(kept: Value | int | None) -> Value | None:
    return Decimal(kept) if isinstance(kept, int) else kept
