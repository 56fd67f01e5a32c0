"""Lines that the warehouse holds, for the rules between forms that are asked line by line."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from schemas.figures import Source
from schemas.filing import ROW, Filing, typed_frame
from schemas.models import Scheme
from schemas.period import Period
from warehouse.form_tables import line_table
from warehouse.tables import filings
from warehouse.terms import live_now


def accepted_filings(
    connection: Connection, scheme: Scheme, wanted: Mapping[Source, frozenset[str]]
) -> tuple[Filing, ...]:
    """The filings that count of some sources, with some of their columns; the others are blank.

    What is not accepted is left out, and so is what is personal.
    """
    found = (_filing(connection, scheme, source, names) for source, names in wanted.items())
    return tuple(filing for filing in found if filing is not None)


def _filing(
    connection: Connection, scheme: Scheme, source: Source, names: frozenset[str]
) -> Filing | None:
    form = scheme.at(Period.parse(source.period)).form(source.form)
    if any(form[name].personal for name in names):
        return None
    live = connection.execute(
        select(filings).where(
            filings.c.form == source.form,
            filings.c.county_code == source.county,
            filings.c.period == source.period,
            live_now(),
        )
    ).one_or_none()
    if live is None:
        return None
    table = line_table(form)
    columns = [table.c[name] for name in sorted(names)]
    lines = connection.execute(
        select(table.c.row.label(ROW), *columns)
        .where(table.c.filing_id == live.id)
        .order_by(table.c.line)
    )
    return Filing(
        form=form.name,
        county=source.county,
        period=source.period,
        sheet=live.sheet,
        frame=typed_frame(form, [dict(line) for line in lines.mappings()]),
        columns=live.columns,
        declared_nil=live.declared_nil,
    )
