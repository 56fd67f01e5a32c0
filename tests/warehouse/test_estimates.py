"""What missing figures may be, as the contract has it: by number, method, status and column."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, text

from schemas.models import PeriodEntry, Scheme
from tests.few import with_counties, with_forms
from tests.warehouse.conftest import House
from warehouse.upkeep.upgrade import upgrade

CITY, XI, FENXI, JI = "141000", "141031", "141034", "141028"
LAST_YEAR, BEFORE, NOW = "2015-02", "2016-01", "2016-02"


@pytest.fixture
def house(bare: Engine, scheme: Scheme) -> House:
    """Three counties that report their loans each month."""
    small = with_counties(with_forms(scheme, {"microcredit"}), {XI, FENXI, JI})
    months = (
        PeriodEntry(id=month, opens=date(2015, 1, 1), due=date(2016, 3, 5))
        for month in (LAST_YEAR, BEFORE, NOW)
    )
    small = small.model_copy(update={"periods": tuple(months)})
    upgrade(bare, small)
    return House(bare, small)


def lend(house: House, period: str, night: int = 1, **lent: tuple[str, str]) -> None:
    """Counties report what they have lent since January, and the balance; it is published."""
    codes = {"xi": XI, "fenxi": FENXI, "ji": JI}
    for county, (ytd, balance) in lent.items():
        line = {"bank": "农行", "lent_ytd": Decimal(ytd), "balance": Decimal(balance)}
        filing = house.filing("microcredit", codes[county], line, period=period)
        house.submit(filing, name=f"{county} {period}", night=night)
    house.publish(period=period, night=night)


def shown(house: House, measure: str) -> dict[str, tuple[Any, ...]]:
    """Value, status, estimate and method of each county of this month, as text."""
    name = "mart.observations" if house.engine.dialect.name == "postgresql" else "mart_observations"
    asked = text(
        f"SELECT county_code, value, status, estimate, method FROM {name} "
        f"WHERE measure = '{measure}' AND period = '{NOW}'"
    )
    with house.engine.connect() as connection:
        return {
            county: (value and float(value), status, estimate and float(estimate), method)
            for county, value, status, estimate, method in connection.execute(asked)
        }


def test_what_comes_about_in_time_grows_as_that_of_the_others(house: House) -> None:
    """(50 + 25) / (40 + 20) of 0.0002 is 0.00025; a half of the last decimal is rounded up."""
    lend(house, LAST_YEAR, xi=("40", "1"), fenxi=("0.0002", "1"), ji=("20", "1"))
    lend(house, NOW, xi=("50", "1"), ji=("25", "1"))
    assert shown(house, "lent_ytd") == {
        XI: (50, "normal", None, None),
        JI: (25, "normal", None, None),
        FENXI: (None, "estimated", 0.0003, "growth_of_others"),
        CITY: (75, "provisional", 75.0003, "with_estimates"),
    }
    assert shown(house, "task")[FENXI] == (None, "missing", None, None)  # of no known nature
    lend(house, NOW, night=2, fenxi=("0.5", "1"))
    assert shown(house, "lent_ytd")[FENXI] == (0.5, "normal", None, None)
    assert shown(house, "lent_ytd")[CITY] == (75.5, "normal", None, None)


def test_a_stock_is_what_it_was(house: House) -> None:
    lend(house, BEFORE, xi=("1", "10"), fenxi=("1", "3.0005"), ji=("1", "20"))
    lend(house, NOW, xi=("1", "11"), ji=("1", "21"))
    assert shown(house, "balance") == {
        XI: (11, "normal", None, None),
        JI: (21, "normal", None, None),
        FENXI: (None, "estimated", 3.0005, "last_value"),
        CITY: (32, "provisional", 35.0005, "with_estimates"),
    }


def test_what_nobody_can_tell_has_no_estimate_and_neither_has_the_whole(house: House) -> None:
    lend(house, LAST_YEAR, xi=("0", "1"), fenxi=("0.3", "1"))
    lend(house, NOW, xi=("50", "1"))
    assert shown(house, "lent_ytd") == {
        XI: (50, "normal", None, None),
        FENXI: (None, "missing", None, None),  # the others had nothing last year
        JI: (None, "missing", None, None),
        CITY: (50, "provisional", None, None),
    }
