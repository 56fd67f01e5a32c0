"""Filings put together again from the lines kept of them.

Written totals are not kept, and what is personal stays where it is: those columns are blank.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from schemas.consolidated.figures import Source
from schemas.filing import ROW, Filing, typed_frame
from schemas.models import Form, Scheme
from schemas.period import Period
from warehouse.form_tables import line_table
from warehouse.lines.rows import places_of
from warehouse.tables import filings
from warehouse.terms import live_now


def accepted_lines(
    connection: Connection, scheme: Scheme, wanted: Mapping[Source, frozenset[str]]
) -> tuple[Filing, ...]:
    """The filings that count of some sources, with some of their columns; the others are blank.

    What is not accepted is left out, and so is what is personal.
    """
    found = []
    for source, names in wanted.items():
        form = scheme.at(Period.parse(source.period)).form(source.form)
        if any(form[name].personal for name in names):
            continue
        of_county = filings.c.county_code == source.county
        found += [
            _filing(form, filed, [*_lines(connection, form, filed.id, names)])
            for filed in _live(connection, form, source.period, of_county)
        ]
    return tuple(found)


def kept_filing(
    connection: Connection, scheme: Scheme, filing_id: int, names: frozenset[str]
) -> Filing:
    """A filing whose lines are kept, with some of its columns, none of them personal."""
    filed = connection.execute(select(filings).where(filings.c.id == filing_id)).one()
    form = scheme.at(Period.parse(filed.period)).form(filed.form)
    return _filing(form, filed, [*_lines(connection, form, filing_id, names)])


def accepted_filings(
    connection: Connection, scheme: Scheme, form_name: str, period_id: str
) -> tuple[Filing, ...]:
    """The filings that count of a form for a period, by county, but for what is personal."""
    form = scheme.at(Period.parse(period_id)).form(form_name)
    plain = frozenset(indicator.name for indicator in form.indicators if not indicator.personal)
    return tuple(
        _filing(form, filed, [*_lines(connection, form, filed.id, plain)])
        for filed in _live(connection, form, period_id)
    )


def periods_of(connection: Connection, form_name: str) -> Sequence[str]:
    """The periods of which a form has accepted filings, the earliest first."""
    known = connection.scalars(
        select(filings.c.period).where(filings.c.form == form_name, live_now()).distinct()
    )
    return [period.id for period in sorted(map(Period.parse, known))]


def _live(
    connection: Connection, form: Form, period_id: str, *which: ColumnElement[bool]
) -> Sequence[Row[Any]]:
    of_form = (filings.c.form == form.name, filings.c.period == period_id, live_now(), *which)
    return connection.execute(select(filings).where(*of_form).order_by(filings.c.county_code)).all()


def _lines(
    connection: Connection, form: Form, filing_id: int, names: frozenset[str]
) -> Iterator[dict[str, object]]:
    table = line_table(form)
    columns = [table.c[name] for name in sorted(names)]
    asked = select(table.c.row.label(ROW), table.c.nil, *columns)
    of_filing = asked.where(table.c.filing_id == filing_id).order_by(table.c.line)
    yield from map(dict, connection.execute(of_filing).mappings())


def _filing(form: Form, filed: Row[Any], lines: list[dict[str, object]]) -> Filing:
    places = places_of(filed)
    return Filing(
        form=form.name,
        county=filed.county_code,
        period=filed.period,
        sheet=places.sheet,
        frame=typed_frame(form, lines),
        columns=places.columns,
        declared_nil=filed.declared_nil,
        pieces=tuple(places.pieces),
    )
