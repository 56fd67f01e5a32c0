from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.findings import Finding, Severity
from warehouse.consolidation.contents import ConsolidatedRow, ConsolidatedTable

if TYPE_CHECKING:
    from tests.warehouse.conftest import House

XI, FENXI, YONGHE, YAODU = "141031", "141034", "141032", "141002"


def row_of(table: ConsolidatedTable, county: str) -> ConsolidatedRow:
    return next(row for row in table.counties if row.unit.code == county)


def station(number: int, kind: str, status: str, kilowatt: str) -> dict[str, object]:
    return {
        "station_no": str(number),
        "kind": kind,
        "status": status,
        "capacity_kw": Decimal(kilowatt),
        "gen_period": Decimal(0),
        "income": Decimal("0.0001"),
        "households": 3,
    }


def test_the_municipal_row_is_the_exact_sum_of_the_counties(house: House) -> None:
    for county, amounts in ((XI, ["0.1", "0.2"]), (FENXI, ["0.0003"])):
        lines = [{"doc_no": a, "issued": Decimal(a), "arrived": Decimal(0)} for a in amounts]
        house.submit(house.filing("fund_arrival", county, *lines))
    table = house.table("fund_arrival")
    assert row_of(table, XI).values["issued"] == Decimal("0.3000")
    assert table.municipality.values["issued"] == Decimal("0.3003")
    assert table.municipality.values["documents"] == 3


def test_measures_take_only_the_lines_they_speak_of(house: House) -> None:
    lines = [
        station(1, "village", "grid", "100"),
        station(2, "village", "tender", "94.5"),
        station(3, "ground", "grid", "10000"),
        station(4, "ground", "building", "20000"),
    ]
    house.submit(house.filing("pv", XI, *lines))
    values = house.table("pv").municipality.values
    expected = {
        "village_stations": 2,
        "village_grid_stations": 1,
        "village_built_stations": 0,
        "village_tender_stations": 1,
        "village_capacity_kw": Decimal("194.50"),
        "ground_stations": 2,
        "ground_10mw_stations": 1,
        "ground_20mw_stations": 1,
        "ground_income": Decimal("0.0002"),
    }
    assert {name: values[name] for name in expected} == expected


def test_a_ratio_is_recomputed_from_sums_and_not_averaged(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"end_persons": 1, "rural_pop": 2}))
    house.submit(house.filing("reduction", FENXI, {"end_persons": 1, "rural_pop": 798}))
    table = house.table("reduction")
    assert row_of(table, XI).values["incidence"] == Decimal("50.00")
    assert row_of(table, FENXI).values["incidence"] == Decimal("0.13")
    assert table.municipality.values["incidence"] == Decimal("0.25")


def test_a_ratio_to_zero_is_no_ratio(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"end_persons": 0, "rural_pop": 0}))
    assert house.table("reduction").municipality.values["incidence"] is None


def test_a_county_figure_has_no_municipal_value(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"delist_year": 2019}))
    table = house.table("reduction")
    assert row_of(table, XI).values["delist_year"] == 2019
    assert table.municipality.values["delist_year"] is None


def test_equal_counties_share_a_place_and_the_next_places_are_left_out(house: House) -> None:
    marks = {XI: ("81.5", "100"), FENXI: ("90", "100"), YONGHE: ("72", "80"), YAODU: ("95", None)}
    for county, (total, full) in marks.items():
        line = {"total_score": Decimal(total), "full_score": full and Decimal(full)}
        house.submit(house.filing("assessment", county, line))
    table = house.table("assessment")
    places = {county: row_of(table, county).values["rank"] for county in marks}
    assert places == {XI: 3, FENXI: 1, YONGHE: 1, YAODU: None}
    assert table.municipality.values["score_pct"] is not None
    assert table.municipality.values["rank"] is None
    assert row_of(table, "141021").values["rank"] is None


def test_a_place_is_that_of_the_night_and_of_the_period(house: House) -> None:
    for county, total in ((XI, "81"), (FENXI, "80")):
        line = {"total_score": Decimal(total), "full_score": Decimal(100)}
        house.submit(house.filing("assessment", county, line))
    better = {"total_score": Decimal(90), "full_score": Decimal(100)}
    house.submit(house.filing("assessment", FENXI, better), night=2, name="better.xlsx")
    house.submit(house.filing("assessment", YONGHE, better, period="2003H1"), night=2)
    places = [
        [row_of(house.table("assessment", night=n), c).values["rank"] for c in (XI, FENXI, YONGHE)]
        for n in (1, 2)
    ]
    assert places == [[1, 2, None], [2, 1, None]]


def test_the_largest_value_of_all_lines_is_shown(house: House) -> None:
    lines = [{"doc_no": str(n), "delay_days": n} for n in (3, 41)]
    house.submit(house.filing("fund_arrival", XI, *lines))
    house.submit(house.filing("fund_arrival", FENXI, {"doc_no": "x", "delay_days": None}))
    table = house.table("fund_arrival")
    assert table.municipality.values["delay_days"] == 41
    assert row_of(table, FENXI).values["delay_days"] is None


def test_a_declared_nil_is_a_report_of_zeros(house: House) -> None:
    house.submit(house.filing("pv", XI))
    row = row_of(house.table("pv"), XI)
    assert row.reported is True
    assert row.values["village_stations"] == 0
    assert row.values["village_capacity_kw"] == 0


def test_a_blank_is_unknown_and_not_zero(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"task": None, "lifted": 5}))
    assert house.table("reduction").municipality.values["task"] is None


def test_a_missing_county_is_not_zero_and_a_county_that_owes_nothing_is_not_missing(
    house: House,
) -> None:
    line = {"pop_band": "le100", "villages": 5}
    house.submit(house.filing("relocation_survey", XI, line, period="2003H1"))
    table = house.table("relocation_survey", period="2003H1")
    assert row_of(table, XI).reported is True
    assert row_of(table, FENXI).reported is False
    assert row_of(table, YAODU).reported is None
    assert row_of(table, FENXI).values["villages"] is None
    assert (len(table.reported), len(table.owing)) == (1, 10)


def test_nobody_reported_means_no_municipal_figure(house: House) -> None:
    table = house.table("pv")
    assert table.municipality.reported is False
    assert set(table.municipality.values.values()) == {None}


def test_a_refused_county_is_missing(house: House) -> None:
    error = Finding(code="form-empty", severity=Severity.ERROR)
    house.submit(house.filing("pv", XI, findings=[error]))
    assert row_of(house.table("pv"), XI).reported is False


def test_a_resubmission_moves_the_municipal_row_by_exactly_the_difference(house: House) -> None:
    for county, task in ((XI, 400), (FENXI, 600)):
        house.submit(house.filing("reduction", county, {"task": task}))
    house.submit(house.filing("reduction", XI, {"task": 397}), night=2)
    assert house.table("reduction", night=2).municipality.values["task"] == 997
    assert house.table("reduction", night=1).municipality.values["task"] == 1000


def test_before_the_first_night_there_is_nothing(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"task": 400}), night=2)
    assert house.table("reduction", night=1).municipality.reported is False


def test_periods_do_not_mix(house: House) -> None:
    for period, task in (("2003H1", 1), ("2015", 2)):
        filing = house.filing("reduction", XI, {"task": task}, period=period)
        house.submit(filing, name=period)
    assert house.table("reduction", period="2003H1").municipality.values["task"] == 1
    assert house.table("reduction", period="2015").municipality.values["task"] == 2


file_number = count()
amounts = st.lists(st.decimals(0, 10**6, places=4), min_size=0, max_size=5)


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(amounts, min_size=17, max_size=17))
def test_the_counties_always_add_up_to_the_municipality(
    house: House, counties: list[list[Decimal]]
) -> None:
    for unit, values in zip(house.scheme.counties, counties, strict=True):
        lines = [{"doc_no": str(n), "issued": value} for n, value in enumerate(values)]
        filing = house.filing("fund_arrival", unit.code, *lines)
        house.submit(filing, content=f"file {next(file_number)}".encode())
    table = house.table("fund_arrival")
    expected = sum((value for values in counties for value in values), Decimal(0))
    assert table.municipality.values["issued"] == expected
    assert sum(row.values["issued"] or 0 for row in table.counties) == expected
