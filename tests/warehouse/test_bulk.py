"""Many rows at once: exactly as given, and all of them or none."""

from __future__ import annotations

import traceback
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from schemas.filing import Checked, Reading, Received
from warehouse.bulk import bulk
from warehouse.form_tables import line_table, personal_table
from warehouse.loading.load import keep, pending, record
from warehouse.tables import check_results, filings, findings, org_units, submissions, typed

if TYPE_CHECKING:
    from tests.warehouse.conftest import House

XI = "141031"

HARD = ["", "\\N", "\\", "a\tb", "a\nb\r", '"', "'; --", "%s", "NULL", "汾𠮷", " ", "\\.", None]
"""Texts that mean something to one of the roads, or to none."""


def test_texts_arrive_as_they_were(house: House) -> None:
    lines = [{"station_no": str(n), "village": text} for n, text in enumerate(HARD)]
    house.submit(house.filing("pv", XI, *lines))
    table = line_table(house.scheme.form("pv"))
    with house.engine.connect() as connection:
        told = connection.scalars(select(table.c.village).order_by(table.c.line)).all()
    assert told == HARD


def test_no_rows_are_no_statement(engine: Engine) -> None:
    with engine.begin() as connection:
        bulk(connection, org_units, {"code": [], "ordinal": []})


def test_more_decimals_than_the_column_has_are_refused(house: House) -> None:
    table = line_table(house.scheme.form("pv"))
    with (
        house.engine.begin() as connection,
        pytest.raises(ValueError, match="more than 2 decimals"),
    ):
        bulk(connection, table, {"capacity_kw": [Decimal("0.001")]})


# --- a load that fails ---------------------------------------------------------------------------

SERVER_GONE = """
    CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
    CREATE TRIGGER cut BEFORE INSERT ON personal.personal_hh_register
    FOR EACH ROW WHEN (NEW.line = 50) EXECUTE FUNCTION cut()
"""
DISK_FULL = """
    CREATE TRIGGER cut BEFORE INSERT ON personal_hh_register WHEN NEW.line = 50
    BEGIN SELECT RAISE(FAIL, 'cut off'); END
"""


def test_a_load_that_is_cut_off_leaves_no_trace_and_tells_no_person(house: House) -> None:
    """On PostgreSQL the connection is killed in the middle of a COPY."""
    lines = [{"hh_no": f"{n}", "head_name": "张三丰", "persons": 3} for n in range(100)]
    filing = house.filing("hh_register", XI, *lines)
    received = Received("a.xlsx", b"PK", "folder")
    with house.engine.begin() as connection:
        keep(connection, received, house.night(1))
        sqlite = house.engine.dialect.name == "sqlite"
        connection.execute(text(DISK_FULL if sqlite else SERVER_GONE))

    def load() -> None:
        with house.engine.begin() as connection:
            reading = Reading(XI, "2015", (filing,))
            at = house.night(1)
            record(connection, house.scheme, received.sha256, reading, [Checked((), ())], at)

    with pytest.raises(DBAPIError) as failure:
        load()
    assert "张三丰" not in "".join(traceback.format_exception(failure.value))
    form = house.scheme.form("hh_register")
    personal = personal_table(form)
    assert personal is not None
    tables = (filings, findings, check_results, typed, line_table(form), personal)
    with house.engine.connect() as connection:
        for table in tables:
            assert connection.scalar(select(func.count()).select_from(table)) == 0, table.name
        assert connection.scalars(select(submissions.c.recorded_at)).all() == [None]
        assert pending(connection) == [received]
    with house.engine.begin() as connection:
        on = "" if sqlite else " ON personal.personal_hh_register"
        connection.execute(text(f"DROP TRIGGER cut{on}"))
    load()
    with house.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(personal)) == len(lines)
