from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from schemas.errors import WarehouseError
from schemas.filing import Piece, Typed
from schemas.models import Scheme
from tests.few import with_forms
from tests.warehouse.conftest import House
from warehouse.tables import typed
from warehouse.tracing.trace import Trace, trace
from warehouse.tracing.traced_lines import TracedFigure
from warehouse.upkeep.upgrade import upgrade

XI, FENXI = "141031", "141034"

# Of one line, of printed lines and lists; sums, counts, shares, ratios, largest and smallest ones.
FORMS_OF_EVERY_SHAPE = (
    "training",
    "fund_arrival",
    "pv",
    "reduction",
    "mutual_fund",
    "problem_ledger",
    "area_dev",
)


def traced(
    house: House, form: str, measure: str, county: str | None = None, night: int = 1
) -> Trace:
    with house.engine.connect() as connection:
        figure = TracedFigure(form, measure, "2015", county)
        return trace(connection, house.scheme, figure, house.night(night))


def test_a_cell_is_traced_with_what_was_typed_and_to_the_sheet_it_stands_on(house: House) -> None:
    lines = [
        {"doc_no": a, "source_level": "city", "issued": Decimal(a), "arrived": Decimal(a)}
        for a in ("3.1", "20", "7")
    ]
    whole = house.filing("fund_arrival", XI, *lines)
    # The lines from row 6 on are rows 4 and 5 of another sheet, with the money in column C.
    piece = Piece("续表", {"doc_no": "A", "issued": "C", "arrived": "D"}, 6, 7, 2)
    rough = {("issued", 6): Typed("约20万元", Decimal(1), "约")}
    house.submit(replace(whole, pieces=(piece,), typed=rough))
    (part,) = traced(house, "fund_arrival", "issued").parts
    (share,) = part.shares
    assert [(str(cell.cell), cell.typed) for cell in share.cells] == [
        ("R07 扶贫资金到位与拨付表!G5", None),
        ("续表!C4", "约20万元"),
        ("续表!C5", None),
    ]
    with house.engine.connect() as connection:
        kept = connection.execute(select(typed)).mappings().one()
    told = {"row": 6, "indicator": "issued", "text": "约20万元", "step": "1", "rough": "约"}
    assert dict(kept) == {"filing_id": 1, **told}


@pytest.fixture
def two_counties(house: House) -> House:
    for county, amounts in ((XI, ["3.1", "0.0001"]), (FENXI, ["7"])):
        lines = [
            {"doc_no": a, "source_level": "city", "issued": Decimal(a), "arrived": Decimal(a) - 1}
            for a in amounts
        ]
        house.submit(house.filing("fund_arrival", county, *lines), name=f"{county}.xlsx")
    return house


def test_a_municipal_sum_is_traced_to_the_cells_it_is_made_of(two_counties: House) -> None:
    found = traced(two_counties, "fund_arrival", "issued")
    assert found.value == Decimal("10.1001")
    assert found.adds_up
    (part,) = found.parts
    sheet = "R07 扶贫资金到位与拨付表"
    assert [
        (share.unit.code, share.file_name, share.version, share.value) for share in part.shares
    ] == [
        (XI, f"{XI}.xlsx", 1, Decimal("3.1001")),
        (FENXI, f"{FENXI}.xlsx", 1, Decimal("7.0000")),
    ]
    assert [(str(cell.cell), cell.value) for cell in part.shares[0].cells] == [
        (f"{sheet}!G5", Decimal("3.1000")),
        (f"{sheet}!G6", Decimal("0.0001")),
    ]
    assert len(found.missing) == 15


def test_a_county_figure_is_traced_to_its_own_filing(two_counties: House) -> None:
    found = traced(two_counties, "fund_arrival", "city_issued", XI)
    assert found.value == Decimal("3.1001")
    assert [share.unit.code for share in found.parts[0].shares] == [XI]
    assert found.missing == ()
    assert found.adds_up


def test_of_a_ratio_both_operands_are_traced(two_counties: House) -> None:
    found = traced(two_counties, "fund_arrival", "arrival_pct")
    assert [(part.name, part.value) for part in found.parts] == [
        ("arrived", Decimal("7.1001")),
        ("issued", Decimal("10.1001")),
    ]
    assert found.value == Decimal("70.30")
    assert found.adds_up


def test_of_a_count_every_line_is_traced(two_counties: House) -> None:
    found = traced(two_counties, "fund_arrival", "documents")
    assert found.value == 3
    cells = [cell for share in found.parts[0].shares for cell in share.cells]
    assert [cell.cell.address for cell in cells] == ["B5", "B6", "B5"]
    assert found.adds_up


def test_lines_are_counted_of_a_return_that_was_let_in_without_their_key(house: House) -> None:
    whole = house.filing("pv", XI, {"kind": "village", "capacity_kw": Decimal(100)})
    letters = {name: at for name, at in whole.columns.items() if name != "station_no"}
    house.submit(replace(whole, columns=letters))
    found = traced(house, "pv", "village_stations")
    assert found.value == 1
    assert found.adds_up
    (cell,) = found.parts[0].shares[0].cells
    assert cell.cell.address != f"{whole.columns['station_no']}5"


def test_every_figure_adds_up(bare: Engine, scheme: Scheme) -> None:
    house = House(bare, with_forms(scheme, frozenset(FORMS_OF_EVERY_SHAPE)))
    upgrade(bare, house.scheme)
    samples = {"integer": 7, "decimal": Decimal("2.5")}
    forms = [house.scheme.form(name) for name in FORMS_OF_EVERY_SHAPE]
    for form in forms:
        line = {i.name: samples[i.kind] for i in form.indicators if i.numeric}
        house.submit(house.filing(form.name, XI, line), name=form.name)
    tables = {table.form.name: table for table in house.contents().tables}
    for table in (tables[form.name] for form in forms):
        for measure in table.measures:
            county = XI if measure.aggregation == "county" else None
            assert traced(house, table.form.name, measure.name, county).adds_up, measure.name


def test_a_declared_nil_is_a_share_of_zero_without_cells(house: House) -> None:
    house.submit(house.filing("pv", XI))
    found = traced(house, "pv", "village_capacity_kw")
    (share,) = found.parts[0].shares
    assert share.cells == ()
    assert (share.value, found.value) == (Decimal(0), Decimal(0))
    assert found.adds_up


def test_a_figure_that_nobody_reported_has_no_value_and_all_are_missing(house: House) -> None:
    found = traced(house, "pv", "village_stations")
    assert (found.value, found.recomputed, len(found.missing)) == (None, None, 17)


def test_a_trace_shows_the_figure_as_it_was_known_then(house: House) -> None:
    for number, task in ((1, 400), (2, 397)):
        house.submit(house.filing("reduction", XI, {"task": task}), night=number)
    for number, task in ((1, 400), (2, 397)):
        found = traced(house, "reduction", "task", night=number)
        assert found.value == task
        assert found.parts[0].shares[0].version == number


def test_a_figure_that_is_not_there_says_which_are(house: House) -> None:
    with pytest.raises(WarehouseError, match="start_persons, task, lifted"):
        traced(house, "reduction", "nothing")


def test_a_county_figure_is_asked_for_with_a_county(house: House) -> None:
    with pytest.raises(WarehouseError, match="name a county"):
        traced(house, "reduction", "delist_year")


def test_a_place_is_traced_to_the_figure_that_is_ranked(house: House) -> None:
    for county, total in ((XI, "81"), (FENXI, "90")):
        line = {"total_score": Decimal(total), "full_score": Decimal(100)}
        house.submit(house.filing("assessment", county, line), name=f"{county}.xlsx")
    found = traced(house, "assessment", "rank", XI)
    assert found.value == found.recomputed == Decimal(2)
    assert found.adds_up
    assert [(part.name, part.value) for part in found.parts] == [
        ("total_score", Decimal(81)),
        ("full_score", Decimal(100)),
    ]
    with pytest.raises(WarehouseError, match="rank has no municipal figure"):
        traced(house, "assessment", "rank")
