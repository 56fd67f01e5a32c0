from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from schemas.findings import CellRef
from schemas.models import Scheme
from schemas.reading.reader import read_submission
from tests.warehouse.publish.spoiled import with_format
from warehouse.consolidation.contents import CountyCopy, PublicationContents
from warehouse.publish.copies import MarkedCopy, marked_copy
from warehouse.publish.edition import Edition

FENXI = "141034"
BIOGAS = "R04 沼气池建设进度表"


@pytest.fixture(scope="module")
def original(contents: PublicationContents) -> CountyCopy:
    return contents.copies[FENXI][0]


@pytest.fixture(scope="module")
def content(edition: Edition, scheme: Scheme, original: CountyCopy) -> bytes:
    copy = marked_copy(edition, scheme.county(FENXI), original)
    assert copy.unmarked is None
    return copy.content


@pytest.fixture(scope="module")
def book(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def test_exactly_the_doubtful_cells_are_commented(book: Workbook) -> None:
    commented = {
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    assert commented == {f"{BIOGAS}!F8", f"{BIOGAS}!E8", "R01 移民调查摸底表(按村人口分段)!C12"}


def test_a_marked_cell_is_coloured_by_severity_and_says_what_is_wrong(book: Workbook) -> None:
    cell = book[BIOGAS]["F8"]
    assert cell.fill.fgColor.rgb == "FFF4CFC9"
    assert cell.comment is not None
    assert cell.comment.text == (
        "【强制性】不符合审核关系\n"
        "应满足“已密封配套不超过本年累计新建”，实际：45 ≤ 40。\n"
        "请核对，改正有误的一项；数据无误的请书面说明原因。"
    )


def contents(sheet: Worksheet) -> list[list[object]]:
    """The values of a sheet, an array formula by its text."""
    return [
        [c.value.text if isinstance(c.value, ArrayFormula) else c.value for c in row]
        for row in sheet.iter_rows()
    ]


def test_values_formulas_validations_and_protection_are_those_of_the_original(
    book: Workbook, original: CountyCopy
) -> None:
    before = load_workbook(BytesIO(original.content))
    assert book.sheetnames[1:] == before.sheetnames
    for sheet in before.worksheets:
        same = book[sheet.title]
        assert contents(same) == contents(sheet)
        assert same.protection.sheet == sheet.protection.sheet
        assert same.sheet_state == sheet.sheet_state
        assert same.data_validations.count == sheet.data_validations.count
        assert same.merged_cells == sheet.merged_cells


def test_formulas_keep_the_values_they_last_had(content: bytes, original: CountyCopy) -> None:
    before = load_workbook(BytesIO(original.content), data_only=True)[BIOGAS]
    after = load_workbook(BytesIO(content), data_only=True)[BIOGAS]
    assert [cell.value for cell in after[8]] == [cell.value for cell in before[8]]
    assert after["G8"].value == 140


def test_a_copy_sent_back_as_it_is_reads_like_the_original(
    content: bytes, original: CountyCopy, scheme: Scheme
) -> None:
    on = date(2003, 7, 1)
    before = read_submission("a.xlsx", original.content, scheme, on)
    after = read_submission("a.xlsx", content, scheme, on)
    assert (after.county, after.period, after.findings) == (FENXI, "2003H1", before.findings)
    assert [f.findings for f in after.filings] == [f.findings for f in before.filings]
    assert all(
        one.frame.equals(other.frame)
        for one, other in zip(before.filings, after.filings, strict=True)
    )


def test_the_first_sheet_lists_the_findings_with_links_to_their_cells(book: Workbook) -> None:
    sheet = book.worksheets[0]
    assert sheet.title == "审核结果"
    assert book.active is sheet
    assert [other.sheet_view.tabSelected for other in book.worksheets].count(True) == 1
    assert [cell.value for cell in sheet[6]][:5] == [
        1, "强制性", BIOGAS, "F8、E8", "其中:已密封配套",
    ]  # fmt: skip
    link = sheet["D6"].hyperlink
    assert link is not None
    assert link.location == f"'{BIOGAS}'!F8"


def test_marking_a_marked_copy_again_replaces_the_marks(
    edition: Edition, scheme: Scheme, content: bytes, original: CountyCopy
) -> None:
    sent_back = replace(original, content=content)
    healed = Edition(replace(edition.contents, findings=()), "zh")
    book = load_workbook(BytesIO(marked_copy(healed, scheme.county(FENXI), sent_back).content))
    assert book.sheetnames.count("审核结果") == 1
    assert book[BIOGAS]["F8"].comment is None
    before = load_workbook(BytesIO(original.content))[BIOGAS]["F8"].fill
    assert book[BIOGAS]["F8"].fill.fgColor == before.fgColor
    assert book.worksheets[0]["A2"].value == "没有发现问题。"


def test_a_finding_in_a_merged_area_is_marked_where_it_shows(
    edition: Edition, scheme: Scheme, original: CountyCopy
) -> None:
    filed = edition.findings_of(scheme.county(FENXI))[0]
    moved = filed.finding.model_copy(update={"cells": (CellRef(sheet=BIOGAS, address="D1"),)})
    changed = replace(edition.contents, findings=(replace(filed, finding=moved),))
    copy = marked_copy(Edition(changed, "zh"), scheme.county(FENXI), original)
    assert load_workbook(BytesIO(copy.content))[BIOGAS]["A1"].comment is not None


def test_a_finding_on_a_sheet_that_is_not_there_is_listed_without_a_link(
    edition: Edition, scheme: Scheme, original: CountyCopy
) -> None:
    filed = edition.findings_of(scheme.county(FENXI))[0]
    moved = filed.finding.model_copy(update={"cells": (CellRef(sheet="没有", address="D1"),)})
    changed = replace(edition.contents, findings=(replace(filed, finding=moved),))
    copy = marked_copy(Edition(changed, "zh"), scheme.county(FENXI), original)
    sheet = load_workbook(BytesIO(copy.content)).worksheets[0]
    assert (sheet["C6"].value, sheet["D6"].hyperlink) == ("没有", None)


@pytest.mark.parametrize(
    "damaged",
    [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04 cut off", b"<html></html>"],
)
def test_what_is_no_readable_workbook_is_passed_on_unchanged(
    edition: Edition, scheme: Scheme, original: CountyCopy, damaged: bytes
) -> None:
    copy = CountyCopy("旧表.xls", original.sha256, damaged)
    passed_on = marked_copy(edition, scheme.county(FENXI), copy)
    assert passed_on == MarkedCopy(damaged, passed_on.unmarked)
    assert passed_on.unmarked is not None


def test_a_return_without_findings_goes_back_as_it_came(
    edition: Edition, scheme: Scheme, original: CountyCopy
) -> None:
    healed = Edition(replace(edition.contents, findings=()), "zh")
    passed_on = marked_copy(healed, scheme.county(FENXI), original)
    assert passed_on == MarkedCopy(original.content)


def test_a_truncated_workbook_is_passed_on_unchanged(
    edition: Edition, scheme: Scheme, original: CountyCopy
) -> None:
    cut = replace(original, content=original.content[: len(original.content) // 2])
    why = marked_copy(edition, scheme.county(FENXI), cut).unmarked
    assert why is not None
    assert why.reason == "file-truncated (BadZipFile)"


def test_an_editor_that_fails_by_its_own_fault_leaves_the_copy_and_says_where(
    edition: Edition, scheme: Scheme, original: CountyCopy
) -> None:
    """The number of a format is none: Python's message would quote it."""
    bad = with_format(original.content, "F8", "张三")
    copy = marked_copy(edition, scheme.county(FENXI), replace(original, content=bad))
    assert copy.content == bad
    assert copy.unmarked is not None
    assert copy.unmarked.reason == "ValueError"
    assert copy.unmarked.place.startswith("warehouse.publish.marks.ooxml:")


def test_what_a_parser_says_of_a_broken_part_is_not_told(
    edition: Edition, scheme: Scheme, original: CountyCopy
) -> None:
    bad = with_format(original.content, "F8", "张三<")
    why = marked_copy(edition, scheme.county(FENXI), replace(original, content=bad)).unmarked
    assert why is not None
    assert why.reason.endswith(".xml is no sound XML (XMLSyntaxError)")
    assert why.place.startswith("warehouse.publish.marks.ooxml.package:")


def test_a_workbook_that_may_not_be_changed_says_why_in_words_of_ours(
    edition: Edition, scheme: Scheme, original: CountyCopy
) -> None:
    signed = BytesIO(original.content)
    with ZipFile(signed, "a") as package:
        package.writestr("_xmlsignatures/origin.sigs", b"")
    copy = replace(original, content=signed.getvalue())
    why = marked_copy(edition, scheme.county(FENXI), copy).unmarked
    assert why is not None
    assert why.reason == "it is signed"


def test_comments_speak_english_in_an_english_edition(
    contents: PublicationContents, scheme: Scheme, original: CountyCopy
) -> None:
    copy = marked_copy(Edition(contents, "en"), scheme.county(FENXI), original)
    comment = load_workbook(BytesIO(copy.content))[BIOGAS]["F8"].comment
    assert comment is not None
    assert comment.text.startswith("[must be corrected] ")
