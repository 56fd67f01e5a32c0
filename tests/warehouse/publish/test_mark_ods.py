"""Marks in an OpenDocument spreadsheet: where they belong, and nothing else is changed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.answers import FindingRef, ListStamp, read_answers
from schemas.findings import CellRef, Severity
from schemas.grid import Sheet
from schemas.layout import address
from schemas.models import Scheme
from schemas.workbook import open_workbook
from tests.schemas.formats.given import flat_document
from tests.warehouse.publish.given_ods import (
    MIMETYPE,
    cells,
    coloured,
    document,
    find,
    get,
    package,
    parts,
    table,
    with_text,
)
from warehouse.consolidation.contents import PublicationContents
from warehouse.publish.copies import marked_copy
from warehouse.publish.edition import Edition
from warehouse.publish.marks import ods
from warehouse.publish.marks.editors import editor_of
from warehouse.publish.marks.marking import CannotMark, Marking, Review, ReviewColumn, ReviewLine
from warehouse.publish.marks.ods import marked, was_marked

DATA = Path(__file__).parents[2] / "data" / "formats"
RED, YELLOW, BLUE = "#F4CFC9", "#F9DC8C", "#DCE7F1"
WHAT = "【强制性】不符合审核关系\n请核对。"
REVIEW = "审核结果"
COLUMNS = (
    ReviewColumn("severity", "等级", 11, True),
    ReviewColumn("cell", "单元格", 14, True),
    ReviewColumn("answer", "说明(由县填写)", 28, False),
)
STAMP = ListStamp("copy", "linfen", "2015", 3, "141031", "说明(由县填写)")
FLOAT = 'office:value-type="float" office:value="7"'

Place = tuple[str, str]


def marking(
    colours: Mapping[Place, Severity], comments: Mapping[Place, str] | None = None
) -> Marking:
    """Marks for cells by sheet and address; each coloured one is listed in front."""
    refs = [CellRef(sheet=sheet, address=at) for sheet, at in colours]
    lines = tuple(
        ReviewLine((severity.value, ref.address, ""), severity, ref, reference(number).written())
        for number, (ref, severity) in enumerate(zip(refs, colours.values(), strict=True))
    )
    heading = ("汾西县 审核结果", "强制性1条", "请在“说明”一栏填写。", "第3次发布")
    return Marking(
        dict(zip(refs, colours.values(), strict=True)),
        {CellRef(sheet=s, address=at): text for (s, at), text in (comments or {}).items()},
        Review(REVIEW, heading, COLUMNS, STAMP.written(), lines),
        "宋体",
        datetime(2003, 7, 10, 18, 30, tzinfo=UTC),
    )


def reference(number: int) -> FindingRef:
    return FindingRef("a" * 64, f"{number:016x}")


def sheets(content: bytes) -> tuple[Sheet, ...]:
    return open_workbook(content, "a.ods").sheets


def errors(*places: Place) -> Marking:
    return marking(dict.fromkeys(places, Severity.ERROR))


@pytest.fixture(scope="module")
def plain() -> bytes:
    return (DATA / "plain.ods").read_bytes()


places = st.tuples(
    st.sampled_from(["数据", "藏", "没有"]),
    st.builds(
        address,
        st.one_of(st.integers(0, 12), st.integers(0, 1_048_575)),
        st.one_of(st.integers(0, 10), st.integers(0, 16_383)),
    ),
)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(places, st.sampled_from(Severity), max_size=12), st.sets(places, max_size=5))
def test_all_that_a_county_sent_reads_as_before(
    colours: Mapping[Place, Severity], commented: set[Place]
) -> None:
    content = (DATA / "plain.ods").read_bytes()
    given_marks = marking(colours, dict.fromkeys(commented, WHAT))
    copy = marked(content, given_marks)
    front, *rest = sheets(copy)
    assert (front.name, rest) == (REVIEW, [*sheets(content)])
    assert marked(copy, given_marks) == copy


def test_all_parts_but_three_are_the_same_byte_by_byte(plain: bytes) -> None:
    before, after = parts(plain), parts(marked(plain, errors(("数据", "B2"))))
    assert [*after] == [*before]
    changed = {name for name, part in before.items() if after[name] != part}
    assert changed == {"content.xml", "styles.xml", "settings.xml"}


def test_the_media_type_comes_first_and_is_not_packed() -> None:
    content = package(document(table("")))
    assert marked(content, errors())[38 : 38 + len(MIMETYPE)] == MIMETYPE


def test_of_rows_and_cells_that_stand_for_many_only_the_marked_are_coloured() -> None:
    row = (
        '<table:table-row table:number-rows-repeated="1048000">'
        f'<table:table-cell table:number-columns-repeated="16384" {FLOAT}/></table:table-row>'
    )
    places = [("表", "B1"), ("表", "D900000"), ("表", "E900000"), ("表", "XFD1048000")]
    copy = marked(package(document(table(row))), errors(*places))
    assert coloured(copy) == {
        (REVIEW, 4, 0): "#EEF1F5", (REVIEW, 4, 1): "#EEF1F5", (REVIEW, 4, 2): "#EEF1F5",
        **{(REVIEW, line, 0): RED for line in (5, 6, 7, 8)},
        ("表", 0, 1): RED, ("表", 899_999, 3): RED, ("表", 899_999, 4): RED,
        ("表", 1_047_999, 16_383): RED,
    }  # fmt: skip
    rows = find(copy, "//table:table[2]/table:table-row")
    counts = [get(row, "table:number-rows-repeated") for row in rows]
    assert counts == [None, "899998", None, "147999", None]
    (*_, last) = find(copy, "//table:table[2]/table:table-row[last()]/table:table-cell")
    assert get(last, "office:value") == "7"


def test_a_sheet_that_ends_before_a_mark_is_continued() -> None:
    row = f"<table:table-row><table:table-cell {FLOAT}/></table:table-row>"
    named = "<table:named-expressions/>"
    copy = marked(package(document(table(row + named))), errors(("表", "C3")))
    assert coloured(copy)["表", 2, 2] == RED
    (sheet,) = find(copy, "//table:table[2]")
    assert [(*at, get(cell, "office:value")) for *at, cell in cells(sheet)] == [
        (0, 0, "7"), (1, 0, None), (2, 0, None), (2, 1, None), (2, 2, None),
    ]  # fmt: skip
    assert find(copy, "//table:table[2]/*")[-1].tag.endswith("named-expressions")


STYLES = """
<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N10">
 <style:table-cell-properties fo:border="1pt solid" fo:background-color="#ffff00">
  <style:background-image/></style:table-cell-properties>
 <style:text-properties fo:color="#ff0000"/>
 <style:map style:condition="value()&gt;1"/></style:style>
<style:style style:name="ce2" style:family="table-cell"><style:text-properties fo:color="#123456"/>
</style:style>"""
COMMON = document("").replace(
    b"<office:automatic-styles>",
    b'<office:styles><style:style style:name="Default" style:family="table-cell"/><style:style '
    b'style:name="Input" style:family="table-cell"/></office:styles><office:automatic-styles>',
)


@pytest.mark.parametrize(
    ("cell", "row", "column", "told"),
    [
        (
            "ce1",
            "ce2",
            "Input",
            {
                "data": "N10",
                "border": "1pt solid",
                "colour": "#ff0000",
                "parent": "huizong.ffff00.",
            },
        ),
        ("", "ce2", "Input", {"colour": "#123456"}),
        ("", "", "Input", {"parent": "Input"}),
        ("Input", "", "", {"parent": "Input"}),
        ("", "", "", {"parent": "Default"}),
    ],
)
def test_a_coloured_cell_keeps_all_else_of_its_style(
    cell: str, row: str, column: str, told: dict[str, str]
) -> None:
    def default(name: str) -> str:
        return f' table:default-cell-style-name="{name}"' if name else ""

    own = f' table:style-name="{cell}"' if cell else ""
    rows = f"<table:table-row{default(row)}><table:table-cell{own} {FLOAT}/></table:table-row>"
    columns = f"<table:table-column{default(column)}/>"
    content = package(document(table(rows, columns), STYLES), {"styles.xml": COMMON})
    copy = marked(content, marking({("表", "A1"): Severity.WARNING}))
    (marked_cell,) = find(copy, "//table:table[2]//table:table-cell")
    name = get(marked_cell, "table:style-name")
    (style,) = find(copy, f"//style:style[@style:name='{name}']")
    properties = {str(key).split("}")[1]: str(v) for each in style for key, v in each.items()}
    assert properties.pop("background-color") == YELLOW
    properties.pop("condition", None)
    if "color" in properties:
        properties["colour"] = properties.pop("color")
    if parent := get(style, "style:parent-style-name"):
        properties["parent"] = parent
    if data := get(style, "style:data-style-name"):
        properties["data"] = data
    assert properties == told
    assert not find(copy, f"//style:style[@style:name='{name}']//style:background-image")

    healed = marked(copy, errors())
    (cell_again,) = find(healed, "//table:table[2]//table:table-cell")
    assert get(cell_again, "table:style-name") == (cell or row or column or None)
    for part in ("content.xml", "styles.xml"):
        styles = [e.attrib for e in find(healed, "//style:style[@style:family='table-cell']", part)]
        of_review = [own for own in styles if "huizong_" in "".join(map(str, own.values()))]
        assert [own for own in styles if own not in of_review] == [
            e.attrib for e in find(content, "//style:style", part)
        ]


def test_of_a_merged_area_the_first_cell_is_marked(plain: bytes) -> None:
    copy = marked(plain, marking({("数据", "B9"): Severity.NOTICE}, {("数据", "C8"): WHAT}))
    assert {at for at in coloured(copy) if at[0] == "数据"} == {("数据", 7, 0)}
    (note,) = find(copy, "//office:annotation")
    cell = note.getparent()
    assert cell is not None
    assert get(cell, "table:number-columns-spanned") == "3"
    told = ["huizong", "2003-07-10T18:30:00Z", *WHAT.split("\n")]
    assert [*map(str, note.itertext())] == told


NOTE = """<office:annotation{}>{}<text:p>县里的<text:span>批注</text:span></text:p>
</office:annotation>"""


@pytest.mark.parametrize("author", ["<dc:creator>张三</dc:creator>", ""])
def test_our_comment_stands_below_what_the_county_wrote(author: str) -> None:
    note = NOTE.format(' office:display="true"', author)
    cell = f"<table:table-cell {FLOAT}>{note}<text:p>7</text:p></table:table-cell>"
    content = package(document(table(f"<table:table-row>{cell}</table:table-row>")))
    copy = marked(content, marking({}, {("表", "A1"): WHAT}))
    texts = ["".join(map(str, p.itertext())) for p in find(copy, "//office:annotation/text:p")]
    assert texts == ["县里的批注", "", "———— huizong ————", *WHAT.split("\n")]
    assert [*sheets(copy)[1].notes.values()] == ["县里的批注"]
    assert marked(copy, marking({}, {("表", "A1"): WHAT})) == copy
    unsigned = parts(copy)
    nobody = unsigned.pop("content.xml").replace(b"<dc:creator>huizong", b"<dc:creator>x")
    assert sheets(package(nobody, unsigned))[1].notes == sheets(content)[0].notes
    for sent_back in (copy, package(nobody, unsigned)):
        assert len(find(marked(sent_back, errors()), "//office:annotation/text:p")) == 1
    healed = marked(copy, errors())
    assert sheets(healed)[1].notes == sheets(content)[0].notes
    assert find(healed, "//text:span")
    assert [e.text for e in find(healed, "//dc:creator")] == (["张三"] if author else [])


def test_comments_of_a_blank_form_stay() -> None:
    note = NOTE.format("", "<dc:creator>huizong template</dc:creator>")
    row = f"<table:table-row><table:table-cell>{note}</table:table-cell></table:table-row>"
    assert find(marked(package(document(table(row))), errors()), "//office:annotation")


def test_the_comment_and_picture_of_cells_that_are_alike_lie_on_the_first() -> None:
    many = f'<table:table-cell {FLOAT} table:number-columns-repeated="5">{{}}</table:table-cell>'
    cell = many.format(NOTE.format("", "") + "<draw:frame/>")
    content = package(document(table(f"<table:table-row>{cell}</table:table-row>")))
    copy = marked(content, errors(("表", "C1")))
    assert sheets(copy)[1] == sheets(content)[0]
    assert len(find(copy, "//draw:frame")) == len(find(copy, "//office:annotation")) == 1


def test_the_review_is_in_front_with_links_and_a_filter(plain: bytes) -> None:
    copy = marked(plain, errors(("数据", "A1"), ("没有", "A1")))
    front = sheets(copy)[0]
    assert [row[0] for row in front.rows[:5]] == [
        "汾西县 审核结果", "强制性1条", "请在“说明”一栏填写。", "第3次发布", "等级",
    ]  # fmt: skip
    assert [list(row[:3]) for row in front.rows[5:]] == [["error", "A1", ""], ["error", "A1", ""]]
    assert front.hidden_columns == {3}
    (link,) = find(copy, "//table:table[1]//text:a")
    assert link.get("{http://www.w3.org/1999/xlink}href") == "#'数据'.A1"
    (filtered,) = find(copy, "//table:database-range")
    assert get(filtered, "table:target-range-address") == "'审核结果'.A5:'审核结果'.D7"
    assert get(filtered, "table:display-filter-buttons") == "true"


SETTINGS = """<office:settings>
<config:config-item-set config:name="ooo:view-settings">
<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>
<config:config-item-map-named config:name="Tables"><config:config-item-map-entry config:name="数据">
<config:config-item config:name="TableSelected">true</config:config-item>
<config:config-item config:name="ZoomValue">80</config:config-item>
</config:config-item-map-entry></config:config-item-map-named>
<config:config-item config:name="ActiveTable">数据</config:config-item>
</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>
</office:settings>"""


def test_it_is_opened_on_the_review_with_its_headings_in_sight(plain: bytes) -> None:
    settings = document("").replace(b"<office:body>", SETTINGS.encode() + b"<office:body>")
    content = package(document(table("", name="数据")), {"settings.xml": settings})
    for copy in (marked(content, errors()), marked(package(document(table(""))), errors())):
        (active,) = find(copy, "//*[@config:name='ActiveTable']", "settings.xml")
        assert active.text == REVIEW
        assert find(copy, f"//*[@config:name='{REVIEW}']/*[.='true']", "settings.xml")
        assert len(find(copy, "//*[@config:name='TableSelected']", "settings.xml")) == 1
        of_review = find(copy, f"//*[@config:name='{REVIEW}']/*", "settings.xml")
        told = {get(item, "config:name"): item.text for item in of_review}
        assert (told["VerticalSplitMode"], told["VerticalSplitPosition"]) == ("2", "5")
    assert find(marked(content, errors()), "//*[@config:name='ZoomValue']", "settings.xml")


def test_parts_that_a_package_lacks_are_made_and_listed() -> None:
    copy = marked(package(document(table(""))), errors())
    listed = find(copy, "//manifest:file-entry", "META-INF/manifest.xml")
    assert [get(e, "manifest:full-path") for e in listed] == ["styles.xml", "settings.xml"]
    (page,) = find(copy, "//style:page-layout-properties", "styles.xml")
    assert (get(page, "fo:page-width"), get(page, "style:scale-to-X")) == ("420mm", "1")


def test_explanations_in_the_copy_are_read_back(plain: bytes) -> None:
    copy = marked(plain, errors(("数据", "A1"), ("数据", "B2")))
    second = "//table:table[1]/table:table-row[7]/table:table-cell[3]"
    answered = with_text(copy, second, "受灾减产")
    read = read_answers(open_workbook(answered, "a.ods"))
    assert read is not None
    assert read.stamp == STAMP
    assert [(a.about, a.text, a.cell.address) for a in read.answers] == [
        (reference(1), "受灾减产", "C7")
    ]


def test_marks_are_taken_out_where_another_program_has_saved_the_copy_since(plain: bytes) -> None:
    """It keeps colours, comments and the sheet, and gives other names to styles."""
    copy = marked(plain, marking({("数据", "B2"): Severity.ERROR}, {("数据", "B2"): WHAT}))
    saved = parts(copy)
    contents = saved.pop("content.xml")
    for ours, its in ((b"huizong-error-", b"ce9"), (b"huizong_", b"ro9")):
        contents = contents.replace(ours, its)
    healed = marked(package(contents, saved), marking({}))
    assert [*sheets(healed)[1:]] == [*sheets(plain)]
    assert {sheet for sheet, _, _ in coloured(healed)} == {REVIEW}
    assert not find(healed, "//office:annotation")


def test_the_colour_that_was_covered_comes_back_whatever_styles_are_called_since() -> None:
    row = f'<table:table-row><table:table-cell table:style-name="ce1" {FLOAT}/></table:table-row>'
    saved = parts(marked(package(document(table(row), STYLES)), errors(("表", "A1"))))
    contents = saved.pop("content.xml").replace(b"huizong-error-ce1", b"ce9")
    healed = marked(package(contents, saved), errors())
    (style,) = find(healed, "//style:style[@style:name='ce9']")
    assert not style.findall(".//*[@{*}background-color]")
    (before,) = find(
        healed, f"//*[@style:name='{get(style, 'style:parent-style-name')}']/*", "styles.xml"
    )
    assert get(before, "fo:background-color") == "#ffff00"


def test_a_county_s_own_colour_stays_in_what_was_never_marked() -> None:
    style = STYLES.replace("#ffff00", BLUE)
    row = f'<table:table-row><table:table-cell table:style-name="ce1" {FLOAT}/></table:table-row>'
    copy = marked(package(document(table(row), style)), errors())
    assert coloured(copy)["表", 0, 0] == BLUE


def test_a_document_in_a_single_file_is_marked_too() -> None:
    row = f"<t:table-row><t:table-cell {FLOAT.replace('office', 'o')}/></t:table-row>"
    content = flat_document(f'<t:table t:name="表">{row}</t:table>')
    given_marks = marking({("表", "A1"): Severity.ERROR}, {("表", "A1"): WHAT})
    copy = marked(content, given_marks)
    assert [s.name for s in sheets(copy)] == [REVIEW, "表"]
    assert sheets(copy)[1].rows == sheets(content)[0].rows
    assert marked(copy, given_marks) == copy


SOUND = document(table(""))
UTF_16 = "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE x><x/>"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (package(SOUND, {"META-INF/documentsignatures.xml": b"<x/>"}), "signed"),
        (package(SOUND, {"META-INF/manifest.xml": b"<encryption-data/>"}), "encrypted"),
        (package(document("<table:tracked-changes/>" + table(""))), "tracked"),
        (package(SOUND.replace(b"spreadsheet", b"text")), "no spreadsheet"),
        (package(document("")), "no sheets"),
        (package(document(table("", name=REVIEW))), "of its own"),
        (package(SOUND)[:200], "no sound"),
        (package(b"<!DOCTYPE x [<!ENTITY y 'z'>]>" + SOUND), "no sound"),
        (UTF_16.encode("utf-16"), "entities"),
        (b"<html/>", "no spreadsheet"),
        (b"", "no sound"),
    ],
)  # fmt: skip
def test_what_would_be_damaged_is_left_alone(content: bytes, why: str) -> None:
    with pytest.raises(CannotMark, match=why):
        marked(content, errors())


def test_a_county_s_open_document_goes_back_marked(
    edition: Edition, contents: PublicationContents, scheme: Scheme
) -> None:
    biogas, sent = "R04 沼气池建设进度表", contents.copies["141034"][0]
    content = package(document(table("", name=biogas)))
    sent = replace(sent, file_name="汾西县.ods", content=content)
    copy = marked_copy(edition, scheme.county("141034"), sent)
    assert copy.unmarked is None
    colours = coloured(copy.content)
    assert {at: colour for at, colour in colours.items() if at[0] == biogas} == {
        (biogas, 7, 5): RED,
        (biogas, 7, 4): RED,
    }
    assert was_marked(copy.content, REVIEW)
    assert not was_marked(content, REVIEW)


def test_an_open_document_is_known_by_its_content(plain: bytes) -> None:
    flat = flat_document('<t:table t:name="表"/>')
    others = (b"", b"PK\x03\x04", package(b"", {"xl/workbook.xml": b""})[:99], b"<html/>")
    assert [editor_of(content) is ods for content in (plain, flat, *others)] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    assert not was_marked(b"", REVIEW)
