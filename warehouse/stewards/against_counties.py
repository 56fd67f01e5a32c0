"""The comparisons of the city's report with the counties, and which of them make a difference.

The report states municipal figures only. So a difference is one of counties where the figure was
published so before: then it is made of what came, was corrected or was taken out since.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, or_, select

from schemas.models import OrgUnit
from warehouse.consolidation.comparisons import Against, ComparedFigure, DifferenceCause
from warehouse.consolidation.contents import PublicationContents
from warehouse.consolidation.standings import Standing, Standings
from warehouse.mart.tables import figures
from warehouse.stewards.city_report import Stated, stated_figures


def against_counties(
    connection: Connection, shown: PublicationContents
) -> Iterator[ComparedFigure]:
    """Each figure of the report beside the sum of the counties.

    Above it the counties that make a difference, or that are missing where there is one.
    """
    entry, standings = shown.period, Standings(shown)
    tables = {table.form.name: table for table in shown.tables}
    for stated in stated_figures(connection, shown.scheme, entry, tables.get, shown.as_of):
        counties, cause = [], stated.cause
        if cause is DifferenceCause.DIFFERS:
            counties = [*_since_published(connection, shown, stated)]
            cause = DifferenceCause.COUNTIES if counties else DifferenceCause.DIFFERS
            counties = counties or [*_missing(stated, standings)]
        yield from counties
        unit = shown.scheme.municipality
        yield _compared(stated, unit, stated.value, stated.expected, cause)


def _since_published(
    connection: Connection, shown: PublicationContents, stated: Stated
) -> Iterator[ComparedFigure]:
    """What the counties' figures were when it was published as the report states it, and are now.

    Nothing where it never was so, or is no sum.
    """
    serial = _published_so(connection, shown, stated)
    if serial is None or stated.measure.aggregation not in ("sum", "count"):
        return
    then = _published(connection, shown, stated, serial)
    for row in stated.table.counties:
        before, now = then.get(row.unit.code), row.values.get(stated.measure.name)
        if before == now:
            continue
        cause = (
            DifferenceCause.LATE
            if before is None
            else DifferenceCause.REFUSED
            if now is None
            else DifferenceCause.REVISED
        )
        yield _compared(stated, row.unit, before, now, cause)


def _published_so(connection: Connection, shown: PublicationContents, stated: Stated) -> int | None:
    """The last publication whose municipal figure is what the report states."""
    rows = connection.execute(
        select(figures.c.serial, figures.c.value)
        .where(
            *_of_measure(shown, stated),
            figures.c.county_code == shown.scheme.municipality.code,
            figures.c.serial < shown.serial,
            figures.c.value.is_not(None),
        )
        .order_by(figures.c.serial.desc())
    )
    assert stated.value is not None
    near = (row.serial for row in rows if abs(row.value - stated.value) <= stated.reach)
    return next(near, None)


def _published(
    connection: Connection, shown: PublicationContents, stated: Stated, serial: int
) -> Mapping[str, Decimal | None]:
    """The figures of counties as a publication had them."""
    until = figures.c.until_serial
    rows = connection.execute(
        select(figures.c.county_code, figures.c.value).where(
            *_of_measure(shown, stated),
            figures.c.serial <= serial,
            or_(until.is_(None), until > serial),
        )
    )
    return {row.county_code: row.value for row in rows}


def _of_measure(shown: PublicationContents, stated: Stated) -> tuple[ColumnElement[bool], ...]:
    return (
        figures.c.form == stated.table.form.name,
        figures.c.measure == stated.measure.name,
        figures.c.period == shown.period.id,
    )


def _missing(stated: Stated, standings: Standings) -> Iterator[ComparedFigure]:
    """The counties that owe the figure and are not in the sum: by how much nobody knows."""
    for row in stated.table.owing:
        if not row.reported:
            refused = standings.of(stated.table, row) is Standing.REFUSED
            cause = DifferenceCause.REFUSED if refused else DifferenceCause.LATE
            yield _compared(stated, row.unit, None, None, cause)


def _compared(
    stated: Stated,
    unit: OrgUnit,
    said: Decimal | None,
    made: Decimal | None,
    cause: DifferenceCause,
) -> ComparedFigure:
    form, measure = stated.table.form, stated.measure
    return ComparedFigure(
        rule=f"report-{form.name}-{measure.name}",
        form=stated.report,
        label=stated.label,
        against=Against.COUNTIES,
        against_form=form,
        unit=unit,
        stated=said,
        expected=made,
        cause=cause,
    )
