from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from warehouse.consolidation.contents import PublicationContents
from warehouse.publish.edition import Edition
from warehouse.publish.tables import municipal_tables

BIOGAS = "R04 沼气池建设进度表"
SURVEY = "R01 移民调查摸底表(按村人口分段)"


@pytest.fixture(scope="module")
def book(edition: Edition) -> Workbook:
    return load_workbook(BytesIO(municipal_tables(edition)))


@pytest.fixture(scope="module")
def biogas(book: Workbook) -> Worksheet:
    return book[BIOGAS]


def merged(sheet: Worksheet) -> set[str]:
    return {str(area) for area in sheet.merged_cells.ranges}


def column(sheet: Worksheet, letter: str, first: int, last: int) -> list[object]:
    return [sheet[f"{letter}{row}"].value for row in range(first, last + 1)]


def texts(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)


def test_there_is_a_contents_sheet_and_a_sheet_per_form_in_order(book: Workbook) -> None:
    assert book.sheetnames[:4] == ["目录", SURVEY, "R02 移民搬迁(易地扶贫搬迁)进度表", BIOGAS]
    cover = book["目录"]
    assert cover["A1"].value == "临汾市汇总表"
    assert [cell.value for cell in cover[9]] == [
        3, "临扶统04表", "沼气池建设进度表", 17, 16, "隰县", "初步汇总",
    ]  # fmt: skip
    assert cover["G10"].value == "完整"
    assert cover["C9"].hyperlink is not None
    assert cover["C9"].hyperlink.location == f"'{BIOGAS}'!A1"


def test_heading_states_title_period_form_number_issuer_and_units(biogas: Worksheet) -> None:
    assert biogas["A1"].value == "沼气池建设进度表"
    assert biogas["A2"].value == "2003年上半年（初步汇总）"
    assert biogas["A3"].value == "制表单位：临汾市扶贫开发办公室"
    assert biogas["J3"].value == "表号：临扶统04表"
    assert biogas["J4"].value == "计量单位：见表头"


def test_header_merges_groups_and_numbers_the_columns(biogas: Worksheet) -> None:
    assert {"A5:A6", "B5:B6", "C5:F5", "G5:G6"} <= merged(biogas)
    assert biogas["C5"].value == "本年建设"
    assert biogas["C6"].value == "本年计划\n(个)"
    assert biogas["H5"].value == "完成计\n划比例\n(%)"
    assert [cell.value for cell in biogas[7]] == ["甲", 1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_blocks_of_a_repeated_group_are_merged_over_their_columns(book: Workbook) -> None:
    sheet = book[SURVEY]
    assert {"B5:F5", "G5:K5", "E6:F6", "B6:B7"} <= merged(sheet)
    assert sheet["B5"].value == "合计"
    assert sheet["G5"].value == "100人以下"
    assert sheet["E6"].value == "五年移民计划"


def test_counties_stand_in_order_and_the_total_comes_last(
    biogas: Worksheet, contents: PublicationContents
) -> None:
    names = [unit.name.zh for unit in contents.scheme.counties]
    assert column(biogas, "A", 8, 25) == [*names, "合计"]
    assert biogas["A25"].font.bold


def test_figures_are_numbers_with_their_declared_decimals(biogas: Worksheet) -> None:
    assert biogas["B8"].value == 1001
    assert biogas["B8"].number_format == "#,##0_ "
    assert biogas["H8"].value == 143.86
    assert biogas["H8"].number_format == "#,##0.00_ "
    assert biogas["B25"].value == sum(1000 * county + 1 for county in range(1, 18) if county != 12)


def test_a_missing_county_says_so_in_every_column_and_is_never_zero(biogas: Worksheet) -> None:
    assert biogas["A19"].value == "隰县"
    assert [cell.value for cell in biogas[19]][1:] == ["未报"] * 9


def test_a_refused_return_and_a_form_not_owed_are_marked(book: Workbook) -> None:
    sheet = book[SURVEY]
    assert (sheet["A23"].value, sheet["B23"].value) == ("汾西县", "退回")
    assert (sheet["A9"].value, sheet["B9"].value) == ("尧都区", "×")
    assert "“退回”已收到、经审核退回；“×”不要求报送或不作汇总；空格为无数据" in texts(sheet)


def test_a_year_has_no_thousands_separator_and_no_municipal_figure(book: Workbook) -> None:
    sheet = book["R18 减贫任务与脱贫摘帽进度表"]
    assert sheet["K8"].number_format == "0_ "
    assert sheet["K25"].value == "×"
    assert "“计划摘帽年份”不作汇总。" in texts(sheet)


def test_notes_state_completeness_and_how_ratios_are_made(biogas: Worksheet) -> None:
    notes = texts(biogas)
    assert "应报17个县(市、区)，已报16个；缺：隰县。合计只含已报的县(市、区)，为初步数。" in notes
    assert "比率（完成计划比例）由汇总后的分子、分母重新计算" in notes
    assert "发布编号：2003H1-0003　数据截至：2003-07-11 02:30（北京时间）" in notes


def test_figures_of_an_earlier_return_are_shown_and_said_to_be_so(biogas: Worksheet) -> None:
    row = next(row for row in biogas.iter_rows(min_row=5) if row[0].value == "汾西县")
    assert isinstance(row[1].value, int | float)
    assert "汾西县后来报送的未通过审核，仍采用以前报送的数。" in texts(biogas)


def test_sheets_print_on_one_landscape_page_with_repeated_titles(biogas: Worksheet) -> None:
    assert biogas.page_setup.orientation == "landscape"
    assert biogas.sheet_properties.pageSetUpPr is not None
    assert biogas.sheet_properties.pageSetUpPr.fitToPage
    assert biogas.print_title_rows == "$1:$7"
    assert biogas.freeze_panes == "B8"


def test_a_complete_table_is_not_called_provisional(book: Workbook) -> None:
    sheet = book["R10 科技培训与新型农民培训表"]
    assert sheet["A2"].value == "2003年上半年"
    assert "应报17个县(市、区)，已全部报送。" in texts(sheet)


def test_english_tables_hold_the_same_figures(contents: PublicationContents) -> None:
    book = load_workbook(BytesIO(municipal_tables(Edition(contents, "en"))))
    sheet = book["R04 Biogas digesters"]
    assert sheet["A2"].value == "first half of 2003 (provisional)"
    assert (sheet["A8"].value, sheet["B8"].value) == ("Yaodu", 1001)
    assert sheet["B19"].value == "missing"


def test_two_forms_cannot_share_a_sheet_when_their_titles_are_cut(
    contents: PublicationContents,
) -> None:
    long = contents.tables[0].form.title.model_copy(update={"zh": "很" * 60 + "[/]"})
    table = contents.tables[0]
    changed = replace(table, form=table.form.model_copy(update={"title": long}))
    edition = Edition(replace(contents, tables=(changed, *contents.tables[1:])), "zh")
    names = load_workbook(BytesIO(municipal_tables(edition))).sheetnames
    assert names[1] == "R01 " + "很" * 27
