"""Loading a large filing as the warehouse does, beside the bare fast road of each database.

Bare is the same frame in as few steps as there are: the driver's executemany on SQLite, a COPY of
Arrow's CSV on PostgreSQL. Both end with a commit.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import csv
from sqlalchemy import Column, Engine, MetaData, Table

from schemas.filing import NIL, ROW, Checked, Filing, Reading, Received, plain_values, typed_frame
from schemas.layout import column_letter
from schemas.models import Indicator, Scheme
from schemas.scheme import CATALOG, load_scheme
from tests.bench.databases import both_databases
from tests.bench.measure import Figure, fastest
from warehouse.form_tables import line_table
from warehouse.lines.rows import insert_lines
from warehouse.loading.load import keep, record
from warehouse.upkeep.upgrade import upgrade

_ROWS = 423_000
_MOST = 1.5
_REPETITIONS = 3
_PERIOD = "2015"
_AT = datetime(2016, 1, 4, 18, 30, tzinfo=UTC)


def loading() -> Iterator[Figure]:
    """Seconds for 423,000 lines of 25 columns by both roads, and their ratio, on each database."""
    scheme = registers(load_scheme(CATALOG / "linfen"))
    filing = register(scheme, _ROWS)
    columns = len(scheme.forms[0].indicators)
    with both_databases() as kinds:
        for kind, new in kinds.items():
            engine = new()
            upgrade(engine, scheme)
            made = engine, scheme, filing, iter([*without_lines(engine, scheme, filing)])
            ours, bare, unchecked = fastest(
                _REPETITIONS,
                loading_lines(*made),
                bare_loading(*made),
                bare_loading(*made, constraints=False),
            )
            what = f"loading {_ROWS:,} × {columns} into {kind}"
            yield Figure(f"{what}, huizong", ours, "s")
            yield Figure(f"{what}, bare", bare, "s")
            yield Figure("huizong / bare", ours / bare, "×", _MOST)
            yield Figure(f"{what}, bare, into a table without constraints", unchecked, "s")


def registers(scheme: Scheme) -> Scheme:
    """A scheme of one form: the open columns of both registers side by side, 25 of them."""
    members = scheme.form("hh_member")
    taken = [_open(i) for i in scheme.form("hh_register").indicators if not i.personal]
    taken += [
        i.model_copy(update={"name": f"member_{i.name}"})
        for i in members.indicators
        if not i.personal
    ]
    form = members.model_copy(update={"indicators": tuple(taken), "consolidated": ()})
    return scheme.model_copy(update={"forms": (form,), "rule_files": {}})


def _open(indicator: Indicator) -> Indicator:
    return indicator.model_copy(update={"key": False})


def register(scheme: Scheme, lines: int) -> Filing:
    """A filing of so many lines with something in every column."""
    (form,) = scheme.forms
    random = Random(0)
    rows = [
        {ROW: 8 + n, NIL: None, **{i.name: _value(i, n, random) for i in form.indicators}}
        for n in range(lines)
    ]
    return Filing(
        form=form.name,
        county=scheme.counties[0].code,
        period=_PERIOD,
        sheet=form.sheet_name,
        frame=typed_frame(form, rows),
        columns={i.name: column_letter(n) for n, i in enumerate(form.indicators)},
    )


def _value(indicator: Indicator, line: int, random: Random) -> object:
    if indicator.key:
        return f"{line:012d}"
    match indicator.kind:
        case "integer":
            return random.randrange(12)
        case "decimal":
            return Decimal(random.randrange(10**6)).scaleb(-indicator.decimals)
        case "date":
            return date(2015, 1, 1) + timedelta(days=random.randrange(365))
        case "code":
            return f"{random.randrange(9)}"
        case "text":
            return f"第{random.randrange(10**6)}号"


def without_lines(engine: Engine, scheme: Scheme, filing: Filing) -> Iterator[int]:
    """Accepted filings, one per county, that have no lines yet."""
    for number, county in enumerate(scheme.counties, start=1):
        nil = replace(filing, county=county.code, frame=filing.frame.head(0), declared_nil=True)
        received = Received(f"{county.code}.xlsx", county.code.encode(), "folder")
        reading = Reading(county.code, _PERIOD, (nil,))
        with engine.begin() as connection:
            keep(connection, received, _AT)
            record(connection, scheme, received.sha256, reading, [Checked((), ())], _AT)
        yield number


def loading_lines(
    engine: Engine, scheme: Scheme, filing: Filing, numbers: Iterator[int]
) -> Callable[[], object]:
    """Loads the lines of the filing once more, as those of the next accepted one."""

    def load() -> None:
        number = next(numbers)
        with engine.begin() as connection:
            insert_lines(connection, scheme.forms[0], filing, number)

    return load


def bare_loading(
    engine: Engine,
    scheme: Scheme,
    filing: Filing,
    numbers: Iterator[int],
    *,
    constraints: bool = True,
) -> Callable[[], object]:
    """Loads the same rows by the shortest way, into the same table or into one that is only that.

    The latter has no key, index or check that a bad row would break.
    """
    table = line_table(scheme.forms[0])
    if not constraints:
        table = Table("plain", MetaData(), *(Column(c.name, c.type) for c in table.columns))
        with engine.begin() as connection:
            table.create(connection)
    names = [column.name for column in table.columns]
    way = _executemany if engine.dialect.name == "sqlite" else _copy

    def load() -> None:
        frame = filing.frame.assign(filing_id=next(numbers), line=range(1, len(filing.frame) + 1))
        with closing(engine.raw_connection()) as connection:
            way(connection.driver_connection, table.name, frame[names])
            connection.commit()

    return load


def _executemany(connection: Any, table: str, frame: pd.DataFrame) -> None:
    columns = [_as_sqlite_takes_it(frame[name]) for name in frame]
    marks = ", ".join("?" for _ in columns)
    connection.execute("BEGIN")
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", zip(*columns, strict=True))


def _as_sqlite_takes_it(column: "pd.Series[Any]") -> list[object]:
    """It knows no decimals and no dates."""
    values = plain_values(column)
    match values[0]:
        case Decimal():
            return [float(value) for value in values]
        case date():
            return [value.isoformat() for value in values]
    return values


def _copy(connection: Any, table: str, frame: pd.DataFrame) -> None:
    text = io.BytesIO()
    rows = pa.Table.from_pandas(frame, preserve_index=False)
    csv.write_csv(rows, text, csv.WriteOptions(include_header=False))
    copied = f"COPY {table} FROM STDIN (FORMAT csv)"
    with connection.cursor() as cursor, cursor.copy(copied) as stream:
        stream.write(text.getbuffer())
