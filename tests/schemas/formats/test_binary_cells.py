"""Cells of an .xlsb that the native reader leaves out are read all the same."""

import struct
from collections.abc import Mapping, Sequence

import pytest

from schemas.errors import WorkbookError
from schemas.grid import CellError, Place, RawCell, Sheet
from schemas.models import Scheme
from schemas.sample import sample_lines
from schemas.template.template import write_workbook
from schemas.workbook import open_workbook
from tests.schemas.clerk import FENXI, H1, LINFEN
from tests.schemas.test_reader import filing
from tests.warehouse.publish.given_biff12 import (
    Made,
    Record,
    Value,
    joined,
    packed,
    parts_of,
    records,
    text,
    workbook,
)

STYLE = bytes(4)
SHEET = "xl/worksheets/sheet1.bin"
NUMBER: Record = (5, struct.pack("<2Id", 3, 0, 7))


def with_cells(*cells: Record) -> Sheet:
    """A sheet as it is read: 甲 in its fourth column and row, and some cells behind that."""
    parts = parts_of(workbook(Made("沼气", {(3, 3): "甲"})))
    found = records(parts[SHEET])
    behind = [kind for kind, _ in found].index(7) + 1
    parts[SHEET] = joined([*found[:behind], *cells, *found[behind:]])
    return open_workbook(packed(parts), "a.xlsb").sheets[0]


def row_of(*cells: Record) -> Sequence[RawCell]:
    return with_cells(*cells).rows[3]


@pytest.mark.parametrize(
    ("short", "data", "value"),
    [
        (12, b"", ""),
        (13, struct.pack("<I", 212 << 2 | 2), 212),
        (14, b"\x07", CellError.ERROR),
        (15, b"\1", True),
        (16, struct.pack("<d", 12.5), 12.5),
        (17, text("汾西县"), "汾西县"),
        (18, struct.pack("<I", 0), "甲"),
    ],
)
def test_a_cell_that_states_no_column_stands_behind_the_one_before(
    short: int, data: bytes, value: RawCell
) -> None:
    last = (16, STYLE + struct.pack("<d", 7))
    assert row_of((short, STYLE + data), last)[3:] == ["甲", value, 7]


def test_the_columns_of_such_cells_are_counted_on_from_one_that_is_stated() -> None:
    stated = (5, struct.pack("<IId", 7, 0, 1.5))
    follows = (16, STYLE + struct.pack("<d", 2.5))
    assert row_of(follows, stated, follows)[3:] == ["甲", 2.5, "", "", 1.5, 2.5]


def test_in_another_row_they_begin_with_the_first_column() -> None:
    row = (0, struct.pack("<2IH3BI", 4, 0, 285, 0, 0, 0, 0))
    follows = (17, STYLE + text("吉县"))
    assert with_cells(row, follows, follows).rows[4][:3] == ["吉县", "吉县", ""]


def test_a_text_of_several_fonts_in_its_own_cell_is_read() -> None:
    rich = b"\1" + text("填报单位：汾西县") + struct.pack("<I2H", 1, 5, 1)
    plain = b"\0" + text("初审")
    cells = [(62, struct.pack("<2I", 4 + n, 0) + data) for n, data in enumerate((rich, plain))]
    assert row_of(*cells)[3:] == ["甲", "填报单位：汾西县", "初审"]


def test_merged_areas_are_known() -> None:
    area = (176, struct.pack("<4I", 0, 1, 2, 4))
    (sheet,) = open_workbook(workbook(Made("沼气", {(0, 2): 1.0}, more=[area])), "a").sheets
    assert [*sheet.merged] == [((0, 2), (1, 4))]


def test_a_record_that_is_cut_off_makes_no_other_cells() -> None:
    with pytest.raises(WorkbookError) as raised:
        row_of((62, struct.pack("<2I", 4, 0)))
    assert raised.value.code == "file-unreadable"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        # The native reader would make room for every cell in between.
        ([(0, struct.pack("<I", 2**30) + bytes(21)), NUMBER], "row 1073741825"),
        ([(5, struct.pack("<2Id", 2**30, 0, 7))], "column 1073741825"),
        ([(0, b""), NUMBER], ""),  # it would take the row that it read before for this one
    ],
)
def test_a_cell_where_no_sheet_has_one_is_not_handed_on(cells: list[Record], reason: str) -> None:
    with pytest.raises(WorkbookError) as raised:
        with_cells(*cells)
    assert raised.value.code == "file-unreadable"
    assert reason in str(raised.value)


@pytest.mark.parametrize("short", [True, False])
def test_a_return_is_read_like_an_xlsx(scheme: Scheme, short: bool) -> None:
    form, lines = scheme.form("biogas"), sample_lines(scheme, LINFEN, H1)[FENXI]
    content = write_workbook(scheme, scheme.county(FENXI), H1, lines, forms=[form])
    sheets = open_workbook(content, "a.xlsx").sheets
    binary = workbook(*(Made(sheet.name, values(sheet), short=short) for sheet in sheets))
    was, found = (filing(scheme, each, form.name) for each in (content, binary))
    assert found.frame.equals(was.frame)
    assert (found.county, found.period, found.findings) == (FENXI, H1.id, ())


def values(sheet: Sheet) -> Mapping[Place, Value]:
    """What is filled in, without formulas that were never worked out."""
    return {
        (row, column): cell
        for row, cells in enumerate(sheet.rows)
        for column, cell in enumerate(cells)
        if cell != "" and isinstance(cell, int | float | str)
    }
