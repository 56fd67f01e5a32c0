from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from schemas.findings import Finding, Severity
from schemas.period import Period
from warehouse.engine import reading
from warehouse.lines.previous import previous_returns

if TYPE_CHECKING:
    from schemas.template.previous import Previous
    from tests.warehouse.conftest import House

XI, FENXI = "141031", "141034"
MISSING = Finding(code="value-missing", severity=Severity.ERROR, parameters={"column": "x"})


def before(house: House, period: str, county: str = XI) -> dict[str, Previous]:
    with reading(house.engine) as connection:
        unit = house.scheme.county(county)
        return dict(previous_returns(connection, house.scheme, unit, Period.parse(period)))


def test_it_is_what_was_accepted_last(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"task": 5900}))
    house.submit(
        house.filing("reduction", XI, {"task": 6000, "incidence": Decimal("7.85")}), night=2
    )
    house.submit(house.filing("reduction", XI, {"task": 1}, findings=[MISSING]), night=3)
    found = before(house, "2017")
    assert list(found) == ["reduction"]
    assert found["reduction"].period == Period.parse("2015")
    (line,) = found["reduction"].lines
    assert (line["task"], line["incidence"]) == (Decimal(6000), Decimal("7.85"))
    assert line["lifted"] is None


def test_it_is_of_the_same_county_and_of_an_earlier_period_of_the_same_kind(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"task": 5900}))
    house.submit(house.filing("reduction", XI, {"task": 300}, period="2003H1"))
    assert before(house, "2017", FENXI) == {}
    assert before(house, "2015") == {}
    assert before(house, "2015H1")["reduction"].period == Period.parse("2003H1")


def test_a_declared_nil_has_no_lines(house: House) -> None:
    house.submit(house.filing("pv", XI))
    assert before(house, "2017")["pv"].lines == []


def test_personal_data_is_left_where_it_is(house: House) -> None:
    house.submit(house.filing("education", XI, {"person_no": "P1", "id_no": "11010519491231002X"}))
    (line,) = before(house, "2017")["education"].lines
    assert "id_no" not in line
    assert line["person_no"] == "P1"
