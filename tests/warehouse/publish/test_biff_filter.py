"""The list in front of a marked .xls has a filter, and the filters of others stay as they are."""

import struct
from collections.abc import Sequence

import pytest

from schemas.findings import Severity
from tests.warehouse.publish.given_biff import Made, sheet, taken_apart, workbook
from tests.warehouse.publish.given_marking import COLUMNS, REVIEW, marking
from warehouse.publish.marks.biff import kinds, marked
from warehouse.publish.marks.marking import HEADING_ROW

ARROW, OF_FILTER, AREA = 0x14, 0x0D, 0x3B
ANCHOR_HEAD = struct.pack("<2HI", 0, 0xF010, 18)
MARKING = marking({("沼气", "B2"): Severity.ERROR, ("沼气", "B3"): Severity.NOTICE})
HEADINGS, LAST = HEADING_ROW - 1, HEADING_ROW + 1


def filter_name(sheet: int, reference: int, *area: int) -> bytes:
    """The hidden name of the filter of a sheet, counted from 1: rows, then columns."""
    name = struct.pack("<H2B3H4x2B", 0x21, 0, 1, 11, 0, sheet, 0, OF_FILTER)
    return name + struct.pack("<B5H", AREA, reference, *area)


def of_kind(content: bytes, kind: int) -> list[bytes]:
    return [data for of, data in taken_apart(content).head if of == kind]


def arrows(content: bytes, name: str) -> list[int]:
    """The numbers of the objects on a sheet that are arrows of filters."""
    found = [data for kind, data in sheet(content, name).records if kind == kinds.OBJECT]
    heads = [struct.unpack_from("<3H", data, 4) for data in found]
    return [number for of, number, _ in heads if of == ARROW]


def anchors(content: bytes, name: str) -> list[Sequence[int]]:
    """The corners of the shapes on a sheet: column and row, in parts of which they are 0."""
    data = b"".join(data for kind, data in sheet(content, name).records if kind == kinds.DRAWING)
    places = [at + 8 for at in range(len(data)) if data[at : at + 8] == ANCHOR_HEAD]
    return [struct.unpack_from("<9H", data, at)[1::2] for at in places]


@pytest.fixture(scope="module")
def plain() -> bytes:
    return workbook(Made("沼气", {(0, 0): "汾西县", (1, 1): 12.0}))


def test_every_heading_of_the_list_has_an_arrow(plain: bytes) -> None:
    copy = marked(plain, MARKING)
    columns = len(COLUMNS) + 1  # what lines are matched by stands behind them, out of sight
    assert arrows(copy, REVIEW) == [*range(1, columns + 1)]
    assert anchors(copy, REVIEW) == [(n, HEADINGS, n + 1, HEADINGS + 1) for n in range(columns)]
    records = sheet(copy, REVIEW).records
    (number,) = (n for n, (kind, _) in enumerate(records) if kind == kinds.FILTERED)
    assert records[number][1] == struct.pack("<H", columns)
    assert records[number + 1][0] == kinds.DIMENSIONS


def test_the_filter_covers_the_lines_and_what_they_are_matched_by(plain: bytes) -> None:
    copy = marked(plain, MARKING)
    assert of_kind(copy, kinds.SHARED_BOOK) == [struct.pack("<2H", 2, 0x0401)]
    assert of_kind(copy, kinds.EXTERN_SHEET) == [struct.pack("<4H", 1, 0, 0, 0)]
    area = (HEADINGS, LAST, 0, len(COLUMNS))
    assert of_kind(copy, kinds.NAME) == [filter_name(1, 0, *area)]


def test_a_list_with_other_lines_has_its_filter_over_these(plain: bytes) -> None:
    copy = marked(marked(plain, MARKING), marking({("沼气", "B2"): Severity.ERROR}))
    assert of_kind(copy, kinds.NAME) == [filter_name(1, 0, HEADINGS, LAST - 1, 0, len(COLUMNS))]
    assert arrows(copy, REVIEW) == [*range(1, len(COLUMNS) + 2)]


def test_the_filter_of_a_sheet_of_the_county_stays() -> None:
    own = (0, 1, 0, 1)
    more = [
        (kinds.SHARED_BOOK, struct.pack("<2H", 1, 0x0401)),
        (kinds.EXTERN_SHEET, struct.pack("<4H", 1, 0, 0, 0)),
        (kinds.NAME, filter_name(1, 0, *own)),
    ]
    copy = marked(workbook(Made("沼气", {(0, 0): "户数", (1, 0): 1.0}), more=more), MARKING)
    assert of_kind(copy, kinds.EXTERN_SHEET) == [struct.pack("<7H", 2, 0, 1, 1, 0, 0, 0)]
    assert of_kind(copy, kinds.NAME) == [
        filter_name(2, 0, *own),
        filter_name(1, 1, HEADINGS, LAST, 0, len(COLUMNS)),
    ]


def test_arrows_and_comments_have_numbers_of_their_own(plain: bytes) -> None:
    given = marking({("沼气", "B2"): Severity.ERROR}, {("沼气", "B2"): "漏填"})
    copy = marked(plain, given)
    (group,) = of_kind(copy, kinds.DRAWING_GROUP)
    highest, clusters, shapes, drawings = struct.unpack_from("<4I", group, 16)
    counts = [struct.unpack_from("<2I", group, 32 + 8 * number) for number in range(clusters - 1)]
    # A frame and a comment on the one sheet, a frame and an arrow for each column on the other.
    assert counts == [(1, 2), (2, 2 + len(COLUMNS))]
    assert (shapes, drawings, highest) == (4 + len(COLUMNS), 2, 2 * 1024 + 1 + len(COLUMNS))
    assert marked(copy, given) == copy


def test_a_workbook_in_which_nothing_may_be_drawn_has_a_list_without_a_filter() -> None:
    unknown = [(kinds.DRAWING_GROUP, bytes(16))]
    copy = marked(workbook(Made("沼气", {(0, 0): 1.0}), more=unknown), MARKING)
    assert arrows(copy, REVIEW) == []
    assert kinds.FILTERED not in dict(sheet(copy, REVIEW).records)
    assert of_kind(copy, kinds.NAME) == []
