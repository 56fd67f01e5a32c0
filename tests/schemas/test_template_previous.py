from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from schemas.models import Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.rules.formulas import completed
from schemas.sample import sample_lines
from schemas.scheme import CATALOG
from schemas.template.previous import Previous
from schemas.template.template import write_workbook

Y2014, Y2015 = Period.parse("2014"), Period.parse("2015")
XIXIAN = "141031"
NAMES = ("reduction", "training", "fund_arrival", "hh_member")

Comments = dict[str, str]


@pytest.fixture(scope="module")
def content(scheme: Scheme) -> bytes:
    """A blank workbook that knows last year's sample returns."""
    few = scheme.model_copy(update={"forms": tuple(scheme.form(name) for name in NAMES)})
    lines = sample_lines(scheme, CATALOG / "linfen", Y2015)[XIXIAN]
    previous = {
        name: Previous(Y2014, [completed(scheme.form(name), line) for line in lines[name]])
        for name in NAMES
    }
    return write_workbook(few, few.county(XIXIAN), Y2015, previous=previous)


@pytest.fixture(scope="module")
def workbook(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


@pytest.fixture(scope="module")
def comments(workbook: Workbook) -> dict[str, Comments]:
    """By sheet, its comments."""
    return {
        sheet.title[:3]: {
            cell.coordinate: cell.comment.text
            for row in sheet.iter_rows()
            for cell in row
            if cell.comment is not None
        }
        for sheet in workbook.worksheets
    }


def test_the_line_of_a_county_shows_what_was_accepted_last_period(
    comments: dict[str, Comments],
) -> None:
    assert comments["R18"]["B8"] == "上期（2014年）\n34005 人"


def test_printed_lines_show_it_line_by_line_and_in_the_total(
    comments: dict[str, Comments],
) -> None:
    assert comments["R10"]["B7"] == "上期（2014年）\n900 人"
    assert comments["R10"]["B8"] == "上期（2014年）\n400 人"
    assert comments["R10"]["B12"] == "上期（2014年）\n1900 人"


def test_a_list_shows_the_totals(comments: dict[str, Comments]) -> None:
    issued = sum(map(Decimal, ("1480", "520", "630", "46", "89")))
    assert comments["R07"]["F8"] == f"上期（2014年）\n{issued}.0000 万元"
    assert comments["R07"]["A8"] == "上期（2014年）\n5 行，逐行见“上期”表"
    assert all(cell.endswith("8") for cell in comments["R07"])


def test_the_lines_of_a_list_stand_on_a_sheet_of_their_own(workbook: Workbook) -> None:
    sheet = workbook["上期"]
    assert sheet["A4"].value == "R07 扶贫资金到位与拨付表（2014年）"
    assert sheet["F5"].value == "下达金额\n(万元)"
    assert [sheet.cell(row, 6).value for row in range(6, 12)] == [1480, 520, 630, 46, 89, None]
    assert sheet["B6"].value in ("中央", "省", "市", "县")


def test_the_lines_of_persons_stay_where_they_are(workbook: Workbook) -> None:
    texts = [str(cell.value) for row in workbook["上期"].iter_rows() for cell in row]
    assert not any("R15" in text for text in texts)


def test_the_sheet_of_last_period_is_not_read(scheme: Scheme, content: bytes) -> None:
    reading = read_submission("隰县.xlsx", content, scheme, date(2016, 1, 5))
    assert {filing.form for filing in reading.filings} == set(NAMES)
    assert not any(finding.code.startswith(("sheet", "form-s")) for finding in reading.findings)
    assert all(filing.frame.empty for filing in reading.filings if filing.form == "fund_arrival")


def test_texts_codes_and_personal_data_are_not_shown(comments: dict[str, Comments]) -> None:
    assert set(comments["R15"]) == set()
    assert "A7" not in comments["R10"]
