"""What stewards decide: a refused filing let in, an accepted one returned, one withdrawn."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from schemas.errors import WarehouseError
from schemas.findings import Finding, Severity, State
from warehouse import queries, tables
from warehouse.judging.overtaken import judgeable
from warehouse.judging.reviews import Decision, history
from warehouse.lines.personal import ALL_LINES
from warehouse.stewards import due
from warehouse.stewards.standing import standing_findings
from warehouse.stewards.verdicts import let_in, return_filing, to_read_again, withdraw
from warehouse.stewards.worklist import worklist

if TYPE_CHECKING:
    from schemas.filing import Filing
    from tests.warehouse.conftest import House

XI = "141031"
WRONG = Finding(code="rule-failed", severity=Severity.ERROR, rule="R18-lifted")
DOUBTFUL = Finding(code="rule-failed", severity=Severity.WARNING, rule="R18-lifted")


def pv(house: House, kw: int, *findings: Finding) -> Filing:
    line = {"station_no": "1", "kind": "village", "capacity_kw": Decimal(kw)}
    return house.filing("pv", XI, line, findings=findings)


def decision(house: House, night: int, why: str = "as agreed") -> Decision:
    return Decision(why, "Wang Min", house.night(night))


def capacity(house: House, night: int) -> Decimal | None:
    """What the county's published figure was on a night; None where nothing counted."""
    (row,) = [r for r in house.table("pv", night=night).counties if r.unit.code == XI]
    return row.values["village_capacity_kw"]


def standings(house: House, night: int) -> list[str]:
    with house.engine.connect() as connection:
        entry = house.scheme.period("2015")
        return [f.standing for f in worklist(connection, house.scheme, entry, house.night(night))]


def codes(house: House, night: int) -> list[tuple[str, State]]:
    with house.engine.connect() as connection:
        entry = house.scheme.period("2015")
        found = standing_findings(connection, house.scheme, entry, house.night(night))
    return [(filed.finding.code, filed.state) for filed in found]


@pytest.fixture
def refused(house: House) -> tuple[House, Filing]:
    """100 kW on the first night, and 200 kW that are refused on the second."""
    house.submit(pv(house, 100))
    wrong = pv(house, 200, WRONG)
    house.submit(wrong, night=2)
    return house, wrong


def test_a_refused_filing_is_let_in_with_a_reason(refused: tuple[House, Filing]) -> None:
    house, wrong = refused
    assert capacity(house, 2) == Decimal(100)
    assert standings(house, 2) == ["accepted", "refused"]
    with house.engine.begin() as connection:
        again = to_read_again(connection, 2, decision(house, 3))
        assert again is not None
        assert (again.form, again.name) == ("pv", "return.xlsx")
    with house.engine.begin() as connection:
        let_in(connection, house.scheme, 2, wrong, decision(house, 3))
    assert [capacity(house, night) for night in (2, 3)] == [Decimal(100), Decimal(200)]
    assert standings(house, 3) == ["superseded", "accepted"]
    assert codes(house, 2) == [("rule-failed", State.OPEN)]
    assert codes(house, 3) == [("rule-failed", State.ACCEPTED)]
    with house.engine.connect() as connection:
        assert to_read_again(connection, 2, decision(house, 3)) is None
        (opened,) = connection.execute(select(tables.personal_accesses))
        assert (opened.filing_id, opened.line, opened.read_by) == (2, ALL_LINES, "Wang Min")
        (review,) = history(connection, house.night(3))
        assert (review.filing, review.action, review.decision.why) == (2, "accepted", "as agreed")
        assert review.scheme == house.scheme.fingerprint
        assert due.periods_to_publish(connection, house.scheme) == ["2015"]
        assert due.last_moment(connection) == house.night(3)


def test_a_later_filing_takes_the_place_of_one_that_was_let_in(
    refused: tuple[House, Filing],
) -> None:
    house, wrong = refused
    with house.engine.begin() as connection:
        let_in(connection, house.scheme, 2, wrong, decision(house, 3))
    house.submit(pv(house, 300), night=4)
    assert [capacity(house, night) for night in (3, 4)] == [Decimal(200), Decimal(300)]
    assert standings(house, 4) == ["superseded", "superseded", "accepted"]


def test_what_was_read_otherwise_is_not_let_in(refused: tuple[House, Filing]) -> None:
    house, _ = refused
    with (
        house.engine.begin() as connection,
        pytest.raises(WarehouseError, match="read otherwise"),
    ):
        let_in(connection, house.scheme, 2, pv(house, 201), decision(house, 3))


def test_lines_that_would_count_twice_are_not_let_in(house: House) -> None:
    line = {"station_no": "1", "kind": "village", "capacity_kw": Decimal(1)}
    twice = house.filing("pv", XI, line, line, findings=[WRONG])
    house.submit(twice)
    with house.engine.begin() as connection, pytest.raises(WarehouseError, match="twice"):
        let_in(connection, house.scheme, 1, twice, decision(house, 2))
    assert capacity(house, 2) is None


def test_lines_that_a_column_cannot_hold_are_not_let_in(house: House) -> None:
    line = {"station_no": "1", "kind": "village", "capacity_kw": Decimal("0.123456789")}
    finer = house.filing("pv", XI, line, findings=[WRONG])
    house.submit(finer)
    with house.engine.begin() as connection, pytest.raises(WarehouseError, match="cannot hold"):
        let_in(connection, house.scheme, 1, finer, decision(house, 2))
    assert capacity(house, 2) is None


def test_of_a_returned_filing_the_earlier_one_counts_again(house: House) -> None:
    house.submit(pv(house, 100))
    house.submit(pv(house, 200), night=2)
    with house.engine.begin() as connection:
        return_filing(connection, house.scheme, 2, decision(house, 3, "the wrong year"))
    assert [capacity(house, night) for night in (1, 2, 3)] == [100, 200, 100]
    assert standings(house, 3) == ["accepted", "returned"]
    assert codes(house, 3) == [("filing-returned", State.OPEN)]
    with house.engine.begin() as connection:
        return_filing(connection, house.scheme, 1, decision(house, 4))
    assert capacity(house, 4) is None
    with house.engine.begin() as connection:
        let_in(connection, house.scheme, 2, None, decision(house, 5))
    assert capacity(house, 5) == 200
    assert codes(house, 5) == [("filing-returned", State.ACCEPTED)]


def test_what_was_sent_once_more_does_not_count_when_that_was_returned(house: House) -> None:
    first, second = pv(house, 100), pv(house, 200)
    house.submit(first)
    house.submit(second, night=2)
    house.submit(second, night=3, content=b"once more")
    with house.engine.begin() as connection:
        assert [filing.id for filing in judgeable(connection)] == [3]
        return_filing(connection, house.scheme, 2, decision(house, 4))
        assert judgeable(connection) == ()
    assert standings(house, 3) == ["superseded", "accepted", "accepted"]
    assert standings(house, 4) == ["accepted", "superseded", "returned"]
    with house.engine.begin() as connection:
        let_in(connection, house.scheme, 3, second, decision(house, 5))
        assert [filing.id for filing in judgeable(connection)] == [3]
    assert [capacity(house, night) for night in (3, 4, 5)] == [200, 100, 200]


def test_a_file_that_was_put_back_is_not_called_superseded(house: House) -> None:
    house.submit(pv(house, 100), content=b"first", name="first.xlsx")
    house.submit(pv(house, 200), night=2)
    with house.engine.begin() as connection:
        return_filing(connection, house.scheme, 2, decision(house, 3))
    house.submit(content=b"first", name="again.xlsx", night=4)
    assert ("submission-repeated", State.OPEN) in codes(house, 4)


def test_a_withdrawn_filing_is_as_if_it_had_not_come(refused: tuple[House, Filing]) -> None:
    house, _ = refused
    with house.engine.begin() as connection:
        withdraw(connection, house.scheme, 2, decision(house, 3))
    assert codes(house, 3) == [("filing-withdrawn", State.OPEN)]
    assert standings(house, 3) == ["accepted", "withdrawn"]
    with house.engine.begin() as connection:
        withdraw(connection, house.scheme, 1, decision(house, 4))
    assert [capacity(house, night) for night in (3, 4)] == [100, None]
    found = [f.finding.code for f in house.contents(night=4).findings if f.finding.county == XI]
    assert "return-missing" in found


def test_what_makes_no_sense_is_refused_and_leaves_no_trace(house: House) -> None:
    house.submit(pv(house, 100))
    house.submit(pv(house, 200, WRONG), night=2)
    house.submit(pv(house, 300, WRONG), night=3)
    with house.engine.begin() as connection:
        for filing, told in ((9, "no filing 9"), (1, "already"), (2, "withdraw filing 3")):
            with pytest.raises(WarehouseError, match=told):
                let_in(connection, house.scheme, filing, None, decision(house, 4))
        with pytest.raises(WarehouseError, match="does not count"):
            return_filing(connection, house.scheme, 3, decision(house, 4))
        assert history(connection, house.night(9)) == ()


def test_a_filing_with_unexplained_warnings_is_provisional(house: House) -> None:
    house.submit(pv(house, 100, DOUBTFUL))
    assert standings(house, 1) == ["provisional"]
    with house.engine.connect() as connection:
        periods = queries.status(connection, house.scheme, house.night(1))
    (status,) = [status for status in periods if status.period.id == "2015"]
    (form,) = [form for form in status.forms if form.form.name == "pv"]
    assert (form.reported, form.provisional, form.refused) == (1, 1, 0)


@pytest.fixture
def decided(refused: tuple[House, Filing]) -> House:
    house, wrong = refused
    with house.engine.begin() as connection:
        let_in(connection, house.scheme, 2, wrong, decision(house, 3))
    return house


@pytest.mark.parametrize(
    "changed",
    [{"filing_id": 99}, {"action": "forgotten"}, {"why": ""}, {"reviewed_by": ""}],
    ids=str,
)
def test_a_decision_that_cannot_be_is_not_taken(decided: House, changed: dict[str, object]) -> None:
    with decided.engine.connect() as connection:
        good = dict(connection.execute(select(tables.reviews)).mappings().one()) | {"id": 9}
        connection.execute(insert(tables.reviews).values(good))
        connection.rollback()
        with pytest.raises(IntegrityError):
            connection.execute(insert(tables.reviews).values({**good, **changed}))


@pytest.mark.parametrize("changed", ["filing", "review", "end", "twice"])
def test_a_term_that_cannot_be_is_not_taken(decided: House, changed: str) -> None:
    with decided.engine.connect() as connection:
        review = dict(connection.execute(select(tables.reviews)).mappings().one()) | {"id": 9}
        connection.execute(insert(tables.reviews).values(review))
        at = decided.night(3)
        good = {"review_id": 9, "filing_id": 1, "accepted_from": at, "accepted_to": None}
        wrongs: dict[str, dict[str, object]] = {
            "filing": {"filing_id": 99},
            "review": {"review_id": 99},
            "end": {"accepted_to": decided.night(2)},
            "twice": {"filing_id": 2},
        }
        with pytest.raises(IntegrityError):
            connection.execute(insert(tables.terms).values({**good, **wrongs[changed]}))


@pytest.mark.parametrize("table", [tables.reviews, tables.terms], ids=str)
def test_decisions_are_neither_altered_nor_deleted(decided: House, table: object) -> None:
    altered = (
        update(tables.reviews).values(why="other")
        if table is tables.reviews
        else update(tables.terms).values(accepted_from=decided.night(9))
    )
    for statement in (altered, delete(tables.metadata.tables[str(table)])):
        with decided.engine.connect() as db, pytest.raises(DBAPIError, match="kept as they are"):
            db.execute(statement)
