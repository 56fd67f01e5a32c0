import re
from io import BytesIO

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell

from schemas.answers import read_answers
from schemas.findings import Severity
from schemas.grid import Sheet
from schemas.layout import address
from schemas.models import Scheme
from schemas.template.template import write_workbook
from schemas.workbook import open_workbook
from tests.warehouse.publish.rich_workbook import (
    PLAIN,
    SECOND,
    SHEET,
    marking,
    packed,
    parts_of,
    rich_workbook,
)
from warehouse.publish.marks import ooxml
from warehouse.publish.marks.marking import CannotMark, is_own_colour

# openpyxl tells what it would lose, were it to save the workbook.
pytestmark = pytest.mark.filterwarnings("ignore:.* extension is not supported")

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CONVERSATIONS = "xl/threadedComments/threadedComment1.xml"
PEOPLE = "xl/persons/person.xml"
MARKS = marking(
    {
        (SHEET, "B7"): Severity.ERROR,
        (SHEET, "B6"): Severity.WARNING,
        (SHEET, "C1"): Severity.NOTICE,
        (SECOND, "C5"): Severity.ERROR,
        ("没有", "A1"): Severity.ERROR,
    },
    {
        (SHEET, "B7"): "比去年多",
        (SHEET, "B6"): "太大",
        (SHEET, "D1"): "标题有误",
        (SECOND, "C5"): "漏填",
        (SHEET, "B8"): "上期不符",
        (SHEET, "C8"): "不是合计",
    },
)
NO_MARKS = marking()


@pytest.fixture(scope="module")
def original() -> bytes:
    return rich_workbook()


@pytest.fixture(scope="module")
def marked(original: bytes) -> bytes:
    return ooxml.marked(original, MARKS)


@pytest.fixture(scope="module")
def template(few: Scheme) -> bytes:
    return write_workbook(few, few.counties[0], few.period("2003H1").period, {})


def sheets_of(content: bytes) -> tuple[Sheet, ...]:
    return open_workbook(content, "a.xlsx").sheets


def test_only_the_parts_that_must_change_do(original: bytes, marked: bytes) -> None:
    before, after = parts_of(original), parts_of(marked)
    assert {name for name in before if before[name] != after[name]} == {
        "[Content_Types].xml",
        "docProps/app.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/drawings/vmlDrawing2.vml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/worksheets/_rels/sheet2.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
    }
    assert after.keys() - before.keys() == {"xl/comments2.xml", "xl/worksheets/sheet4.xml"}


def test_of_a_marked_sheet_only_the_formats_of_the_marked_cells_change(
    original: bytes, marked: bytes
) -> None:
    before, after = (_root(each, "xl/worksheets/sheet1.xml") for each in (original, marked))
    for reference in ("A1", "B6", "B7"):
        same, other = (root.find(f".//{MAIN}c[@r='{reference}']") for root in (before, after))
        assert same is not None
        assert other is not None
        assert other.get("s") != same.get("s", "0")
        other.set("s", same.get("s", "0"))
        same.set("s", same.get("s", "0"))
    assert etree.tostring(after, method="c14n") == etree.tostring(before, method="c14n")


def test_the_copy_reads_like_the_original(original: bytes, marked: bytes) -> None:
    review, *others = sheets_of(marked)
    assert review.name == "审核结果"
    assert tuple(others) == sheets_of(original)


def test_it_opens_in_openpyxl_with_the_same_values(original: bytes, marked: bytes) -> None:
    before, after = (load_workbook(BytesIO(each), keep_vba=True) for each in (original, marked))
    for book in (before, after):
        assert book.vba_archive is not None
        book.vba_archive.close()  # openpyxl leaves it open
    assert after.sheetnames == ["审核结果", *before.sheetnames]
    for sheet in before.worksheets:
        cells = {c.coordinate: c.value for row in sheet.iter_rows() for c in row if c.value}
        same = after[sheet.title]
        assert cells == {c.coordinate: c.value for row in same.iter_rows() for c in row if c.value}
        assert same.print_title_rows == sheet.print_title_rows
        assert same.print_area.replace("$", "") == sheet.print_area.replace("$", "")


def test_what_a_cell_looks_like_stays_but_for_its_colour(original: bytes, marked: bytes) -> None:
    before, after = (load_workbook(BytesIO(each))[SHEET]["B7"] for each in (original, marked))
    assert after.fill.fgColor.rgb == "FFF4CFC9"
    assert (after.number_format, after.protection.locked) == ("0.00", False)
    assert (repr(after.font), repr(after.border)) == (repr(before.font), repr(before.border))


def test_a_blank_cell_that_is_marked_looks_like_its_column(marked: bytes) -> None:
    sheet = load_workbook(BytesIO(marked))[SECOND]
    assert sheet["C5"].fill.fgColor.rgb == "FFF4CFC9"
    assert sheet["C5"].number_format == sheet.column_dimensions["C"].number_format == "0.00"
    assert sheet["A20"].value == "下面的行没有单元格"


def test_marks_within_a_merged_area_are_on_its_first_cell(marked: bytes) -> None:
    first = load_workbook(BytesIO(marked))[SHEET]["A1"]
    assert first.fill.fgColor.rgb == "FFDCE7F1"
    assert first.comment is not None
    assert first.comment.text == "标题有误"


def test_a_comment_comes_below_what_the_county_wrote(marked: bytes) -> None:
    comments = {
        cell.coordinate: (cell.comment.author, cell.comment.text)
        for row in load_workbook(BytesIO(marked))[SHEET].iter_rows()
        for cell in row
        if cell.comment and cell.coordinate != "A1"
    }
    assert comments == {
        "B6": ("huizong", "太大"),
        "B7": ("huizong: 张三", "去年的数\n\n———— huizong ————\n比去年多"),
        "B8": ("huizong: huizong template", "上期 100\n\n———— huizong ————\n上期不符"),
        "B9": ("tc={11111111-2222-3333-4444-555555555555}", "[批注] 请核实"),
        "C7": ("李四", "不要动"),
        "C8": ("huizong", "无名\n\n———— huizong ————\n不是合计"),
    }


def test_in_a_conversation_a_comment_is_a_reply(original: bytes) -> None:
    marked = ooxml.marked(original, marking(comments={(SHEET, "B9"): "漏填"}))
    first, reply = _root(marked, CONVERSATIONS)
    assert (reply.get("ref"), reply.get("parentId")) == ("B9", first.get("id"))
    assert reply[0].text == "———— huizong ————\n漏填"
    assert reply.get("dT") == "2003-07-10T18:30:00.00"
    people = {each.get("id"): each.get("displayName") for each in _root(marked, PEOPLE)}
    assert people[reply.get("personId")] == "huizong"
    assert sheets_of(marked)[1:] == sheets_of(original)
    clean = ooxml.marked(marked, NO_MARKS)
    (left,) = _root(clean, CONVERSATIONS)
    assert etree.tostring(left) == etree.tostring(first)
    assert _looks(clean)[1:] == _looks(original)


def test_the_buttons_of_a_form_lie_where_its_comments_do(original: bytes, marked: bytes) -> None:
    before, after = (parts_of(each)["xl/drawings/vmlDrawing2.vml"] for each in (original, marked))
    end = "</xml>"
    assert after.decode().startswith(before.decode().rstrip().removesuffix(end))
    assert after.count(b'ObjectType="Button"') == after.count(b'ObjectType="Note"') == 1


def test_names_of_one_sheet_follow_it_and_the_review_is_open(marked: bytes) -> None:
    root = _root(marked, "xl/workbook.xml")
    names = {
        name.get("name"): (name.get("localSheetId"), name.text)
        for name in root.iter(f"{MAIN}definedName")
    }
    assert names == {
        "_xlnm._FilterDatabase": ("0", "'审核结果'!$A$5:$F$10"),
        "_xlnm.Print_Area": ("1", f"{SHEET}!$A$1:$D$12"),
        "_xlnm.Print_Titles": ("1", f"{SHEET}!$1:$3"),
        "全部": (None, f"{SHEET}!$B$6:$B$12"),
    }
    book = load_workbook(BytesIO(marked))
    assert book.active is book.worksheets[0]
    selected = [name for name in book.sheetnames if book[name].sheet_view.tabSelected]
    assert selected == ["审核结果"]


def test_lines_lead_to_their_cells_where_the_workbook_has_them(marked: bytes) -> None:
    sheet = load_workbook(BytesIO(marked)).worksheets[0]
    links = [sheet.cell(row, 3).hyperlink for row in range(6, 11)]
    assert [link.location if link else None for link in links] == [
        f"'{SHEET}'!B7", f"'{SHEET}'!B6", f"'{SHEET}'!C1", f"'{SECOND}'!C5", None,
    ]  # fmt: skip
    assert (sheet["D6"].value, sheet["D6"].data_type) == ("=1+1 不是公式", "s")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A6", "A5:F10")
    assert sheet.column_dimensions["F"].hidden


def test_explanations_written_in_the_copy_are_read_back(marked: bytes) -> None:
    book = load_workbook(BytesIO(marked))
    book.worksheets[0]["E8"] = "已核实"
    saved = BytesIO()
    book.save(saved)
    answers = read_answers(open_workbook(saved.getvalue(), "a.xlsx"))
    assert answers is not None
    assert (answers.stamp.serial, answers.stamp.county) == (1, "141034")
    assert [(a.about.key, a.text) for a in answers.answers if a.about] == [("3", "已核实")]


def test_a_copy_that_comes_back_is_marked_anew(marked: bytes) -> None:
    again = ooxml.marked(marked, MARKS)
    assert sheets_of(again) == sheets_of(marked)
    assert _looks(again) == _looks(marked)
    once, twice = parts_of(marked), parts_of(again)
    assert once.keys() == twice.keys()
    for name in ("xl/comments1.xml", "xl/comments2.xml", "xl/workbook.xml", "docProps/app.xml"):
        assert twice[name] == once[name]


def test_without_findings_a_copy_that_comes_back_is_clean(original: bytes, marked: bytes) -> None:
    clean = ooxml.marked(marked, NO_MARKS)
    assert _looks(clean)[1:] == _looks(original)
    assert sheets_of(clean)[1:] == sheets_of(original)
    drawing = parts_of(clean)["xl/drawings/vmlDrawing2.vml"]
    assert b"Note" not in drawing
    assert b"Button" in drawing


def test_a_copy_that_another_program_saved_is_cleaned(marked: bytes) -> None:
    saved = BytesIO()
    load_workbook(BytesIO(marked)).save(saved)
    assert ooxml.was_marked(saved.getvalue(), "审核结果")
    sheet = load_workbook(BytesIO(ooxml.marked(saved.getvalue(), NO_MARKS)))[SHEET]
    assert [sheet[each].fill.fgColor.rgb for each in ("B6", "B7", "B8")] == ["FFD9D9D9"] * 3
    assert {each: sheet[each].comment.text for each in ("B7", "C8")} == {
        "B7": "去年的数",
        "C8": "无名",
    }
    assert sheet["B6"].comment is None


def test_equal_input_gives_equal_bytes(original: bytes, marked: bytes) -> None:
    assert ooxml.marked(original, MARKS) == marked


def test_it_is_known_whether_a_copy_was_marked(original: bytes, marked: bytes) -> None:
    assert ooxml.was_marked(marked, "审核结果")
    assert not ooxml.was_marked(original, "审核结果")
    assert not ooxml.was_marked(b"PK\x03\x04", "审核结果")


def test_a_sheet_of_the_county_with_the_name_of_the_review_is_not_taken_for_it() -> None:
    own = _least("审核结果")
    assert not ooxml.was_marked(own, "审核结果")
    with pytest.raises(CannotMark, match="a sheet of its own"):
        ooxml.marked(own, MARKS)


def test_a_signed_workbook_is_left_alone(original: bytes) -> None:
    signed = packed({**parts_of(original), "_xmlsignatures/sig1.xml": b"<Signature/>"})
    with pytest.raises(CannotMark, match="signed"):
        ooxml.marked(signed, MARKS)


def test_a_shared_workbook_is_left_alone(original: bytes) -> None:
    parts = parts_of(original)
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/revisionHeaders"
    entry = b'<Relationship Id="rId77" Type="%s" Target="revisions/r.xml"/></Relationships>' % kind
    relations = parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", entry)
    with pytest.raises(CannotMark, match="shared"):
        ooxml.marked(packed({**parts, "xl/_rels/workbook.xml.rels": relations}), MARKS)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("damage", [b"<a", b"<!DOCTYPE a><a/>", b""])
def test_a_damaged_workbook_is_left_alone(original: bytes, part: str, damage: bytes) -> None:
    with pytest.raises(CannotMark):
        ooxml.marked(packed({**parts_of(original), part: damage}), MARKS)


def test_a_workbook_without_formats_gets_some() -> None:
    parts = parts_of(_least())
    del parts["xl/styles.xml"]
    for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        parts[name] = re.sub(rb"<\w+ [^>]*styles\.xml[^>]*>", b"", parts[name])
    marked = ooxml.marked(packed(parts), marking({("S", "B2"): Severity.ERROR}))
    assert load_workbook(BytesIO(marked))["S"]["B2"].fill.fgColor.rgb == "FFF4CFC9"
    assert sheets_of(marked)[1].rows == [[7.0], [8.0]]


def test_cells_that_do_not_say_where_they_are_follow_each_other() -> None:
    parts = parts_of(_least())
    name = "xl/worksheets/sheet1.xml"
    parts[name] = re.sub(rb' (r|spans)="[A-Z0-9:]+"', b"", parts[name])
    marks = marking({("S", "A2"): Severity.ERROR, ("S", "C1"): Severity.ERROR})
    marked = ooxml.marked(packed(parts), marks)
    assert sheets_of(marked)[1].rows == [[7.0], [8.0]]
    assert load_workbook(BytesIO(marked))["S"]["A2"].fill.fgColor.rgb == "FFF4CFC9"


def test_a_strict_workbook_stays_strict() -> None:
    strict, usual = b"purl.oclc.org/ooxml/", b"schemas.openxmlformats.org/"
    parts = {
        name: part.replace(usual + b"spreadsheetml/2006/", strict + b"spreadsheetml/").replace(
            usual + b"officeDocument/2006/", strict + b"officeDocument/"
        )
        for name, part in parts_of(_least()).items()
    }
    marks = marking({("S", "B2"): Severity.ERROR}, {("S", "B2"): "错"})
    marked = ooxml.marked(packed(parts), marks)
    assert usual + b"spreadsheetml" not in b"".join(parts_of(marked).values())
    assert [sheet.name for sheet in sheets_of(marked)] == ["审核结果", "S"]


PLACES = st.tuples(
    st.sampled_from([SHEET, SECOND, PLAIN]),
    st.builds(address, st.integers(0, 30), st.integers(0, 9)),
)


@settings(
    deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(PLACES, st.sampled_from(Severity), max_size=30),
    st.dictionaries(PLACES, st.text("错 &<\n_x000D_", min_size=1), max_size=8),
)
def test_whatever_is_marked_all_sheets_read_the_same(
    original: bytes,
    colours: dict[tuple[str, str], Severity],
    comments: dict[tuple[str, str], str],
) -> None:
    marks = marking(colours, comments)
    once = ooxml.marked(original, marks)
    assert sheets_of(once)[1:] == sheets_of(original)
    assert sheets_of(ooxml.marked(once, marks)) == sheets_of(once)
    assert _looks(ooxml.marked(once, NO_MARKS))[1:] == _looks(original)


@settings(deadline=None, max_examples=5)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 18), st.builds(address, st.integers(0, 60), st.integers(0, 30))),
        st.sampled_from(Severity),
        min_size=1,
        max_size=40,
    )
)
def test_a_template_reads_the_same_whatever_is_marked(
    template: bytes, found: dict[tuple[int, str], Severity]
) -> None:
    before = sheets_of(template)
    names = [sheet.name for sheet in before]
    colours = {(names[n % len(names)], reference): s for (n, reference), s in found.items()}
    marked = ooxml.marked(template, marking(colours, dict.fromkeys(colours, "错")))
    assert sheets_of(marked)[1:] == before
    assert sheets_of(ooxml.marked(marked, NO_MARKS))[1:] == before


def _root(content: bytes, part: str) -> etree._Element:
    return etree.fromstring(parts_of(content)[part])


def _looks(content: bytes) -> list[dict[str, tuple[object, ...]]]:
    """How cells look, sheet by sheet: those that say something, have a comment or are marked."""
    return [
        {
            cell.coordinate: look
            for row in sheet.iter_rows()
            for cell in row
            if (look := _look(cell))
        }
        for sheet in load_workbook(BytesIO(content)).worksheets
    ]


def _look(cell: Cell | MergedCell) -> tuple[object, ...]:
    """Its colour, number format and comment; nothing of a blank cell that is not marked."""
    colour = cell.fill.fgColor.rgb
    if cell.value is None and cell.comment is None and not is_own_colour(str(colour)):
        return ()
    return colour, cell.number_format, cell.comment and cell.comment.text


def _least(name: str = "S") -> bytes:
    """A workbook of two numbers, one below the other."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.add_worksheet(name).write_column("A1", [7, 8])
    return made.getvalue()
