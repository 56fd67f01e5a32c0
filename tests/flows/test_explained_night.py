"""An explanation on its way: written into the list of a county, read, and good for a while."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from flows.desk.desk import findings
from flows.desk.review import reject
from schemas.errors import WarehouseError
from tests.flows.nights import HEADING_ROW, NORTHSHORE, SHEET, Desk
from warehouse.china_time import CHINA_TIME

TEXT = "Two teachers were ill; the county lends two from January."


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Northshore has 100 pupils to one teacher in 2014, and has explained it in the list."""
    desk = Desk(tmp_path_factory.mktemp("explained") / "site")
    desk.report("2014", pupils=100)
    desk.night()
    assert desk.row_of("2014", "S1-teachers")["State"] == "open"
    assert desk.provisional("2014") == 1
    desk.send("back.xlsx", desk.answer("2014", "S1-teachers", TEXT))
    desk.night()
    return desk


def test_an_explanation_in_the_returned_list_closes_its_finding(explained: Desk) -> None:
    row = explained.row_of("2014", "S1-teachers")
    assert row["State"] == "explained"
    assert row["Explained so far"] == (
        f"{TEXT} (Northshore, {explained.at.astimezone(CHINA_TIME):%Y-%m-%d}; for 95 to 105; "
        "good until 2015-12-31)"
    )
    assert row["Answer of the county"] is None
    assert explained.provisional("2014") == 0


def test_it_survives_the_next_version_and_period_and_reopens_when_the_value_moves(
    explained: Desk,
) -> None:
    explained.report("2014", pupils=103)
    explained.report("2015", pupils=97)
    explained.night()
    assert explained.row_of("2014", "S1-teachers")["State"] == "explained"
    assert explained.row_of("2015", "S1-teachers")["State"] == "explained"
    explained.report("2015", pupils=140)
    explained.report("2016", pupils=100)
    explained.night()
    row = explained.row_of("2015", "S1-teachers")
    assert row["State"] == "open"
    assert "Now it is 140, outside of what was explained" in str(row["Explained so far"])
    assert explained.row_of("2016", "S1-teachers")["State"] == "open"  # it has expired


def test_a_rejected_explanation_explains_nothing_and_says_why(
    explained: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = explained.house.site.folder
    findings(folder, None, period="2014", county=None, form="school", severity="warning")
    assert f"explanation 1: {TEXT}" in capsys.readouterr().out
    reject(folder, 1, "Which two teachers?", "Wang Min")
    with pytest.raises(WarehouseError, match="rejected already"):
        reject(folder, 1, "Again", "Wang Min")
    explained.night()
    row = explained.row_of("2014", "S1-teachers")
    assert row["State"] == "open"
    assert "Wang Min did not accept it: Which two teachers?" in str(row["Explained so far"])
    assert explained.provisional("2014") == 1
    findings(folder, None, period="2014", county=None, form="school", severity="warning")
    assert "✗ Which two teachers? (Wang Min)" in capsys.readouterr().out
    with pytest.raises(WarehouseError, match="no explanation 99"):
        reject(folder, 99, "Which?", "Wang Min")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "site")


def test_an_error_is_not_explained_away(desk: Desk) -> None:
    desk.report("2014", pupils=-1, teachers=1)
    desk.night()
    rule = "S1.pupils.minimum"
    desk.send("back.xlsx", desk.answer("2014", rule, TEXT))
    desk.night()
    assert desk.row_of("2014", rule)["State"] == "open"
    (refused,) = desk.findings("2014", "explanation-of-error")
    (cell,) = refused.finding.cells
    sheet = load_workbook(desk.house.site.inbox / "back.xlsx")[cell.sheet]
    assert sheet[cell.address].value == TEXT
    assert refused.file_name == "back.xlsx"


def test_what_was_corrected_meanwhile_is_not_explained(desk: Desk) -> None:
    desk.report("2014", pupils=100)
    desk.night()
    back = desk.answer("2014", "S1-teachers", TEXT)
    desk.report("2014", pupils=140)
    desk.send("z-back.xlsx", back)
    desk.night()
    assert desk.row_of("2014", "S1-teachers")["State"] == "open"
    (refused,) = desk.findings("2014", "explanation-outdated")
    assert refused.finding.county == NORTHSHORE


def test_a_list_that_came_twice_or_with_nothing_in_it_changes_nothing(desk: Desk) -> None:
    desk.report("2014", pupils=100)
    desk.night()
    desk.send("empty.xlsx", desk.list_of("2014").read_bytes())
    back = desk.answer("2014", "S1-teachers", TEXT)
    desk.send("full.xlsx", back)
    desk.night()
    first = desk.row_of("2014", "S1-teachers")
    desk.send("again.xlsx", desk.answer("2014", "S1-teachers", TEXT))
    desk.night()
    assert desk.row_of("2014", "S1-teachers") == first
    assert not [row for row in desk.rows("2014") if "xplanation" in str(row["Rule"])]


def test_a_row_that_names_no_finding_is_told_of(desk: Desk) -> None:
    desk.report("2014", pupils=100)
    desk.night()
    book = load_workbook(desk.list_of("2014"))
    sheet = book[SHEET]
    (answers,) = [c.column for c in sheet[HEADING_ROW] if c.value == "Answer of the county"]
    sheet.cell(sheet.max_row + 1, answers, "All our teachers are on leave.")
    book.save(desk.house.site.inbox / "back.xlsx")
    desk.night()
    (refused,) = desk.findings("2014", "explanation-unmatched")
    assert refused.finding.county == NORTHSHORE


def test_an_explanation_in_a_marked_copy_is_read_with_the_return(desk: Desk) -> None:
    desk.report("2014", pupils=100, name="Northshore.xlsx")
    desk.night()
    book = load_workbook(desk.list_of("2014").with_name("Northshore.xlsx"))
    sheet = book["Review"]
    heading = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Severity")
    answers = next(c for c in sheet[heading.row] if c.value == "Answer of the county")
    (row,) = [
        cell.row
        for row in sheet.iter_rows(min_row=heading.row + 1)
        for cell in row
        if "at most 60 pupils" in str(cell.value)
    ]
    assert row is not None
    assert answers.column is not None
    sheet.cell(row, answers.column, TEXT)
    book.save(desk.house.site.inbox / "copy.xlsx")
    desk.night()
    shown = desk.row_of("2014", "S1-teachers")
    assert (shown["State"], shown["File"]) == ("explained", "copy.xlsx")
    assert not [row for row in desk.rows("2014") if "xplanation" in str(row["Rule"])]
