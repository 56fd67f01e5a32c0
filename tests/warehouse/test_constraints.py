from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from warehouse.form_tables import line_table
from warehouse.tables import (
    explanations,
    filings,
    findings,
    owed,
    publications,
    receipts,
    submissions,
)

if TYPE_CHECKING:
    from tests.warehouse.conftest import House

XI = "141031"


@pytest.fixture
def filed(house: House) -> House:
    line = {"station_no": "1", "capacity_kw": Decimal(100)}
    house.submit(house.filing("pv", XI, line), content=b"one")
    return house


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 0},
        {"version": 1},
        {"status": "maybe"},
        {"accepted_from": None},
        {"status": "refused"},
        {"accepted_to": None},
        {"accepted_to": "before"},
        {"county_code": "999999"},
        {"period": "1999"},
        {"form": "no_such_form"},
        {"sha256": "0" * 64},
    ],
    ids=str,
)
def test_a_filing_that_cannot_be_is_not_taken(filed: House, changed: dict[str, Any]) -> None:
    filed.submit(content=b"two")
    with filed.engine.connect() as connection:
        row = dict(connection.execute(select(filings)).mappings().one())
        other = connection.scalar(
            select(submissions.c.sha256).where(submissions.c.sha256 != row["sha256"])
        )
    later = {"accepted_from": filed.night(2), "accepted_to": filed.night(3)}
    good = {**row, **later, "id": 2, "sha256": other, "version": 2}
    if changed == {"accepted_to": "before"}:
        changed = {"accepted_to": filed.night(1)}
    with filed.engine.connect() as connection:
        connection.execute(insert(filings).values(good))
        connection.rollback()
        with pytest.raises(IntegrityError):
            connection.execute(insert(filings).values({**good, **changed}))


@pytest.mark.parametrize(
    "changed", [{"sha256": "short"}, {"size": 4}, {"recorded_at": "before"}], ids=str
)
def test_a_submission_that_is_not_whole_is_not_taken(house: House, changed: dict[str, Any]) -> None:
    if "recorded_at" in changed:
        changed = {"recorded_at": house.night(1)}
    good = {
        "sha256": "0" * 64,
        "content": b"PK\x00",
        "size": 3,
        "name": "a.xlsx",
        "kept_at": house.night(2),
    }
    with house.engine.connect() as connection:
        connection.execute(insert(submissions).values(good))
        connection.rollback()
        with pytest.raises(IntegrityError):
            connection.execute(insert(submissions).values({**good, **changed}))


@pytest.mark.parametrize("table", [submissions, receipts, filings], ids=str)
def test_what_came_and_what_was_decided_is_never_deleted(filed: House, table: Any) -> None:
    with filed.engine.connect() as db, pytest.raises(DBAPIError, match="kept as they are"):
        db.execute(delete(table))


@pytest.mark.parametrize(
    "statement",
    [
        update(submissions).values(content=b"two"),
        update(submissions).values(name="other.xlsx"),
        update(receipts).values(sender="somebody"),
        update(filings).values(digest="0" * 64),
        update(filings).values(accepted_from=None),
    ],
    ids=str,
)
def test_what_came_and_what_was_decided_is_never_altered(filed: House, statement: Any) -> None:
    with filed.engine.connect() as db, pytest.raises(DBAPIError, match="kept as they are"):
        db.execute(statement)


def test_a_publication_is_neither_altered_nor_deleted(filed: House) -> None:
    filed.publish()
    for statement in (update(publications).values(files={}), delete(publications)):
        with filed.engine.connect() as db, pytest.raises(DBAPIError, match="kept as they are"):
            db.execute(statement)


def test_a_line_needs_its_filing_and_its_own_key(filed: House) -> None:
    table = line_table(filed.scheme.form("pv"))
    with filed.engine.connect() as connection:
        good = {"filing_id": 1, "line": 2, "row": 6, "station_no": "2"}
        connection.execute(insert(table).values(good))
        connection.rollback()
        for changed in ({"filing_id": 99}, {"station_no": "1"}, {"line": 1}, {"line": 0}):
            with pytest.raises(IntegrityError):
                connection.execute(insert(table).values({**good, **changed}))
            connection.rollback()


def test_a_finding_is_written_once_per_submission(filed: House) -> None:
    filed.submit(content=b"two")
    with filed.engine.connect() as connection:
        sha256 = connection.scalar(select(submissions.c.sha256))
        good: dict[str, Any] = {
            "sha256": sha256,
            "key": "k",
            "code": "file-empty",
            "severity": "error",
            "state": "open",
            "finding": {},
            "recorded_at": filed.night(1),
        }
        connection.execute(insert(findings).values(good))
        with pytest.raises(IntegrityError):
            connection.execute(insert(findings).values(good))
        connection.rollback()
        for changed in ({"severity": "fatal"}, {"state": "forgotten"}, {"filing_id": 99}):
            with pytest.raises(IntegrityError):
                connection.execute(insert(findings).values({**good, **changed}))
            connection.rollback()


def test_only_a_county_of_the_scheme_owes_a_form(house: House) -> None:
    with house.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(insert(owed).values(form="pv", period="2015", county_code="999999"))


def test_more_decimals_than_a_column_has_are_not_rounded_away(house: House) -> None:
    line = {"station_no": "1", "capacity_kw": Decimal("0.001")}
    with pytest.raises(Exception, match="more than 2 decimals"):
        house.submit(house.filing("pv", XI, line))


@pytest.mark.parametrize(
    "changed",
    [
        {"text": ""},
        {"county_code": "999999"},
        {"written_by": "999999"},
        {"form": "no_such_form"},
        {"period": "1999"},
        {"sha256": "0" * 64},
        {"cell": "Sheet!A1"},
    ],
    ids=str,
)
def test_an_explanation_that_cannot_be_is_not_taken(filed: House, changed: dict[str, Any]) -> None:
    with filed.engine.connect() as connection:
        good: dict[str, Any] = {
            "rule": "R22-idle",
            "county_code": XI,
            "form": "pv",
            "line": "1",
            "period": "2015",
            "until": date(2016, 12, 31),
            "covers": {},
            "text": "停机检修",
            "written_by": XI,
            "sha256": connection.scalar(select(submissions.c.sha256)),
            "cell": "Sheet!A2",
            "recorded_at": filed.night(1),
        }
        connection.execute(insert(explanations).values({**good, "cell": "Sheet!A1"}))
        connection.execute(insert(explanations).values(good))
        connection.rollback()
        connection.execute(insert(explanations).values({**good, "cell": "Sheet!A1"}))
        with pytest.raises(IntegrityError):
            connection.execute(insert(explanations).values({**good, **changed}))
        connection.rollback()
        connection.execute(insert(explanations).values(good))
        for statement in (update(explanations).values(text="x"), delete(explanations)):
            with (
                pytest.raises(DBAPIError, match="kept as they are"),
                connection.begin_nested(),
            ):
                connection.execute(statement)
