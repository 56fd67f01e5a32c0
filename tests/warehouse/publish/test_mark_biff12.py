"""Marks in an .xlsb: where they belong, and nothing else is changed."""

import re
import struct
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.findings import CellRef, Severity
from schemas.grid import Place
from schemas.layout import address
from schemas.models import Scheme
from tests.warehouse.publish.given_biff12 import (
    GREY,
    NO_TEXT,
    Formula,
    Made,
    Record,
    Rich,
    Value,
    packed,
    parts_of,
    record,
    records,
    text,
    workbook,
)
from tests.warehouse.publish.given_marking import (
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
from tests.warehouse.publish.seen_biff12 import (
    boxes,
    fills,
    listed,
    looked_into,
    names,
    notes,
    of_sheet,
    part,
    placed,
    section,
    with_text,
)
from warehouse.publish.edition import Edition
from warehouse.publish.marks.biff12 import marked, was_marked
from warehouse.publish.marks.editors import editor_of
from warehouse.publish.marks.marking import CannotMark

DATA = Path(__file__).parents[2] / "data"
ERROR, WARNING, NOTICE = Severity
RED, YELLOW, BLUE = "F4CFC9", "F9DC8C", "DCE7F1"
FIRST, HIDDEN = "进度表", "藏得很深"

SUM = bytes.fromhex("25020000000400000001c001c0")  # an area, relative
ELSEWHERE = b"\x3a" + struct.pack("<HIH", 0, 0, 0xC000)  # the first cell of what is looked into
MERGED: tuple[Record, ...] = (
    (177, struct.pack("<I", 1)),
    (176, struct.pack("<4I", 0, 1, 0, 3)),
    (178, b""),
)
PROTECTED = (535, struct.pack("<H16I", 0xABCD, *[1] * 16))
CONDITION = (461, b"kept as it stands")
DIALOG: tuple[Record, ...] = ((573, bytes(18)), (64, b"a list to choose from"), (574, b""))
FUTURE: tuple[Record, ...] = ((35, bytes(4)), (4097, b"since 2010"), (36, b""))


def name_of(name: str, sheet: int, formula: bytes) -> Record:
    told = struct.pack("<IBi", 0, 0, sheet) + text(name)
    return 39, told + struct.pack("<I", len(formula)) + formula + bytes(4) + NO_TEXT


def rich_workbook() -> bytes:
    """Formulas between sheets, names, comments, a button, protection, a very hidden sheet."""
    area = b"\x3b" + struct.pack("<H2I2H", 1, 4, 9, 0, 3)
    looks = struct.pack("<I12i", 4, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, -1, -1)
    head = [
        *[(353, b""), (355, text("rId9")), (357, b""), (362, looks), (354, b"")],
        *[name_of("_FilterDatabase", 0, area), name_of("全部", -1, area), name_of("乙", 1, area)],
    ]
    first = Made(
        FIRST,
        {
            (0, 0): "汾西县",
            (2, 0): Rich("粗 细"),
            (2, 1): 12.0,
            (2, 2): "已完成",
            (3, 3): None,
            (4, 1): Formula(24.0, SUM),
            (4, 2): Formula(7.0, ELSEWHERE),
            (5, 1): 3.5,
        },
        more=(PROTECTED, *MERGED, CONDITION, *DIALOG),
        notes={(2, 1): ("老张", "去年的数"), (5, 1): ("huizong template", "上期 100")},
    )
    last = Made(HIDDEN, {(0, 0): 7.0, (1, 5): "末"}, more=FUTURE, state=2)
    return workbook(
        first, Made("空"), last, head=head, parts={"xl/vbaProject.bin": b"a project of macros"}
    )


MARKING = marking(
    {
        (FIRST, "B3"): ERROR,
        (FIRST, "C2"): WARNING,
        (FIRST, "D6"): NOTICE,
        (FIRST, "A9"): ERROR,
        (HIDDEN, "A1"): ERROR,
        ("没有", "A1"): ERROR,
    },
    {(FIRST, "B3"): WHAT, (FIRST, "D6"): WHAT, ("空", "B2"): WHAT},
)


@pytest.fixture(scope="module")
def original() -> bytes:
    return rich_workbook()


@pytest.fixture(scope="module")
def copy(original: bytes) -> bytes:
    return marked(original, MARKING)


def test_cells_that_were_there_and_that_were_not_are_coloured(original: bytes, copy: bytes) -> None:
    before, after = fills(original, FIRST), fills(copy, FIRST)
    assert {place: after[place] for place in after if after[place] != before.get(place)} == {
        (0, 0): YELLOW,  # A1:D2 shows in A1
        (2, 1): RED,
        (5, 3): BLUE,
        (8, 0): RED,
    }
    assert fills(copy, HIDDEN)[0, 0] == RED
    places = [place for place, _, _ in placed(copy, FIRST)]
    assert places == sorted(places)


def test_a_sheet_and_its_rows_say_how_far_they_reach(copy: bytes) -> None:
    parts = records(part(copy, FIRST))
    assert struct.unpack("<4I", next(data for kind, data in parts if kind == 148)) == (0, 8, 0, 3)
    rows = {struct.unpack_from("<I", data)[0]: data for kind, data in parts if kind == 0}
    assert list(rows) == [0, 2, 3, 4, 5, 8]
    assert struct.unpack_from("<3I", rows[5], 13) == (1, 1, 3)
    assert struct.unpack("<2IH3B3I", rows[8]) == (8, 0, 285, 0, 0, 0, 1, 0, 0)


def test_a_cell_that_was_missing_looks_like_its_row_or_column(original: bytes) -> None:
    copy = marked(original, marking({(FIRST, "D6"): ERROR, (FIRST, "D9"): ERROR}))
    clean = marked(copy, marking({}))
    assert {
        p: rgb for p, rgb in fills(clean, FIRST).items() if p not in fills(original, FIRST)
    } == {
        (5, 3): "4",  # the sixth row has a colour of the theme
        (8, 3): GREY,  # and the fourth column is grey
    }


def test_comments_say_what_is_wrong_below_what_others_wrote(copy: bytes) -> None:
    assert notes(copy, FIRST) == {
        (2, 1): ("huizong: 老张", f"去年的数{RULE}{WHAT}"),
        (5, 1): ("huizong template", "上期 100"),
        (5, 3): ("huizong", WHAT),
    }
    assert boxes(copy, FIRST) == [(2, 1), (5, 1), (5, 3)]
    assert sheets(copy)[FIRST].notes == {(2, 1): "去年的数"}
    assert notes(copy, "空") == {(1, 1): ("huizong", WHAT)}
    assert boxes(copy, "空") == [(1, 1)]
    assert b'ObjectType="Button"' in of_sheet(copy, FIRST, "vmlDrawing")


def test_what_newer_programs_know_of_comments_is_kept(original: bytes, copy: bytes) -> None:
    of = [[kind for kind, _ in records(of_sheet(c, FIRST, "comments"))] for c in (original, copy)]
    assert of[0].count(3072) == of[1].count(3072) == 2
    assert of[1][of[1].index(633) + 1 :][:6] == [37, 3072, 38, 635, 637, 636]
    clean = marked(copy, marking({}))
    assert (
        records(of_sheet(clean, FIRST, "comments"))[-13:-2]
        == (records(of_sheet(original, FIRST, "comments"))[-13:-2])
    )


def test_in_a_conversation_ours_is_one_more_reply(original: bytes) -> None:
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    said = '<threadedComment ref="B3" id="{1}" personId="{2}"><text>请核实</text></threadedComment>'
    talk, people = "xl/threadedComments/threadedComment1.xml", "xl/persons/person.xml"
    parts = parts_of(original)
    for source, kind, to in (
        ("xl/worksheets/_rels/sheet1.bin.rels", "threadedComment", f"/{talk}"),
        ("xl/_rels/workbook.bin.rels", "person", f"/{people}"),
    ):
        one = f'<Relationship Id="r{kind}" Type="x/{kind}" Target="{to}"/></Relationships>'
        parts[source] = parts[source].replace(b"</Relationships>", one.encode())
    parts[talk] = f'<ThreadedComments xmlns="{space}">{said}</ThreadedComments>'.encode()
    parts[people] = f'<personList xmlns="{space}"/>'.encode()
    copy = marked(packed(parts), MARKING)
    assert parts_of(copy)[talk].decode().count(f"———— huizong ————\n{WHAT}") == 1
    assert b'displayName="huizong"' in parts_of(copy)[people]
    clean = parts_of(marked(copy, marking({})))
    assert said.encode() in clean[talk]
    assert b"huizong" not in clean[talk]


def test_a_comment_that_says_nothing_is_written_below(original: bytes) -> None:
    copy = marked(without(original, "xl/comments1.bin", 637), MARKING)
    assert notes(copy, FIRST)[2, 1] == ("huizong", WHAT)


def test_the_drawing_of_comments_is_told_of_where_it_has_to_be(original: bytes) -> None:
    copy = marked(original, marking({}, {(HIDDEN, "A1"): WHAT}))
    of = [kind for kind, _ in records(part(copy, HIDDEN))]
    assert of[of.index(146) :] == [146, 551, 35, 4097, 36, 130]


def test_every_other_sheet_reads_as_before(original: bytes, copy: bytes) -> None:
    before, after = sheets(original), sheets(copy)
    assert list(after) == [REVIEW, *before]
    for name, was in before.items():
        assert filled(after[name]) == filled(was)
        assert after[name].hidden == was.hidden
    assert [state for _, _, state in listed(copy)] == [0, 0, 0, 2]


def test_records_of_other_kinds_and_other_parts_are_kept(original: bytes, copy: bytes) -> None:
    touched = (0, 1, 137, 148, 551)
    for name, _, _ in listed(original):
        same = [
            [
                data[:4] + data[8:] if kind in (*range(2, 12), 62) else data
                for kind, data in records(part(content, name))
                if kind not in touched
            ]
            for content in (original, copy)
        ]
        assert same[0] == same[1]
    assert parts_of(copy)["xl/vbaProject.bin"] == b"a project of macros"


def test_what_tells_where_rows_stand_goes_with_them(original: bytes) -> None:
    copy = marked(original, marking({(FIRST, "B3"): ERROR}))
    kept = [name for name in parts_of(copy) if "binaryIndex" in name]
    assert kept == [f"xl/worksheets/binaryIndex{n}.bin" for n in (2, 3)]
    assert b"binaryIndex1" not in b"".join(parts_of(copy).values())


def test_formulas_and_names_lead_to_the_sheets_they_led_to(original: bytes, copy: bytes) -> None:
    assert looked_into(original) == ["空", FIRST, "[0] 0", "-1"]
    assert looked_into(copy) == ["空", FIRST, "[0] 0", "-1", REVIEW]


def test_names_follow_their_sheets_and_the_filter_has_one(original: bytes, copy: bytes) -> None:
    before, after = names(original), names(copy)
    assert [(name, sheet) for name, sheet, _ in after] == [
        *((name, sheet + 1 if sheet >= 0 else sheet) for name, sheet, _ in before),
        ("_FilterDatabase", 0),
    ]
    assert [formula for *_, formula in after[:-1]] == [formula for *_, formula in before]
    assert after[-1][2] == b"\x3b" + struct.pack("<H2I2H", 4, 4, 10, 0, 4)
    assert (161, struct.pack("<4I", 4, 10, 0, 4)) in records(part(copy, REVIEW))


def test_the_review_stands_in_front_and_is_the_only_sheet_selected(copy: bytes) -> None:
    selected = [
        name
        for name, _, _ in listed(copy)
        if any(kind == 137 and data[0] & 0x40 for kind, data in records(part(copy, name)))
    ]
    assert selected == [REVIEW]
    (view,) = (d for k, d in records(parts_of(copy)["xl/workbook.bin"]) if k == 158)
    assert struct.unpack_from("<2I", view, 20) == (0, 0)


def test_the_review_lists_what_was_found_with_links(copy: bytes) -> None:
    review = sheets(copy)[REVIEW]
    assert [row[0] for row in review.rows[:5]] == [*MARKING.review.heading, "等级"]
    assert list(review.rows[5][:4]) == ["强制性", "B3", "问题0", ""]
    assert 4 in review.hidden_columns
    links = [data for kind, data in records(part(copy, REVIEW)) if kind == 494]
    assert len(links) == 5  # 没有 is not there
    assert links[0] == struct.pack("<4I", 5, 5, 1, 1) + bytes(4) + text(f"'{FIRST}'!B3") + bytes(8)


def test_an_explanation_written_beside_a_finding_is_read_back(copy: bytes) -> None:
    sent = with_text(copy, REVIEW, (6, 3), "施工队冬季停工")
    assert answers_in(sent) == [(reference(1), "施工队冬季停工", "D7")]


def test_a_county_gets_its_xlsb_back_marked(
    edition: Edition, scheme: Scheme, original: bytes
) -> None:
    cell = CellRef(sheet=FIRST, address="B3")
    copy = given_back(edition, scheme, "报表.xlsb", original, cell)
    assert fills(copy, FIRST)[2, 1] == RED
    assert "【强制性】不符合审核关系" in notes(copy, FIRST)[2, 1][1]


def test_marking_twice_reads_as_marking_once(copy: bytes) -> None:
    again = marked(copy, MARKING)
    for name, _, _ in listed(copy):
        assert fills(again, name) == fills(copy, name)
        assert filled(sheets(again)[name]) == filled(sheets(copy)[name])
    once, twice = parts_of(copy), parts_of(again)
    changed = {name for name in once if once[name] != twice[name]}
    # Formats of ours have their fills again, and others are made.
    assert changed == {"xl/styles.bin", *(f"xl/worksheets/sheet{n}.bin" for n in (1, 3, 4))}
    assert once.keys() == twice.keys()


def test_marks_of_an_earlier_night_are_taken_out(original: bytes, copy: bytes) -> None:
    clean = marked(copy, marking({}))
    for name, _, _ in listed(original):
        was = fills(original, name)
        assert {p: rgb for p, rgb in fills(clean, name).items() if p in was} == was
        assert notes(clean, name) == notes(original, name)
        assert boxes(clean, name) == boxes(original, name)
    assert [name for name, _, _ in listed(clean)] == [name for name, _, _ in listed(copy)]
    assert names(clean)[:3] == names(copy)[:3]
    assert was_marked(clean, REVIEW)
    assert not was_marked(original, REVIEW)


def test_other_findings_take_the_place_of_earlier_ones(copy: bytes) -> None:
    again = marked(copy, marking({("空", "B2"): ERROR}, {(FIRST, "B3"): "别的问题"}))
    assert {RED, YELLOW, BLUE}.isdisjoint(fills(again, FIRST).values())
    assert fills(again, "空") == {(1, 1): RED}
    assert notes(again, FIRST)[2, 1] == ("huizong: 老张", f"去年的数{RULE}别的问题")
    assert notes(again, "空") == {}


def test_a_format_keeps_all_but_its_fill(original: bytes, copy: bytes) -> None:
    formats = section(copy, 47)
    assert formats[:3] == section(original, 47)
    of = {place: style for place, style, _ in placed(copy, FIRST)}
    assert formats[of[2, 1]][:6] == formats[1][:6]
    assert formats[of[2, 1]][8:14] == formats[1][8:14]


@pytest.mark.parametrize(
    "path",
    ["formats/plain.xlsb", "formats/excel.xlsb"],
)
def test_what_others_wrote_is_marked(path: str) -> None:
    original = (DATA / path).read_bytes()
    before = sheets(original)
    cells = {(name, at): ERROR for name in before for at in ("A1", "B2", "C300", "ZZ7")}
    copy = marked(original, marking(cells, dict.fromkeys(cells, WHAT)))
    after = sheets(copy)
    for name, was in before.items():
        assert filled(after[name]) == filled(was)
        places = {(0, 0), (1, 1), (299, 2), (6, 701)}
        assert {p for p, rgb in fills(copy, name).items() if rgb == RED} == places
        assert set(notes(copy, name)) == places
        known = [data for kind, data in records(part(copy, name)) if kind == 427]
        assert known == [d for k, d in records(part(original, name)) if k == 427]
    clean = marked(copy, marking({}))
    assert all(fills(clean, name) == fills(original, name) for name in before)


def test_a_workbook_that_lists_no_texts_and_looks_into_nothing_is_marked() -> None:
    parts = parts_of(workbook(Made(FIRST, {(0, 0): 1.0})))
    rels = "xl/_rels/workbook.bin.rels"
    parts[rels] = re.sub(rb'<Relationship Id="rId101"[^>]*>', b"", parts[rels])
    types = "[Content_Types].xml"
    parts[types] = re.sub(rb"<Override [^>]*sharedStrings[^>]*>", b"", parts[types])
    del parts["xl/sharedStrings.bin"]
    copy = marked(packed(parts), marking({(FIRST, "A1"): ERROR}))
    assert sheets(copy)[REVIEW].rows[0][0] == "汾西县 审核结果"
    assert looked_into(copy) == [REVIEW]
    assert b'PartName="/xl/sharedStrings.bin"' in parts_of(copy)[types]


def without(content: bytes, name: str, kind: int) -> bytes:
    """A workbook without the records of a kind in one of its parts."""
    parts = parts_of(content)
    kept = b"".join(record(*each) for each in records(parts[name]) if each[0] != kind)
    return packed({**parts, name: kept})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file-empty"),
        (workbook(Made(REVIEW, {(0, 0): "自己的"})), "of its own"),
        (packed({**parts_of(rich_workbook()), "_xmlsignatures/sig1.xml": b"<a/>"}), "signed"),
        (without(rich_workbook(), "xl/styles.bin", 45), "styles lack"),
        (without(rich_workbook(), "xl/comments1.bin", 634), "comments of a sheet are damaged"),
        (without(rich_workbook(), "xl/comments1.bin", 635), "comments of a sheet are damaged"),
        (
            packed(parts_of(rich_workbook()) | {"xl/comments1.bin": b"\xf4\x04\x05"}),
            "cut off",
        ),
    ],
)
def test_what_cannot_be_marked_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(CannotMark, match=reason):
        marked(content, MARKING)


def test_a_shared_workbook_is_refused() -> None:
    parts = parts_of(rich_workbook())
    rels = "xl/_rels/workbook.bin.rels"
    shared = parts[rels].replace(b'relationships/styles"', b'relationships/revisionHeaders"')
    with pytest.raises(CannotMark, match="shared"):
        marked(packed({**parts, rels: shared}), MARKING)


values = st.one_of(
    st.none(),
    st.integers(-1000, 1000).map(float),
    st.text("汾西a", min_size=1),
    st.just(Rich("乙")),
)
places = st.tuples(st.integers(0, 40), st.integers(0, 20))


@given(
    cells=st.dictionaries(places, values, min_size=1, max_size=40),
    marks=st.dictionaries(places, st.sampled_from(Severity), max_size=8),
    short=st.booleans(),
)
@settings(max_examples=20, deadline=None)
def test_whatever_is_marked_is_coloured_and_reads_as_before(
    cells: Mapping[Place, Value], marks: Mapping[Place, Severity], short: bool
) -> None:
    original = workbook(Made("甲", cells, short=short), Made("乙", {(0, 0): "末"}))
    where = {("甲", address(*place)): severity for place, severity in marks.items()}
    copy = marked(original, marking(where, dict.fromkeys(where, WHAT)))
    assert editor_of(copy) is editor_of(original)
    assert filled(sheets(copy)["甲"]) == filled(sheets(original)["甲"])
    ours = {place for place, rgb in fills(copy, "甲").items() if rgb in (RED, YELLOW, BLUE)}
    assert ours == set(notes(copy, "甲")) == set(marks)
    order = [place for place, _, _ in placed(copy, "甲")]
    assert order == sorted(set(order))
    was, clean = fills(original, "甲"), fills(marked(copy, marking({})), "甲")
    assert {place: rgb for place, rgb in clean.items() if place in was} == was


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_whatever_is_damaged_is_refused_or_reads_as_before(data: st.DataObject) -> None:
    parts = parts_of(rich_workbook())
    for _ in range(data.draw(st.integers(1, 4))):
        name = data.draw(st.sampled_from([n for n in parts if n.endswith(".bin")]))
        content = bytearray(parts[name])
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        parts[name] = bytes(content)
    damaged = packed(parts)
    try:
        copy = marked(damaged, MARKING)
    except CannotMark:
        return
    before, after = sheets(damaged), sheets(copy)
    assert all(filled(after[name]) == filled(before[name]) for name in before if name != REVIEW)
