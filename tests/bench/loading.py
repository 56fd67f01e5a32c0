"""Loading a large filing as the warehouse does, beside the bare fast road of each database.

Bare is the same frame in as few steps as there are, into a table without key, index or check: the
driver's executemany on SQLite, a COPY of Arrow's CSV on PostgreSQL. Both end with a commit.
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
from sqlalchemy import Column, Engine, MetaData, Table, func, select

from schemas.filing import NIL, ROW, Checked, Filing, Reading, Received, plain_values, typed_frame
from schemas.layout import column_letter
from schemas.models import Indicator, Scheme
from schemas.scheme import CATALOG, load_scheme
from tests.bench.databases import both_databases
from tests.bench.measure import Figure, fastest
from warehouse.form_tables import line_table
from warehouse.load import keep, record
from warehouse.rows import insert_lines
from warehouse.tables import filings
from warehouse.upgrade import upgrade

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
            ours, bare = fastest(
                _REPETITIONS,
                loading_lines(engine, scheme, filing),
                bare_loading(engine, scheme, filing),
            )
            what = f"loading {_ROWS:,} × {columns} into {kind}"
            yield Figure(f"{what}, huizong", ours, "s")
            yield Figure(f"{what}, bare", bare, "s")
            yield Figure(f"{kind}, huizong / bare", ours / bare, "×", _MOST)


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


def loading_lines(engine: Engine, scheme: Scheme, filing: Filing) -> Callable[[], object]:
    """Loads the lines of the filing once more, as those of one more county."""
    (form,) = scheme.forms
    numbers = iter([_accepted(engine, scheme, filing, unit.code) for unit in scheme.counties])

    def load() -> None:
        with engine.begin() as connection:
            insert_lines(connection, form, filing, next(numbers))

    return load


def _accepted(engine: Engine, scheme: Scheme, filing: Filing, county: str) -> int:
    """The number of an accepted filing of a county that has no lines yet."""
    without = replace(filing, county=county, frame=filing.frame.head(0), declared_nil=True)
    received = Received(f"{county}.xlsx", county.encode(), "folder")
    reading = Reading(county, _PERIOD, (without,))
    with engine.begin() as connection:
        keep(connection, received, _AT)
        record(connection, scheme, received.sha256, reading, [Checked((), ())], _AT)
        return int(connection.scalars(select(func.max(filings.c.id))).one())


def bare_loading(engine: Engine, scheme: Scheme, filing: Filing) -> Callable[[], object]:
    """Loads the frame of the filing once more, by the shortest way into a table of its own."""
    (form,) = scheme.forms
    columns = (c for c in line_table(form).columns if c.name in filing.frame)
    plain = Table("plain", MetaData(), *(Column(c.name, c.type) for c in columns))
    with engine.begin() as connection:
        plain.create(connection)
    names = [column.name for column in plain.columns]
    way = _executemany if engine.dialect.name == "sqlite" else _copy

    def load() -> None:
        with closing(engine.raw_connection()) as connection:
            way(connection.driver_connection, filing.frame[names])
            connection.commit()

    return load


def _executemany(connection: Any, frame: pd.DataFrame) -> None:
    columns = [_as_sqlite_takes_it(frame[name]) for name in frame]
    marks = ", ".join("?" for _ in columns)
    connection.execute("BEGIN")
    connection.executemany(
        f"INSERT INTO plain VALUES ({marks})",
        zip(*columns, strict=True),
    )


def _as_sqlite_takes_it(column: "pd.Series[Any]") -> list[object]:
    """It knows no decimals and no dates: they are given as it would keep them."""
    values = plain_values(column)
    match values[0]:
        case Decimal():
            return [float(value) for value in values]
        case date():
            return [value.isoformat() for value in values]
    return values


def _copy(connection: Any, frame: pd.DataFrame) -> None:
    text = io.BytesIO()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    csv.write_csv(table, text, csv.WriteOptions(include_header=False))
    with connection.cursor() as cursor, cursor.copy("COPY plain FROM STDIN (FORMAT csv)") as stream:
        stream.write(text.getbuffer())
