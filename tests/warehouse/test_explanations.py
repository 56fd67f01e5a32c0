"""An explanation is bound to a line by its key, and to no other line, county or period."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from schemas.answers import Answer, Answers, ListStamp
from schemas.findings import CellRef, Finding, Severity, State
from warehouse.stewards.due import periods_to_publish
from warehouse.stewards.standing import standing_findings

if TYPE_CHECKING:
    from schemas.filing import Filing
    from tests.warehouse.conftest import House
    from warehouse.consolidation.contents import FiledFinding

XI, FENXI, CITY = "141031", "141034", "141000"
CELL = CellRef(sheet="差异清单", address="T5")


def pv(house: House, county: str, *stations: str, at: str, value: int = 100) -> Filing:
    """Stations in rows 5, 6, …; one of them has a doubtful value."""
    lines = [{"station_no": station, "capacity_kw": Decimal(value)} for station in stations]
    sheet = house.scheme.form("pv").sheet_name
    doubtful = Finding(
        code="rule-failed",
        severity=Severity.WARNING,
        rule="R22-idle",
        indicator="gen_period",
        cells=(CellRef(sheet=sheet, address=f"D{5 + stations.index(at)}"),),
        observed=str(value),
        parameters={"statement": "a", "substituted": "b"},
    )
    return house.filing("pv", county, *lines, findings=[doubtful])


def told(house: House, night: int) -> tuple[FiledFinding, ...]:
    with house.engine.connect() as connection:
        entry = house.scheme.period("2015")
        return standing_findings(connection, house.scheme, entry, house.night(night))


def doubt(house: House, night: int, county: str = XI) -> FiledFinding:
    (found,) = [
        f for f in told(house, night) if (f.finding.rule, f.finding.county) == ("R22-idle", county)
    ]
    return found


def answered(house: House, filed: FiledFinding, writer: str, night: int) -> list[str]:
    """Send a list back with one explanation; the codes of what was refused."""
    stamp = ListStamp("list", "linfen", "2015", 1, writer, "说明")
    answers = Answers(stamp, (Answer(filed.reference, "停机检修", CELL),))
    house.submit(night=night, name="list.xlsx", county=writer, period="2015", answers=answers)
    codes = [filed.finding.code for filed in told(house, night)]
    return [code for code in codes if code.startswith("explanation")]


@pytest.fixture
def explained(house: House) -> House:
    house.submit(pv(house, XI, "1", "2", at="2"))
    assert answered(house, doubt(house, 1), XI, 2) == []
    return house


def test_it_follows_the_line_when_rows_move(explained: House) -> None:
    filed = doubt(explained, 2)
    assert (filed.state, filed.line) == (State.EXPLAINED, "2")
    assert filed.explanation is not None
    assert (filed.explanation.text, filed.explanation.written_by) == ("停机检修", XI)
    explained.submit(pv(explained, XI, "0", "1", "2", at="2", value=104), night=3)
    assert doubt(explained, 3).state is State.EXPLAINED
    assert doubt(explained, 1).state is State.OPEN


def test_it_does_not_explain_another_line_or_county(explained: House) -> None:
    explained.submit(pv(explained, XI, "2", "1", at="1"), night=3)
    explained.submit(pv(explained, FENXI, "1", "2", at="2"), night=3, name="fenxi.xlsx")
    assert doubt(explained, 3).state is State.OPEN
    assert doubt(explained, 3).explanation is None
    assert doubt(explained, 3, FENXI).state is State.OPEN


def test_it_reopens_and_closes_again_with_the_value(explained: House) -> None:
    explained.submit(pv(explained, XI, "2", at="2", value=106), night=3)
    filed = doubt(explained, 3)
    assert filed.state is State.OPEN
    assert filed.explanation is not None
    assert filed.explanation.covers.high == Decimal(105)
    explained.submit(pv(explained, XI, "2", at="2", value=95), night=4)
    assert doubt(explained, 4).state is State.EXPLAINED


def test_only_who_owns_a_finding_and_the_municipality_explain_it(house: House) -> None:
    house.submit(pv(house, XI, "1", at="1"))
    assert answered(house, doubt(house, 1), FENXI, 2) == ["explanation-unmatched"]
    assert doubt(house, 2).state is State.OPEN
    assert "explanation-unmatched" in answered(house, doubt(house, 2), CITY, 3)
    assert doubt(house, 3).state is State.EXPLAINED


def test_a_later_list_replaces_what_was_said_of_an_earlier_one(house: House) -> None:
    wrong = Finding(
        code="rule-failed",
        severity=Severity.ERROR,
        parameters={"statement": "a", "substituted": "b"},
    )
    house.submit(house.filing("pv", XI, {"station_no": "1"}, findings=[wrong]))
    (filed,) = [f for f in told(house, 1) if f.finding.code == "rule-failed"]
    assert answered(house, filed, XI, 2) == ["explanation-of-error"]
    house.submit(
        night=3,
        name="empty.xlsx",
        county=XI,
        period="2015",
        answers=Answers(ListStamp("list", "linfen", "2015", 2, XI, "说明"), ()),
    )
    assert [f.finding.code for f in told(house, 3)] == ["rule-failed"]


def test_an_explanation_brings_a_new_publication(house: House) -> None:
    house.submit(pv(house, XI, "1", at="1"))
    house.publish()
    with house.engine.connect() as connection:
        assert periods_to_publish(connection, house.scheme) == []
    answered(house, doubt(house, 1), XI, 2)
    with house.engine.connect() as connection:
        assert periods_to_publish(connection, house.scheme) == ["2015"]
