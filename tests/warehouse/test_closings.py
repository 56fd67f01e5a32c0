"""Periods are closed and reopened with a reason, and what changes figures after that is told."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from schemas.errors import WarehouseError
from schemas.findings import Finding, Severity
from schemas.models import Scheme
from tests.conftest import empty_warehouse
from tests.lent import Lender, lender_of
from tests.warehouse.conftest import House
from warehouse.consolidation.contents import RevisionCause
from warehouse.judging.closings import Turn, closed_at, closing_history, is_closed, turn_period
from warehouse.judging.reviews import Decision
from warehouse.publish.edition import Edition
from warehouse.stewards.due import periods_to_publish
from warehouse.stewards.verdicts import let_in, withdraw

if TYPE_CHECKING:
    from schemas.filing import Filing
    from warehouse.consolidation.contents import Revision

XI = "141031"
WRONG = Finding(code="value-missing", severity=Severity.ERROR, parameters={"column": "x"})


def decision(house: House, night: int, why: str = "年报定稿") -> Decision:
    return Decision(why, "王敏", house.night(night))


def turn(house: House, turn: Turn, night: int) -> None:
    with house.engine.begin() as connection:
        turn_period(connection, house.scheme.period("2015"), turn, decision(house, night))


def reduction(house: House, task: int, *findings: Finding) -> Filing:
    return house.filing("reduction", XI, {"task": task}, findings=findings)


def of_county(house: House, night: int) -> list[Revision]:
    return [r for r in house.contents(night=night).revisions if r.unit.code == XI]


@pytest.fixture
def house(engine: Engine, few: Scheme) -> House:
    return House(engine, few)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def closed_once(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, few: Scheme
) -> Iterator[Lender]:
    with empty_warehouse(request, tmp_path_factory.mktemp("closed")) as engine:
        house = House(engine, few)
        house.submit(reduction(house, 400))
        house.publish()
        turn(house, Turn.CLOSED, 2)
        house.publish(night=2)
        engine.dispose()
        with lender_of(engine.url, tmp_path_factory.mktemp("lent")) as lender:
            yield lender


@pytest.fixture
def closed(closed_once: Lender, few: Scheme) -> Iterator[House]:
    """400 on the first night, closed and published on the second."""
    with closed_once.lent() as engine:
        yield House(engine, few)


def test_closing_is_a_reason_to_publish_and_the_publication_says_so(house: House) -> None:
    house.submit(reduction(house, 400))
    house.publish()
    turn(house, Turn.CLOSED, 2)
    with house.engine.connect() as connection:
        assert periods_to_publish(connection, house.scheme) == ["2015"]
    open_one, final = (Edition(house.contents(night=night), "zh") for night in (1, 2))
    assert "定稿" not in open_one.signature
    assert final.signature.endswith("定稿：2016-01-06由王敏关账")


def test_what_comes_for_a_closed_period_is_kept_and_refused(closed: House) -> None:
    (outcome,) = closed.submit(reduction(closed, 397), night=3)
    assert (outcome.version, outcome.status) == (2, "refused")
    (filed,) = closed.told(night=3)
    assert filed.finding.code == "period-closed"
    assert filed.finding.parameters["day"] == "2016-01-06"
    assert of_county(closed, 3) == []


def test_what_says_the_same_as_before_needs_no_decision(closed: House) -> None:
    (outcome,) = closed.submit(reduction(closed, 400), night=3, name="again.xlsx")
    assert outcome.status == "unchanged"
    assert closed.told(night=3) == []


def test_a_steward_lets_a_correction_in_and_it_is_told_as_one(closed: House) -> None:
    late = reduction(closed, 397)
    closed.submit(late, night=3, name="late.xlsx")
    with closed.engine.begin() as connection:
        let_in(connection, closed.scheme, 2, late, decision(closed, 4))
    (revision,) = of_county(closed, 4)
    assert (revision.before, revision.after) == (Decimal(400), Decimal(397))
    assert (revision.cause, revision.after_closing) == (RevisionCause.LET_IN, True)
    assert (revision.version_after, revision.file_name) == (2, "late.xlsx")
    total = closed.contents(night=4).revisions[-1]
    assert (total.unit.code, total.cause) == ("141000", RevisionCause.COUNTIES)


def test_in_a_reopened_period_a_correction_counts_at_once(closed: House) -> None:
    turn(closed, Turn.REOPENED, 3)
    (outcome,) = closed.submit(reduction(closed, 397), night=4)
    assert outcome.status == "accepted"
    (revision,) = of_county(closed, 4)
    assert (revision.cause, revision.after_closing) == (RevisionCause.CORRECTED, True)
    assert [closed.contents(night=night).closed is not None for night in (1, 2, 3)] == [
        False,
        True,
        False,
    ]


def test_the_causes_of_revisions_are_told_apart(house: House) -> None:
    house.submit(reduction(house, 400, WRONG))
    house.publish()
    house.submit(reduction(house, 300), night=2)
    assert [r.cause for r in of_county(house, 2)] == [RevisionCause.ARRIVED]
    house.publish(night=2)
    with house.engine.begin() as connection:
        withdraw(connection, house.scheme, 2, decision(house, 3))
    (revision,) = of_county(house, 3)
    assert (revision.cause, revision.after, revision.after_closing) == (
        RevisionCause.TAKEN_OUT,
        None,
        False,
    )


def test_closing_and_reopening_take_turns(closed: House) -> None:
    with pytest.raises(WarehouseError, match="2015 is closed already"):
        turn(closed, Turn.CLOSED, 3)
    turn(closed, Turn.REOPENED, 3)
    with pytest.raises(WarehouseError, match="2015 is open already"):
        turn(closed, Turn.REOPENED, 4)
    with closed.engine.connect() as connection:
        told = closing_history(connection, closed.night(9))
        assert [(each.period, each.turn) for each in told] == [
            ("2015", "closed"),
            ("2015", "reopened"),
        ]
        entry = closed.scheme.period("2015")
        assert is_closed(entry, told, closed.night(2))
        assert not is_closed(entry, told)
        assert closed_at(connection, "2015", closed.night(1)) is None


def test_a_period_that_the_scheme_closes_is_no_matter_of_stewards(house: House) -> None:
    entry = house.scheme.period("2015").model_copy(update={"closed": True})
    with house.engine.begin() as connection, pytest.raises(WarehouseError, match=r"scheme\.yaml"):
        turn_period(connection, entry, Turn.REOPENED, decision(house, 1))
