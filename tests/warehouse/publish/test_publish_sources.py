"""The sheets of the municipal workbook that say where its figures come from, and what differs."""

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from warehouse.consolidation.comparisons import DifferenceCause
from warehouse.consolidation.contents import PublicationContents
from warehouse.publish.edition import Edition
from warehouse.publish.tables import municipal_tables

BIOGAS = "R04 沼气池建设进度表"
FENXI = "141034"


@pytest.fixture(scope="module")
def book(edition: Edition) -> Workbook:
    return load_workbook(BytesIO(municipal_tables(edition)))


def lines(sheet: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]


def test_a_difference_is_broken_down_by_county_and_cause(book: Workbook) -> None:
    sheet = book["对账表"]
    headings = [cell.value for cell in sheet[4]]
    assert headings[4:11] == [
        "县(市、区)",
        "所报数",
        "应等于",
        "相差",
        "原因",
        "迟报、未报",
        "退回",
    ]
    told = [dict(zip(headings, line, strict=True)) for line in lines(sheet)]
    assert [line["县(市、区)"] for line in told] == ["临汾市", "汾西县", "隰县"]
    city, differing, late = told
    assert (city["所报数"], city["应等于"], city["相差"]) == (90, 117.5, -27.5)
    assert (city["迟报、未报"], city["不符"], city["退回"]) == (-7.5, -20, None)
    assert (differing["原因"], differing["不符"]) == ("不符", -20)
    assert (late["所报数"], late["原因"], late["迟报、未报"]) == (None, "迟报、未报", -7.5)
    assert city["对照的报表"] == "C01 年度计划分县下达表"
    assert sheet.auto_filter.ref == "A4:P7"


def test_what_could_not_be_compared_is_not_said_to_agree(contents: PublicationContents) -> None:
    def told(*causes: DifferenceCause) -> list[list[object]]:
        *counties, city = contents.comparisons
        found = [
            replace(one, stated=None, expected=None, cause=cause)
            for one, cause in zip(counties, causes, strict=True)
        ]
        changed = replace(contents, comparisons=(*found, replace(city, stated=None, expected=None)))
        sheet = load_workbook(BytesIO(municipal_tables(Edition(changed, "zh"))))["对账表"]
        return [[line[4], line[7], line[8]] for line in lines(sheet)]

    assert told(DifferenceCause.AGREES, DifferenceCause.AGREES, DifferenceCause.AGREES) == [
        ["临汾市", 0, "相符"]
    ]
    assert told(DifferenceCause.AGREES, DifferenceCause.COVERAGE, DifferenceCause.LATE) == [
        ["临汾市", 0, "各县之和"],
        ["汾西县", 0, "无可对照"],
        ["隰县", 0, "迟报、未报"],
    ]


def test_a_figure_leads_to_its_file_version_and_cells(book: Workbook) -> None:
    tables, sources = book[BIOGAS], book["溯源"]
    link = tables["B8"].hyperlink
    assert link is not None
    assert link.location is not None
    sheet, _, place = link.location.rpartition("!")
    assert sheet == "'溯源'"
    told = [cell.value for cell in sources[int(place.removeprefix("A"))]]
    assert told[:3] == ["R04 沼气池建设进度表", "上年末累计", "尧都区"]
    assert told[5:9] == ["尧都区2003年上半年.xlsx", "2", BIOGAS, "B8"]


def test_a_municipal_figure_leads_to_the_first_of_its_counties(book: Workbook) -> None:
    tables = book[BIOGAS]
    total = next(row for row in tables.iter_rows(min_row=8) if row[0].value == "合计")
    assert total[1].hyperlink is not None
    first = tables["B8"].hyperlink
    assert first is not None
    assert total[1].hyperlink.location == first.location
    assert isinstance(total[1].value, int | float)


def test_a_ratio_has_the_cells_of_both_operands(book: Workbook) -> None:
    told = [line for line in lines(book["溯源"]) if "比例" in str(line[1])]
    assert told[0][8] == "E8、C8"


def test_of_many_lines_the_first_and_last_cell_and_the_condition_are_told(book: Workbook) -> None:
    told = [line for line in lines(book["溯源"]) if str(line[0]).startswith("R01")]
    assert {str(line[8]) for line in told} >= {"C8:C14"}
    assert "人口分段=100人以下" in {str(line[9]) for line in told}


def test_the_cover_leads_to_both_sheets(book: Workbook) -> None:
    links = [row[2] for row in book["目录"].iter_rows(min_row=7)]
    told = {cell.value: cell.hyperlink.location for cell in links if cell.hyperlink is not None}
    assert told["对账表"] == "'对账表'!A1"
    assert told["溯源"] == "'溯源'!A1"


def test_both_are_there_in_english(contents: PublicationContents) -> None:
    book = load_workbook(BytesIO(municipal_tables(Edition(contents, "en"))))
    assert book["Reconciliation"]["A5"].value == "plan"
    assert book["Sources"]["C5"].value is not None


def test_a_return_that_was_let_in_without_a_column_is_published(
    contents: PublicationContents,
) -> None:
    live = dict(contents.live_filings)
    of_fenxi = live["biogas", FENXI]
    letters = {name: at for name, at in of_fenxi.places.columns.items() if name != "built_ytd"}
    places = replace(of_fenxi.places, columns=letters)
    live["biogas", FENXI] = replace(of_fenxi, places=places)
    without = Edition(replace(contents, live_filings=live), "zh")
    book = load_workbook(BytesIO(municipal_tables(without)))
    told = [line for line in lines(book["溯源"]) if line[0] == BIOGAS and line[2] == "汾西县"]
    cells = {line[1]: line[8] for line in told}
    assert cells["上年末累计"] == "B8"
    assert not cells["本年建设 · 本年累计新建"]
