"""The columns below the headings of a form say cell by cell what its sheet says."""

import pytest

from schemas.grid import RawCell, Sheet
from schemas.reading.below import Below
from schemas.typed.cells import is_blank

FIRST = 2
LONGEST: list[RawCell] = ["户主", 4.0, "", "迁出", "\u200b"]
ROWS: list[list[RawCell]] = [
    ["户主姓名", "人口"],
    ["甲", 1.0],
    *[LONGEST[: 1 + n % 5] for n in range(450)],
    [],
    ["", "", "", 12.0],
]


@pytest.fixture
def below() -> Below:
    return Below(Sheet("名册", hidden=False, rows=ROWS, merged=()), FIRST)


def test_rows_of_any_length_have_all_their_cells_at_their_place(below: Below) -> None:
    assert len(below.columns) == 5
    for row in range(FIRST, len(ROWS)):
        cells = [cells[row - FIRST] for cells in below.columns]
        assert cells == [below.sheet.cell(row, column) for column in range(5)]


def test_a_column_beyond_the_last_is_blank(below: Below) -> None:
    assert [*below.column(9)] == [""] * (len(ROWS) - FIRST)


@pytest.mark.parametrize(
    "rows", [range(FIRST, len(ROWS)), range(7, 300), [3, 4, 9, 300], [5], []], ids=str
)
def test_the_cells_on_some_rows_are_those_of_the_sheet(below: Below, rows: list[int]) -> None:
    for column in range(5):
        assert [*below.on(rows, column)] == [below.sheet.cell(row, column) for row in rows]


def test_blank_is_in_every_column_what_is_blank_by_itself(below: Below) -> None:
    for column in range(5):
        assert below.blanks(column) == {c for c in below.column(column) if is_blank(c)}
    assert "\u200b" in below.blanks(4)
