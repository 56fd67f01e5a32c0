from hypothesis import given
from hypothesis import strategies as st

from schemas.areas import addresses, area_of
from schemas.findings import CellRef, areas_of, cells_in
from schemas.models import Scheme
from schemas.place import Place
from schemas.reading.faults import Fault, merged

cells = st.builds(
    lambda column, row: f"{column}{row}", st.sampled_from(["A", "K", "AB"]), st.integers(1, 40)
)


def test_rows_without_a_gap_are_one_area() -> None:
    assert area_of(["K9", "K10", "K11", "K25", "AB25"]) == "K9:K11 K25 AB25"


@given(st.lists(cells))
def test_areas_hold_the_cells_that_they_are_made_of(given_cells: list[str]) -> None:
    found = list(addresses(area_of(given_cells)))
    assert sorted(found) == sorted(set(given_cells))


def test_cells_of_two_sheets_are_areas_of_each() -> None:
    found = areas_of(
        CellRef(sheet=s, address=a) for s, a in (("甲", "A1"), ("乙", "A1"), ("甲", "A2"))
    )
    assert [str(area) for area in found] == ["甲!A1:A2", "乙!A1"]
    assert [str(cell) for cell in cells_in(found)] == ["甲!A1", "甲!A2", "乙!A1"]


def test_more_than_ten_unlike_values_of_a_column_are_one_finding(scheme: Scheme) -> None:
    indicator = scheme.form("biogas")["stock_prev"]
    place = Place("141002", "2015", "biogas")

    def told(number: int) -> tuple[int, ...]:
        faults = (
            Fault("value-not-number", indicator, 7 + n, 0, {"stated": f"约{n}户"})
            for n in range(number)
        )
        found = merged(faults, place, "表")
        return tuple(finding.lines for finding in found)

    assert told(10) == (1,) * 10
    assert told(11) == (11,)


def test_what_is_the_same_on_many_rows_is_one_finding_with_every_cell(scheme: Scheme) -> None:
    indicator = scheme.form("biogas")["stock_prev"]
    faults = [
        Fault("value-not-number", indicator, row, 1, {"stated": "无数"}) for row in (7, 8, 11)
    ]
    (found,) = merged(faults, Place("141002", "2015", "biogas"), "表")
    assert found.lines == 3
    assert [str(cell) for cell in found.cells] == ["表!B8", "表!B9", "表!B12"]
    assert [str(area) for area in found.areas] == ["表!B8:B9 B12"]


def test_a_personal_value_is_not_told_apart(scheme: Scheme) -> None:
    indicator = scheme.form("hh_member")["id_no"]
    faults = [
        Fault("value-ditto", indicator, row, 3, {"stated": stated})
        for row, stated in ((7, "同上"), (8, "〃"))
    ]
    (found,) = merged(faults, Place("141002", "2015", "hh_member"), "表")
    assert found.lines == 2
    assert not any("同上" in str(value) for value in found.parameters.values())
