from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from schemas.answers import FindingRef, ListStamp
from schemas.findings import CellRef
from schemas.models import Scheme
from warehouse.consolidation.contents import PublicationContents
from warehouse.publish.edition import Edition
from warehouse.publish.lists import discrepancies

FENXI, XI = "141034", "141031"


@pytest.fixture(scope="module")
def book(edition: Edition) -> Workbook:
    return load_workbook(BytesIO(discrepancies(edition, ["旧表.xls"])))


def test_every_finding_is_a_row_with_all_that_is_needed_to_work_on_it(
    book: Workbook, edition: Edition
) -> None:
    sheet = book["差异清单"]
    *headings, stamp = [cell.value for cell in sheet[4]]
    assert headings == [
        "序号", "严重程度", "县(市、区)", "报表", "单元格", "栏目", "问题", "可能原因", "处理办法",
        "对全市数的影响", "占全市数(%)", "处理状态", "已过天数", "已有说明", "说明(由县填写)",
        "填报值", "应为", "相差", "审核关系", "工作表", "文件",
    ]  # fmt: skip
    *told, reference = [cell.value for cell in sheet[5]]
    assert told == [
        1, "强制性", "汾西县", "R04 沼气池建设进度表", "F8、E8", "其中:已密封配套",
        "应满足“已密封配套不超过本年累计新建”，实际：45 ≤ 40。", None,
        "请核对，改正有误的一项；数据无误的请书面说明原因。",
        5, 0, "待处理", None, None, None,
        45, 40, 5, "已密封配套不超过本年累计新建 (R04-sealed)", "R04 沼气池建设进度表",
        "汾西县2003年上半年.xlsx",
    ]  # fmt: skip
    # What stands behind the column for answers is in the text, and is not printed.
    assert sheet.print_area == "'差异清单'!$A$1:$O$9"
    read = ListStamp.read(stamp)
    assert read == ListStamp("list", "linfen", "2003H1", 3, "141000", "说明(由县填写)")
    filed = edition.findings[0]
    assert FindingRef.read(reference) == FindingRef(str(filed.sha256), filed.finding.key)
    assert sheet.column_dimensions["V"].hidden


def test_the_gravest_and_then_the_largest_effects_come_first(book: Workbook) -> None:
    sheet = book["差异清单"]
    found = [(sheet[f"B{row}"].value, sheet[f"J{row}"].value) for row in range(5, 10)]
    assert found == [
        ("强制性", 5), ("强制性", None), ("强制性", None), ("核实性", -500.5), ("提示性", None),
    ]  # fmt: skip


def test_the_cell_links_to_the_cell_of_the_marked_copy(book: Workbook) -> None:
    link = book["差异清单"]["E5"].hyperlink
    assert link is not None
    assert link.target is not None
    assert link.target.replace("\\", "/") == "counties/141034-汾西县/汾西县2003年上半年.xlsx"
    assert link.location == "'R04 沼气池建设进度表'!F8"


def test_a_county_and_a_period_that_differ_from_row_to_row_are_told(
    contents: PublicationContents,
) -> None:
    one, other = contents.findings[:2]
    earlier = one.finding.model_copy(update={"period": "2002", "form": None, "indicator": None})
    edition = Edition(replace(contents, findings=(replace(one, finding=earlier), other)), "zh")
    sheet = load_workbook(BytesIO(discrepancies(edition, [])))["差异清单"]
    assert [cell.value for cell in sheet[4]][2:5] == ["县(市、区)", "报告期", "报表"]
    assert sorted(str(sheet[f"D{row}"].value) for row in (5, 6)) == ["2002", "2003H1"]


def test_a_countys_own_list_has_only_its_findings_and_links_beside_itself(
    edition: Edition, scheme: Scheme
) -> None:
    book = load_workbook(BytesIO(discrepancies(edition, [], scheme.county(FENXI))))
    sheet = book["差异清单"]
    assert [cell.value for cell in sheet[4]][:3] == ["序号", "严重程度", "报表"]
    forms = [sheet[f"C{row}"].value for row in range(5, 8)]
    assert forms == ["R04 沼气池建设进度表", "R01 移民调查摸底表(按村人口分段)", None]
    link = sheet["D5"].hyperlink
    assert link is not None
    assert link.target == "汾西县2003年上半年.xlsx"


def test_a_county_that_sent_nothing_is_told_what_it_owes(edition: Edition, scheme: Scheme) -> None:
    book = load_workbook(BytesIO(discrepancies(edition, [], scheme.county(XI))))
    assert "尚未报送或已被退回：R04 沼气池建设进度表。" in str(book["差异清单"]["A2"].value)


@pytest.mark.parametrize(
    ("cells", "sheets", "addresses"),
    [
        (["一!A4", "二!E4"], "一等2张", "A4等2处"),
        (["一!A4", "一!A5"], "一", "A4、A5"),
        (["一!A4", "一!A5", "一!A6"], "一", "A4、A5等3处"),
    ],
)
def test_many_cells_are_counted_and_the_first_are_named(
    contents: PublicationContents, cells: list[str], sheets: str, addresses: str
) -> None:
    filed = contents.findings[0]
    places = [cell.split("!") for cell in cells]
    refs = tuple(CellRef(sheet=sheet, address=address) for sheet, address in places)
    moved = replace(filed, finding=filed.finding.model_copy(update={"cells": refs}))
    book = load_workbook(
        BytesIO(discrepancies(Edition(replace(contents, findings=(moved,)), "zh"), []))
    )
    sheet = book["差异清单"]
    assert (sheet["T5"].value, sheet["E5"].value) == (sheets, addresses)


def test_all_cells_of_a_finding_of_many_lines_are_listed(contents: PublicationContents) -> None:
    filed = contents.findings[0]
    first = CellRef(sheet="一", address="A4")
    areas = (CellRef(sheet="一", address="A4:A11 A20:A503"),)
    many = {"cells": (first,), "areas": areas, "lines": 492}
    moved = replace(filed, finding=filed.finding.model_copy(update=many))
    edition = Edition(replace(contents, findings=(moved,)), "zh")
    sheet = load_workbook(BytesIO(discrepancies(edition, [])))["差异清单"]
    assert (sheet["T4"].value, sheet["T5"].value) == ("全部单元格", "一!A4:A11 A20:A503")
    assert sheet["E5"].value == "A4:A11等492处"


def test_an_error_in_a_return_for_another_period_refuses_nothing(
    contents: PublicationContents, scheme: Scheme
) -> None:
    filed = next(f for f in contents.findings if f.finding.county == FENXI)
    other = filed.finding.model_copy(update={"form": None, "period": "2002", "indicator": None})
    edition = Edition(replace(contents, findings=(replace(filed, finding=other),)), "zh")
    sheet = load_workbook(BytesIO(discrepancies(edition, [])))["审核汇总"]
    assert (sheet["A19"].value, sheet["F19"].value) == ("汾西县", "未报")


def test_the_list_can_be_filtered_and_names_files_that_could_not_be_marked(book: Workbook) -> None:
    sheet = book["差异清单"]
    assert sheet.auto_filter.ref == "A4:V9"
    assert "以下文件无法标注，按原件附上：旧表.xls。" in str(sheet["A2"].value)
    assert sheet["B5"].fill.fgColor.rgb == "FFF4CFC9"


def test_a_long_list_can_be_filtered_to_its_last_row_and_every_row_leads_to_its_cell(
    contents: PublicationContents,
) -> None:
    filed = next(f for f in contents.findings if f.finding.county == FENXI)
    cells = [CellRef(sheet="R04 沼气池建设进度表", address=f"F{row}") for row in range(8, 308)]
    many = tuple(
        replace(filed, finding=filed.finding.model_copy(update={"cells": (cell,)}))
        for cell in cells
    )
    edition = Edition(replace(contents, findings=many), "zh")
    sheet = load_workbook(BytesIO(discrepancies(edition, [])))["差异清单"]
    assert (sheet.max_row, sheet.auto_filter.ref) == (304, "A4:V304")
    links = [sheet.cell(row, 5).hyperlink for row in range(5, 305)]
    assert sorted(str(link and link.location) for link in links) == sorted(
        f"'{cell.sheet}'!{cell.address}" for cell in cells
    )


def test_a_row_is_no_higher_than_excel_has_them(contents: PublicationContents) -> None:
    filed = contents.findings[0]
    long = filed.finding.model_copy(
        update={"parameters": {**filed.finding.parameters, "kept": "很长" * 2000}}
    )
    edition = Edition(replace(contents, findings=(replace(filed, finding=long),)), "zh")
    sheet = load_workbook(BytesIO(discrepancies(edition, [])))["差异清单"]
    assert sheet.row_dimensions[5].height == 408.75  # whole pixels


def test_summary_counts_findings_and_shows_what_has_been_reported(book: Workbook) -> None:
    sheet = book["审核汇总"]
    headings = [str(cell.value).split(" ")[0] for cell in sheet[4]]
    forms = [headings.index(code) - 1 for code in ("R01", "R02", "R04", "R07", "R10", "R18")]
    rows = {str(row[0].value): [cell.value for cell in row[1:]] for row in sheet.iter_rows(5, 23)}

    def reported(unit: str) -> list[object]:
        return [rows[unit][place] for place in forms]

    assert rows["汾西县"][:4] == [2, 0, 0, 2]
    assert reported("汾西县") == ["退回", "已报", "沿用前报", "已报", "已报", "已报"]
    assert reported("隰县")[2] == "未报"
    assert rows["尧都区"][:4] == [0, 1, 1, 2]
    assert reported("尧都区")[:2] == ["不报送", "不报送"]
    assert rows["未能辨认县(市、区)"][:4] == [1, 0, 0, 1]
    assert rows["合计"][:4] == [3, 1, 1, 5]
    assert reported("合计") == ["9/10", "10/10", "16/17", "17/17", "17/17", "17/17"]
    assert len(sheet.conditional_formatting) == 3


def test_revisions_show_the_old_the_new_and_the_difference(book: Workbook) -> None:
    sheet = book["修订"]
    assert [cell.value for cell in sheet[5]] == [
        "R04 沼气池建设进度表", "本年建设 · 本年累计新建", "汾西县", "个", 30, 40, 10,
        "更正后重报 (关账后)", 1, 2,
        "汾西县2003年上半年.xlsx",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[6]][4:] == [
        4990, 5000, 10, "所属县区变动 (关账后)", None, None, None
    ]  # fmt: skip


def test_a_long_file_name_does_not_make_a_tall_row(contents: PublicationContents) -> None:
    name = "2015/" + "关于报送二〇一五年度扶贫开发统计报表的说明" * 4 + "-汾西县.xlsx"
    filed = replace(contents.findings[0], file_name=name)
    book = load_workbook(
        BytesIO(discrepancies(Edition(replace(contents, findings=(filed,)), "zh"), []))
    )
    shown = str(book["差异清单"]["U5"].value)
    assert len(shown) == 45
    assert shown.startswith("2015/关于报送")
    assert shown.endswith("-汾西县.xlsx")


def test_a_text_that_looks_like_a_formula_stays_a_text(contents: PublicationContents) -> None:
    filed = replace(contents.findings[0], file_name='=HYPERLINK("x")')
    book = load_workbook(
        BytesIO(discrepancies(Edition(replace(contents, findings=(filed,)), "zh"), []))
    )
    cell = book["差异清单"]["U5"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")


def test_observed_text_is_no_number_and_full_width_digits_stay_as_written(book: Workbook) -> None:
    assert book["差异清单"]["P9"].value == "１00"


def test_a_publication_without_findings_says_so(contents: PublicationContents) -> None:
    empty = Edition(replace(contents, findings=(), revisions=()), "zh")
    book = load_workbook(BytesIO(discrepancies(empty, [])))
    assert str(book["差异清单"]["A2"].value).startswith("没有发现问题。")
    assert book["修订"]["A3"].value == "与上一次发布相比，没有修订已发布的数据。"


def test_a_first_return_is_said_in_a_sentence_and_revises_nothing(
    contents: PublicationContents, scheme: Scheme
) -> None:
    changed, municipal = contents.revisions
    came = replace(
        changed, unit=scheme.county(XI), before=None, version_before=None, version_after=1
    )
    edition = Edition(replace(contents, revisions=(came, changed, municipal)), "zh")
    sheet = load_workbook(BytesIO(discrepancies(edition, [])))["修订"]
    assert sheet["A3"].value == "本次新收到：隰县(R04)。"
    assert [sheet.cell(row, 3).value for row in (5, 6, 7)] == ["汾西县", "临汾市", None]
    other = load_workbook(BytesIO(discrepancies(edition, [], scheme.county(FENXI))))["修订"]
    assert other["A3"].value is None
