from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from schemas.formulas import completed
from schemas.models import Scheme
from schemas.period import Period
from schemas.sample import sample_lines
from schemas.scheme import CATALOG
from schemas.template import write_workbook
from schemas.template_previous import Previous

Y2014, Y2015 = Period.parse("2014"), Period.parse("2015")
XIXIAN = "141031"

Comments = dict[str, str]


@pytest.fixture(scope="module")
def comments(scheme: Scheme) -> dict[str, Comments]:
    """By sheet, the comments of a blank workbook that knows last year's sample returns."""
    names = ("reduction", "training", "fund_arrival", "hh_member")
    few = scheme.model_copy(update={"forms": tuple(scheme.form(name) for name in names)})
    lines = sample_lines(scheme, CATALOG / "linfen", Y2015)[XIXIAN]
    previous = {
        name: Previous(Y2014, [completed(scheme.form(name), line) for line in lines[name]])
        for name in names
    }
    content = write_workbook(few, few.county(XIXIAN), Y2015, previous=previous)
    return {
        sheet.title[:3]: {
            cell.coordinate: cell.comment.text
            for row in sheet.iter_rows()
            for cell in row
            if cell.comment is not None
        }
        for sheet in load_workbook(BytesIO(content)).worksheets
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
    assert all(cell.endswith("8") for cell in comments["R07"])


def test_texts_codes_and_personal_data_are_not_shown(comments: dict[str, Comments]) -> None:
    assert set(comments["R15"]) == set()
    assert "A7" not in comments["R10"]
