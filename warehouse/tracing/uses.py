"""From a cell of a file up to the published figures that it is in: a trace the other way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, literal, or_, select

from schemas.consolidated.measures import Measure, measures
from schemas.errors import WarehouseError
from schemas.findings import CellRef
from schemas.models import Form, Indicator, OrgUnit, Scheme
from schemas.period import Period
from warehouse.form_tables import line_table
from warehouse.mart.tables import figures
from warehouse.publications import last_published
from warehouse.tables import filings, submissions
from warehouse.terms import live_at, live_now
from warehouse.types import UtcDateTime


@dataclass(frozen=True)
class Use:
    """A published figure that a cell is in; `value` is what was published last."""

    measure: Measure
    unit: OrgUnit
    value: Decimal | None


@dataclass(frozen=True)
class CellUses:
    """A cell of a filing that counts, what was read there, and every figure that it is in.

    The value of a personal column is not told.
    """

    form: Form
    indicator: Indicator
    unit: OrgUnit
    period: str
    version: int
    value: object
    uses: tuple[Use, ...]


def uses(
    connection: Connection, scheme: Scheme, file: str, cell: CellRef, as_of: datetime | None = None
) -> CellUses:
    """The figures that a cell is in, of a file by its name or the beginning of its sha256.

    Now, or as they were published last up to a moment. Raises WarehouseError when no filing that
    counts was read from such a file and sheet, or when no line or column of the form stands there.
    """
    filing = _filing(connection, file, cell, as_of)
    scheme = scheme.at(Period.parse(filing.period))
    form = scheme.form(filing.form)
    names = [name for name, letter in filing.columns.items() if letter == cell.column]
    if not names:
        raise WarehouseError(f"no column of {form.name} stands in {cell}")
    indicator = form[names[0]]
    line = _line(connection, form, filing.id, cell)
    unit = scheme.county(
        str(line[form.county_column]) if form.county_column else filing.county_code
    )
    found = tuple(
        use
        for measure in measures(form, scheme)
        if _is_in(form, measure, indicator, line)
        for use in _published(connection, scheme, filing, unit, measure, as_of)
    )
    value = None if indicator.personal else line[indicator.name]
    return CellUses(form, indicator, unit, filing.period, filing.version, value, found)


def _filing(connection: Connection, file: str, cell: CellRef, as_of: datetime | None) -> Row[Any]:
    counts = live_now() if as_of is None else live_at(literal(as_of, UtcDateTime()))
    found = connection.execute(
        select(filings)
        .join(submissions, submissions.c.sha256 == filings.c.sha256)
        .where(
            or_(submissions.c.name == file, filings.c.sha256.startswith(file, autoescape=True)),
            filings.c.sheet == cell.sheet,
            counts,
        )
        .order_by(filings.c.id.desc())
    ).first()
    if found is None:
        raise WarehouseError(f"no filing that counts was read from {file}, sheet {cell.sheet}")
    return found


def _line(connection: Connection, form: Form, filing_id: int, cell: CellRef) -> Mapping[str, Any]:
    table = line_table(form)
    found = connection.execute(
        select(table).where(table.c.filing_id == filing_id, table.c.row == cell.row)
    ).first()
    if found is None:
        raise WarehouseError(f"no line of {form.name} stands in row {cell.row} of {cell.sheet}")
    return dict(found._mapping)


def _is_in(form: Form, measure: Measure, indicator: Indicator, line: Mapping[str, Any]) -> bool:
    """Whether a cell of a line makes a difference to a figure.

    Lines are chosen by the cells of `where`, and counted by their keys.
    """
    chosen_by = [name for name, _ in (*measure.where, *(measure.share or ()))]
    if measure.share is not None or measure.indicator is None:
        made_of = [*chosen_by, *(key.name for key in form.key_indicators)]
    elif measure.ratio is not None:
        made_of = [*chosen_by, *measure.ratio.operands]
    else:
        made_of = [*chosen_by, measure.indicator]
    return indicator.name in made_of and all(line[name] == value for name, value in measure.where)


def _published(
    connection: Connection,
    scheme: Scheme,
    filing: Row[Any],
    unit: OrgUnit,
    measure: Measure,
    as_of: datetime | None,
) -> Iterator[Use]:
    last = last_published(connection, filing.period, as_of)
    serial = 0 if last is None else last.serial
    until = figures.c.until_serial
    units = dict.fromkeys((unit, scheme.municipality))
    rows = connection.execute(
        select(figures.c.county_code, figures.c.value).where(
            figures.c.form == filing.form,
            figures.c.period == filing.period,
            figures.c.measure == measure.name,
            figures.c.county_code.in_([one.code for one in units]),
            figures.c.serial <= serial,
            or_(until.is_(None), until > serial),
        )
    )
    known = {row.county_code: row.value for row in rows}
    for one in units:
        if one.code in known:
            yield Use(measure, one, known[one.code])
