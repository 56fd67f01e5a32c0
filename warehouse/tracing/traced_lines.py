"""The lines that a traced figure is made of: as they are kept, of the filings that counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, literal, select

from schemas.consolidated.measures import Measure
from schemas.filing import Places
from schemas.models import Form, Scheme
from warehouse.consolidation.totals import matching
from warehouse.form_tables import line_table, pseudonym_of, pseudonym_table
from warehouse.lines.rows import places_of
from warehouse.tables import filings, submissions, typed
from warehouse.terms import live_at
from warehouse.types import UtcDateTime


@dataclass(frozen=True)
class TracedFigure:
    """Which figure is traced: of a county, or of the municipality where none is named.

    The form is told by its name or code, county and period by their ids.
    """

    form: str
    measure: str
    period: str
    county: str | None = None


@dataclass(frozen=True)
class FiledLines:
    """A live filing, those of its lines that belong to the measure, and what was typed in it."""

    filing: Row[Any]
    lines: tuple[Mapping[str, Any], ...]
    typed: Mapping[tuple[str, int], str]

    @cached_property
    def places(self) -> Places:
        """Where its values stand."""
        return places_of(self.filing)


def filed_lines(
    connection: Connection,
    scheme: Scheme,
    figure: TracedFigure,
    measure: Measure,
    as_of: datetime,
) -> list[FiledLines]:
    """The live filings that make a figure, with the lines of a measure: of one county, or of all.

    The scheme is that of the period of the figure.
    """
    form = scheme.form(figure.form)
    named = None if figure.county is None else scheme.county(figure.county)
    filer = None if named is None else scheme.filer(form, named).code
    live = connection.execute(
        select(filings, submissions.c.name.label("file_name"))
        .join(submissions, submissions.c.sha256 == filings.c.sha256)
        .where(
            filings.c.form == form.name,
            filings.c.period == figure.period,
            live_at(literal(as_of, UtcDateTime())),
        )
        .order_by(filings.c.county_code)
    )
    return [
        FiledLines(
            filing,
            _of_filing(connection, form, measure, filing.id, figure.county),
            _typed(connection, filing.id),
        )
        for filing in live.all()
        if filer in (None, filing.county_code)
    ]


def _of_filing(
    connection: Connection, form: Form, measure: Measure, filing_id: int, county_code: str | None
) -> tuple[Mapping[str, Any], ...]:
    table = line_table(form)
    asked = select(table)
    beside = pseudonym_table(form)
    counted = [each for each in form.pseudonymous if each.name == measure.indicator]
    # Only who may count persons may read pseudonyms; a steward may trace all the rest.
    if measure.aggregation == "distinct" and counted and beside is not None:
        # What is personal is told apart here, under its own name, and never read.
        named = (beside.c[pseudonym_of(each)].label(each.name) for each in counted)
        of_line = (beside.c.filing_id == table.c.filing_id) & (beside.c.line == table.c.line)
        asked = asked.add_columns(*named).outerjoin(beside, of_line)
    rows = connection.execute(
        asked.where(table.c.filing_id == filing_id, matching(form, table, measure.where)).order_by(
            table.c.line
        )
    )
    column = form.county_column
    lines = (dict(row._mapping) for row in rows)
    return tuple(line for line in lines if not column or county_code in (None, line[column]))


def _typed(connection: Connection, filing_id: int) -> Mapping[tuple[str, int], str]:
    """What was typed, by indicator and row."""
    columns = (typed.c.indicator, typed.c.row, typed.c.text)
    rows = connection.execute(select(*columns).where(typed.c.filing_id == filing_id))
    return {(indicator, row): text for indicator, row, text in rows}
