"""Filings as they were read, put together again from what the warehouse keeps of their lines."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from schemas.filing import Filing, typed_frame
from schemas.models import Scheme
from schemas.period import Period
from warehouse.form_tables import line_table, personal_table
from warehouse.tables import filings
from warehouse.terms import live_now


def accepted_filings(
    connection: Connection, scheme: Scheme, form_name: str, period_id: str
) -> tuple[Filing, ...]:
    """The accepted filings of a form for a period, by county; written totals are not kept."""
    form = scheme.at(Period.parse(period_id)).form(form_name)
    rows = connection.execute(
        select(filings)
        .where(filings.c.form == form.name, filings.c.period == period_id, live_now())
        .order_by(filings.c.county_code)
    ).all()
    table, personal = line_table(form), personal_table(form)
    found = []
    for row in rows:
        of_filing = select(table).where(table.c.filing_id == row.id).order_by(table.c.line)
        lines = [dict(line._mapping) for line in connection.execute(of_filing)]
        if personal is not None:
            beside = select(personal).where(personal.c.filing_id == row.id)
            kept = {each.line: each._mapping for each in connection.execute(beside)}
            lines = [line | dict(kept[line["line"]]) for line in lines]
        found.append(
            Filing(
                form=form.name,
                county=row.county_code,
                period=row.period,
                sheet=row.sheet,
                frame=typed_frame(form, lines),
                columns=row.columns,
                declared_nil=row.declared_nil,
            )
        )
    return tuple(found)


def periods_of(connection: Connection, form_name: str) -> Sequence[str]:
    """The periods of which a form has accepted filings, the earliest first."""
    known = connection.scalars(
        select(filings.c.period).where(filings.c.form == form_name, live_now()).distinct()
    )
    return [period.id for period in sorted(map(Period.parse, known))]
