from hypothesis import given
from hypothesis import strategies as st

from schemas.areas import addresses, area_of
from schemas.findings import CellRef, areas_of, cells_in
from schemas.models import Scheme
from schemas.place import Place, merged

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
        found = merged(
            place.value_finding(
                "value-not-number",
                indicator,
                CellRef(sheet="表", address=f"A{8 + n}"),
                {"stated": f"约{n}户"},
            )
            for n in range(number)
        )
        return tuple(finding.lines for finding in found)

    assert told(10) == (1,) * 10
    assert told(11) == (11,)
