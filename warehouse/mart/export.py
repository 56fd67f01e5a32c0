"""The contract to take along: all of it as one SQLite file, and its long table as SDMX-CSV.

Rows come in the order of all that they say, so that the same contract gives the same file.
"""

import csv
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from schemas.models import Scheme
from schemas.period import Period, PeriodKind
from warehouse.mart.contract import contract
from warehouse.mart.listings import VERSION
from warehouse.mart.then import query_then
from warehouse.mart.view import View, qualified

_KINDS = {"integer": "INTEGER", "decimal": "REAL", "boolean": "INTEGER"}

_SDMX = (
    "STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REF_AREA", "FORM", "MEASURE", "TIME_PERIOD",
    "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE", "DECIMALS",
)  # fmt: skip
_FREQUENCY: dict[PeriodKind, str] = {"year": "A", "half_year": "S", "quarter": "Q", "month": "M"}
# SDMX code list CL_OBS_STATUS; an estimate is not the value, so what has one is missing here too.
_STATUS = {"normal": "A", "provisional": "P", "estimated": "O", "missing": "O"}


def write_contract_file(
    connection: Connection, scheme: Scheme, target: Path, as_of: datetime | None = None
) -> None:
    """Write every view of the contract as a table of a SQLite file, under its own name; an
    earlier file stays until the new one is whole.

    As it is, or as it was at a moment, which `scheme` is that of.
    """
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(partial)) as file, file:
        for view in contract(scheme):
            columns = ", ".join(f'"{c.name}" {_KINDS.get(c.type, "TEXT")}' for c in view.columns)
            file.execute(f'CREATE TABLE "{view.name}" ({columns})')
            marks = ", ".join("?" for _ in view.columns)
            file.executemany(
                f'INSERT INTO "{view.name}" VALUES ({marks})',  # noqa: S608
                _rows(connection, view, as_of),
            )
    partial.replace(target)


def sdmx_csv(connection: Connection, scheme: Scheme, as_of: datetime | None = None) -> str:
    """All observations as SDMX-CSV 2.0, now or as of a moment.

    What is missing has no value and the status O.
    """
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_SDMX)
    view = next(view for view in contract(scheme) if view.name == "observations")
    names = [column.name for column in view.columns]
    flow = f"{scheme.id.upper()}:OBSERVATIONS({VERSION}.0)"
    for row in _rows(connection, view, as_of):
        told = dict(zip(names, row, strict=True))
        period = Period.parse(str(told["period"]))
        writer.writerow(
            (
                "dataflow", flow, "I", _FREQUENCY[period.kind], told["county_code"], told["form"],
                told["measure"], _time(period), told["value"], _STATUS[str(told["status"])],
                told["unit"], told["decimals"],
            )
        )  # fmt: skip
    return text.getvalue()


def _rows(connection: Connection, view: View, as_of: datetime | None) -> Iterator[Sequence[Any]]:
    keys = ", ".join(str(n) for n in range(1, len(view.columns) + 1))
    dialect = connection.dialect
    if as_of is None:
        query = f"SELECT * FROM {qualified(view.name, dialect)}"  # noqa: S608
    else:
        query = query_then(view, as_of, dialect)
    rows = connection.exec_driver_sql(f"{query} ORDER BY {keys}")
    types = [column.type for column in view.columns]
    for row in rows:
        yield [_plain(value, kind) for value, kind in zip(row, types, strict=True)]


def _plain(value: Any, kind: str) -> Any:
    """A value as SQLite keeps it, whichever database it comes from."""
    if value is None:
        return None
    match kind:
        case "decimal":
            return float(value)
        case "boolean":
            return int(value)
        case "date":
            return str(value)
        case "timestamp":
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
            known = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
            return known.astimezone(UTC).isoformat()
    return value


def _time(period: Period) -> str:
    """A period as SDMX writes it: 2015, 2015-S1, 2015-Q3, 2015-07."""
    if period.kind == "half_year":
        return f"{period.year}-S{period.ordinal}"
    return f"{period.year}-Q{period.ordinal}" if period.kind == "quarter" else period.id
