"""Marks in an .xls or .et: where they belong, and nothing else is changed."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.findings import CellRef, Severity
from schemas.formats.ole import CompoundFile
from schemas.grid import Place
from schemas.layout import address
from schemas.models import Scheme
from tests.schemas.formats.given import biff5, compound
from tests.warehouse.publish.given_biff import (
    Made,
    file,
    fills,
    notes,
    sheet,
    stream,
    style,
    taken_apart,
    with_text,
    workbook,
)
from tests.warehouse.publish.given_marking import (
    COLUMNS,
    REVIEW,
    RULE,
    WHAT,
    answers_in,
    filled,
    given_back,
    marking,
    reference,
    sheets,
)
from warehouse.publish.edition import Edition
from warehouse.publish.marks.biff import kinds, marked, was_marked
from warehouse.publish.marks.biff.records import Record
from warehouse.publish.marks.biff.styles import MOST_STYLES
from warehouse.publish.marks.marking import CannotMark, Marking, Review, ReviewLine

DATA = Path(__file__).parents[2] / "data" / "formats"
ERROR, WARNING, NOTICE = Severity
RED, YELLOW = "F4CFC9", "F9DC8C"


def formulas(content: bytes, name: str) -> Sequence[bytes]:
    """Formulas and what they came to, without the styles of their cells."""
    found = [data for kind, data in sheet(content, name).records if kind == kinds.FORMULA]
    return [data[:4] + data[6:] for data in found]


def looked_into(content: bytes) -> Sequence[str]:
    """The sheets of this workbook that formulas look into, in the order they number them."""
    whole = taken_apart(content)
    names = [sheet.name for sheet in whole.sheets]
    data = b"".join(data for kind, data in whole.head if kind == kinds.EXTERN_SHEET)
    places = [struct.unpack_from("<H", data, at)[0] for at in range(4, len(data) - 3, 6)]
    return [names[place] for place in places]


@pytest.fixture(scope="module")
def original() -> bytes:
    """Saved by LibreOffice: formulas between sheets, names, comments, a chart, validations."""
    return (DATA / "marked.xls").read_bytes()


MARKING = marking(
    {
        ("沼气", "C3"): ERROR,
        ("沼气", "B2"): WARNING,
        ("沼气", "M70"): NOTICE,
        ("没有", "A1"): ERROR,
    },
    {("沼气", "C3"): WHAT, ("沼气", "B4"): WHAT, ("空", "A1"): WHAT},
)


@pytest.fixture(scope="module")
def copy(original: bytes) -> bytes:
    return marked(original, MARKING)


def test_cells_that_were_there_and_that_were_not_are_coloured(original: bytes, copy: bytes) -> None:
    before, after = fills(original, "沼气"), fills(copy, "沼气")
    merged, there, missing = (0, 0), (2, 2), (69, 12)  # A1:D2 shows in A1
    assert {place: after[place] for place in after if after[place] != before.get(place)} == {
        merged: YELLOW, there: RED, missing: "DCE7F1",
    }  # fmt: skip


def test_comments_say_what_is_wrong_below_what_others_wrote(copy: bytes) -> None:
    assert notes(copy, "沼气") == {
        (2, 2): ("huizong", WHAT),
        (3, 1): ("huizong:  ", f"老张核实{RULE}{WHAT}"),
        (5, 1): (" ", "老李"),
    }
    assert notes(copy, "空") == {(0, 0): ("huizong", WHAT)}
    assert sheets(copy)["沼气"].notes == {(3, 1): "老张核实", (5, 1): "老李"}


def test_every_other_sheet_reads_as_before(original: bytes, copy: bytes) -> None:
    before, after = sheets(original), sheets(copy)
    assert list(after) == [REVIEW, *before]
    for name, was in before.items():
        assert filled(after[name]) == filled(was)
        assert after[name].merged == was.merged
        assert after[name].hidden_rows == was.hidden_rows
        assert formulas(copy, name) == formulas(original, name)


def test_formulas_and_names_lead_to_the_sheets_they_led_to(original: bytes, copy: bytes) -> None:
    assert looked_into(original) == ["汇总 表", "沼气"]
    assert looked_into(copy) == ["汇总 表", "沼气", REVIEW]
    before, after = taken_apart(original), taken_apart(copy)
    of = [
        [struct.unpack_from("<H", data, 8)[0] for kind, data in whole.head if kind == kinds.NAME]
        for whole in (before, after)
    ]
    assert of[1] == [*(number and number + 1 for number in of[0]), 1]
    assert any(of[0])


def test_other_streams_and_records_of_other_kinds_are_kept(original: bytes, copy: bytes) -> None:
    before, after = CompoundFile(original), CompoundFile(copy)
    assert list(before.entries) == list(after.entries)
    for name in before.entries:
        if name not in ("Workbook", "Root Entry"):
            assert after.stream(name) == before.stream(name)
    touched = (*kinds.CELLS, *kinds.RUNS, kinds.ROW, kinds.DIMENSIONS, kinds.SHEET_WINDOW)
    drawn = (kinds.DRAWING, kinds.OBJECT, kinds.OBJECT_TEXT, kinds.CONTINUE, kinds.NOTE)
    for name in sheets(original):
        same = [
            [record for record in sheet(content, name).records if record[0] not in touched + drawn]
            for content in (original, copy)
        ]
        assert same[0] == same[1]


def test_a_style_keeps_all_but_its_fill(original: bytes, copy: bytes) -> None:
    styles = [data for kind, data in taken_apart(copy).head if kind == kinds.STYLE]
    of = [
        struct.unpack_from("<H", data, 4)[0]
        for content in (original, copy)
        for kind, data in sheet(content, "沼气").records
        if kind == kinds.SHARED_TEXT and data[:4] == struct.pack("<2H", 2, 2)
    ]
    plain, coloured = (styles[number] for number in of)
    fill = slice(18, 20)
    assert plain[fill] != coloured[fill]
    assert (plain[:9], plain[10:17]) == (coloured[:9], coloured[10:17])


def test_the_review_stands_in_front_and_is_the_only_sheet_selected(copy: bytes) -> None:
    whole = taken_apart(copy)
    (window,) = (data for kind, data in whole.head if kind == kinds.WINDOW)
    assert struct.unpack_from("<3H", window, 10) == (0, 0, 1)
    assert [s.name for s in whole.sheets if _selected(s.records)] == [REVIEW]


def _selected(records: Sequence[Record]) -> bool:
    return any(kind == kinds.SHEET_WINDOW and data[1] & 2 for kind, data in records)


def test_the_review_lists_what_was_found_with_links(copy: bytes) -> None:
    review = sheets(copy)[REVIEW]
    assert [row[0] for row in review.rows[:5]] == [*MARKING.review.heading, "等级"]
    assert review.rows[5][:4] == ["强制性", "C3", "问题0", ""]
    assert 4 in review.hidden_columns
    links = [data for kind, data in sheet(copy, REVIEW).records if kind == 0x1B8]
    assert len(links) == 3  # 没有 is not there
    assert links[0].endswith("'沼气'!C3\0".encode("utf-16-le"))


def test_an_explanation_written_beside_a_finding_is_read_back(copy: bytes) -> None:
    sent = with_text(copy, REVIEW, (6, 3), "施工队冬季停工")
    assert answers_in(sent) == [(reference(1), "施工队冬季停工", "D7")]


def test_a_county_gets_its_xls_back_marked(
    edition: Edition, scheme: Scheme, original: bytes
) -> None:
    cell = CellRef(sheet="沼气", address="C3")
    copy = given_back(edition, scheme, "旧表.xls", original, cell)
    assert fills(copy, "沼气")[2, 2] == RED
    assert notes(copy, "沼气")[2, 2][1].startswith("【强制性】不符合审核关系")


def test_marking_twice_is_marking_once(copy: bytes) -> None:
    assert marked(copy, MARKING) == copy


def test_marks_of_an_earlier_night_are_taken_out(original: bytes, copy: bytes) -> None:
    clean = marked(copy, marking({}))
    assert fills(clean, "沼气") == {
        place: rgb for place, rgb in fills(original, "沼气").items() if place != (0, 0)
    }
    for name in ("沼气", "空"):
        assert notes(clean, name) == notes(original, name)
    assert list(sheets(clean)) == list(sheets(copy))
    assert was_marked(clean, REVIEW)
    assert not was_marked(original, REVIEW)


def test_other_findings_take_the_place_of_earlier_ones(copy: bytes) -> None:
    other = marking({("汇总 表", "A1"): ERROR}, {("汇总 表", "A1"): WHAT})
    again = marked(copy, other)
    assert set(fills(again, "沼气").values()).isdisjoint((RED, YELLOW))
    assert fills(again, "汇总 表") == {(0, 0): RED}
    assert notes(again, "汇总 表") == {(0, 0): ("huizong", WHAT)}


def test_an_et_is_marked_as_an_xls_is() -> None:
    made = Made("沼气", {(0, 0): "汾西县", (1, 1): 12.0})
    copy = marked(workbook(made), marking({("沼气", "B2"): ERROR}, {("沼气", "B2"): WHAT}))
    assert fills(copy, "沼气") == {(1, 1): RED}
    assert notes(copy, "沼气") == {(1, 1): ("huizong", WHAT)}  # no drawing was there before


def test_a_long_text_goes_over_several_records() -> None:
    made, long = Made("沼气", {(0, 0): "汾西县"}), "长" * 9_000
    told = marking({("沼气", "A1"): ERROR}, {("沼气", "A1"): long})
    (line,) = told.review.lines
    line = ReviewLine(("强制性", "A1", long, ""), line.severity, line.target, line.reference)
    review = Review(REVIEW, told.review.heading, COLUMNS, told.review.stamp, (line, line))
    told = Marking(told.colours, told.comments, review, "宋体", told.at)
    copy = marked(workbook(made), told)
    assert marked(copy, told) == copy
    assert [row[2] for row in sheets(copy)[REVIEW].rows[5:]] == [long, long]
    parts = [data for kind, data in sheet(copy, "沼气").records if kind == kinds.CONTINUE]
    assert "".join(part[1:].decode("utf-16-le") for part in parts[:-1]) == long


def test_many_comments_have_shapes_of_their_own() -> None:
    places = [(row, column) for row in range(300) for column in range(5)]
    made = Made("沼气", dict.fromkeys(places, 1.0))
    cells = {("沼气", address(*place)): WHAT for place in places}
    copy = marked(workbook(made), marking({}, cells))
    assert len(notes(copy, "沼气")) == 1500
    shapes = [
        struct.unpack_from("<I", data, 16)[0]
        for kind, data in sheet(copy, "沼气").records
        if kind == kinds.DRAWING and len(data) > 8 and data[2:4] == b"\x04\xf0"
    ]
    assert len(set(shapes)) == len(shapes) == 1499  # the first one stands behind the frame


def test_colours_that_the_workbook_uses_stay() -> None:
    used = bytearray(style())
    struct.pack_into("<IH", used, 14, 1 << 26, 0x27 | 0x40 << 7)
    made = Made("沼气", {(0, 0): 1.0})
    copy = marked(
        workbook(made, more=[(kinds.STYLE, bytes(used))]), marking({("沼气", "A1"): ERROR})
    )
    (palette,) = (data for kind, data in taken_apart(copy).head if kind == kinds.PALETTE)
    assert palette[2 + 4 * (0x27 - 8) :][:3].hex() == "0000ff"
    assert fills(copy, "沼气") == {(0, 0): RED}


def test_what_styles_have_more_goes_on_counting() -> None:
    """Since Excel 2007 a check sum over the styles says whether they may be believed."""
    made = stream(Made("沼气", {(0, 0): 1.0}))
    styles = [data for kind, data in made.head if kind == kinds.STYLE]
    crc = struct.pack("<H12xHI", kinds.STYLE_SUM, len(styles), checksum(styles))
    colours = struct.pack("<2HIHI", 4, 10, 0, 0, 0)[:10], struct.pack("<2HH4x", 13, 10, 1)
    more = struct.pack("<H12xHHH", kinds.STYLE_MORE, 15, 0, 2) + b"".join(colours)
    place = made.last(kinds.STYLE)
    made.head[place:place] = [(kinds.STYLE_SUM, crc), (kinds.STYLE_MORE, more)]
    copy = marked(file(made), marking({("沼气", "A1"): ERROR}))
    head = taken_apart(copy).head
    after = [data for kind, data in head if kind == kinds.STYLE]
    (total,) = (data for kind, data in head if kind == kinds.STYLE_SUM)
    assert struct.unpack_from("<HI", total, 14) == (len(after), checksum(after))
    added = [data for kind, data in head if kind == kinds.STYLE_MORE][1:]
    assert [data[18:] for data in added] == [struct.pack("<H", 1) + colours[1]]


def checksum(styles: Sequence[bytes]) -> int:
    """The remainder by x³² + x⁷ + x⁵ + x³ + x² + x + 1."""
    total = 0
    for byte in b"".join(styles):
        total ^= byte << 24
        for _ in range(8):
            total = (total << 1) ^ (0x1000000AF if total & 0x80000000 else 0)
    return total


def broken(change: Mapping[int, bytes]) -> bytes:
    """A workbook whose head has records that are not usual."""
    return workbook(Made("沼气", {(0, 0): 1.0}), more=list(change.items()))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file-empty"),
        (compound("WordDocument", b"x"), "file-not-workbook"),
        (workbook(Made(REVIEW, {(0, 0): "自己的"})), "of its own"),
        (biff5("沼气", [["汾西县", 1.0]]), "older than Excel 97"),
        (broken({kinds.FILE_PASS: bytes(6)}), "file-encrypted"),
        (broken({kinds.SHEET_IDS: bytes(6)}), "not as many"),
        (
            workbook(Made("沼气", {(0, 0): 1.0}), more=[(kinds.STYLE, bytes(20))] * MOST_STYLES),
            "styles",
        ),
        (compound("Workbook", b"\x09\x08\x10\x00\x00\x06\x05\x00"), "cannot be read"),
    ],
)
def test_what_cannot_be_marked_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(CannotMark, match=reason):
        marked(content, marking({("沼气", "A1"): ERROR}))


@pytest.mark.parametrize("name", ["_signatures", "Revision Log", "Book"])
def test_what_is_signed_shared_or_of_two_versions_is_refused(name: str, original: bytes) -> None:
    other = "\x05SummaryInformation"
    entry = other.encode("utf-16-le").ljust(64, b"\0")
    entry += struct.pack("<H", 2 * len(other) + 2)
    renamed = name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2)
    assert original.count(entry) == 1
    with pytest.raises(CannotMark):
        marked(original.replace(entry, renamed), MARKING)


values = st.one_of(st.none(), st.integers(-1000, 1000).map(float), st.text("汾西a", min_size=1))
places = st.tuples(st.integers(0, 40), st.integers(0, 20))


@given(
    cells=st.dictionaries(places, values, min_size=1, max_size=40),
    marks=st.dictionaries(places, st.sampled_from(Severity), max_size=8),
    runs=st.booleans(),
)
@settings(max_examples=30, deadline=None)
def test_whatever_is_marked_is_coloured_and_reads_as_before(
    cells: Mapping[Place, float | str | None], marks: Mapping[Place, Severity], runs: bool
) -> None:
    original = workbook(Made("甲", cells, runs=runs), Made("乙", {(0, 0): "末"}))
    where = {("甲", address(*place)): severity for place, severity in marks.items()}
    told = marking(where, dict.fromkeys(where, WHAT))
    copy = marked(original, told)
    assert filled(sheets(copy)["甲"]) == filled(sheets(original)["甲"])
    assert set(fills(copy, "甲")) == set(notes(copy, "甲")) == set(marks)
    order = [
        struct.unpack_from("<2H", data)
        for kind, data in sheet(copy, "甲").records
        if kind in (*kinds.CELLS, *kinds.RUNS)
    ]
    assert order == sorted(order)
    assert marked(copy, told) == copy
    assert fills(marked(copy, marking({})), "甲") == {}


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_damaged_is_refused_or_reads_as_before(data: st.DataObject) -> None:
    content = (DATA / "marked.xls").read_bytes()
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        copy = marked(bytes(damaged), MARKING)
    except CannotMark:
        return
    before, after = sheets(bytes(damaged)), sheets(copy)
    assert all(filled(after[name]) == filled(before[name]) for name in before if name != REVIEW)


def test_a_cell_with_a_named_style_gets_one_of_its_own() -> None:
    """Some programs count one named style more; cells without a record then have the last."""
    made = stream(Made("沼气", {(0, 0): 1.0}))
    number = [kind for kind, _ in made.head].index(kinds.STYLE) + 15
    made.head[number] = (kinds.STYLE, style(named=True))
    copy = marked(file(made), marking({("沼气", "C3"): ERROR}))
    whole = taken_apart(copy)
    styles = [data for kind, data in whole.head if kind == kinds.STYLE]
    (blank,) = (d for kind, d in sheet(copy, "沼气").records if kind == kinds.BLANK)
    own = styles[struct.unpack_from("<H", blank, 4)[0]]
    assert struct.unpack_from("<H", own, 4)[0] == 1


def test_what_nobody_signed_above_our_comment_stays(original: bytes) -> None:
    whole = taken_apart(original)
    for of in whole.sheets:
        for number, (kind, data) in enumerate(of.records):
            if kind == kinds.NOTE:
                of.records[number] = (kind, data[:8] + bytes(4))
    unsigned = file(whole)
    copy = marked(unsigned, MARKING)
    assert notes(copy, "沼气")[3, 1] == ("huizong", f"老张核实{RULE}{WHAT}")
    assert sheets(copy)["沼气"].notes == sheets(unsigned)["沼气"].notes
    assert notes(marked(copy, marking({})), "沼气") == notes(unsigned, "沼气")


def test_a_drawing_that_goes_on_behind_an_object_is_read_as_one(original: bytes) -> None:
    """As Excel writes it where a drawing is long: only its first record says that it is one."""
    whole = taken_apart(original)
    of = next(sheet for sheet in whole.sheets if sheet.name == "沼气")
    _, *others = (n for n, (kind, _) in of.own() if kind == kinds.DRAWING)
    for number in others:
        of.records[number] = (kinds.CONTINUE, of.records[number][1])
    assert len(others) > 2
    copy = marked(file(whole), MARKING)
    assert notes(copy, "沼气") == notes(marked(original, MARKING), "沼气")
    assert notes(marked(copy, marking({})), "沼气") == notes(original, "沼气")
