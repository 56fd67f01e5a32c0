"""Forms and codes that were called otherwise: printed as of the time, read under every name."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from schemas.language.expression import Value
from schemas.models import Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.scheme import load_scheme
from schemas.template.template import write_workbook
from schemas.text import Text
from tests.lakeside import LAKESIDE, assert_refused
from tests.schemas.test_life import LATER, STONEBRIDGE, Y2014, Y2015

LINE: dict[str, Value | None] = {"bridge": "Ford", "kind": "arch", "length_m": Decimal(9)}


@pytest.fixture(scope="module")
def lakeside() -> Scheme:
    return load_scheme(LAKESIDE)


def book_of(scheme: Scheme, period: Period) -> Workbook:
    county = scheme.county(STONEBRIDGE)
    return load_workbook(io.BytesIO(write_workbook(scheme, county, period, {"bridge": [LINE]})))


def kinds_read(scheme: Scheme, book: Workbook) -> list[object]:
    """What was read as the kinds of bridges, with nothing found wrong."""
    content = io.BytesIO()
    book.save(content)
    reading = read_submission("return.xlsx", content.getvalue(), scheme, LATER)
    filing = next(filing for filing in reading.filings if filing.form == "bridge")
    assert filing.findings == ()
    return [*filing.frame["kind"]]


def test_a_form_and_a_code_are_called_as_in_their_period(lakeside: Scheme) -> None:
    then, now = (lakeside.at(period) for period in (Y2014, Y2015))
    assert then.form("bridge").title == Text(zh="乡村桥梁登记表", en="Register of rural bridges")
    assert (then.form("bridge").document_no, now.form("bridge").document_no) == (
        "湖建旧3表",
        "湖建3表",
    )
    labels = [scheme.code_lists["bridge_kind"]["arch"].label.en for scheme in (then, now)]
    assert labels == ["Stone arch", "Arch"]
    assert then.form("bridge").notes == now.form("bridge").notes


@pytest.mark.parametrize(
    ("period", "sheet", "word"),
    [(Y2014, "B1 Register of rural bridges", "Stone arch"), (Y2015, "B1 Village bridges", "Arch")],
)
def test_the_workbook_of_a_period_says_so_and_is_read(
    lakeside: Scheme, period: Period, sheet: str, word: str
) -> None:
    book = book_of(lakeside, period)
    assert book[sheet]["B8"].value == word
    assert kinds_read(lakeside, book) == ["arch"]


def test_the_title_and_the_word_of_another_time_are_understood(lakeside: Scheme) -> None:
    book = book_of(lakeside, Y2015)
    sheet = book["B1 Village bridges"]
    sheet.title, sheet["B8"].value = "Sheet1", "石拱桥"
    head = next(
        cell
        for row in sheet.iter_rows(max_row=3)
        for cell in row
        if cell.value == "Village bridges"
    )
    head.value = "Register of rural bridges"
    assert kinds_read(lakeside, book) == ["arch"]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "forms/bridge.yaml",
            "body: list",
            "  - {until: 2013, document_no: 湖建3表, why: {zh: 改。, en: Changed.}}\nbody: list",
            "forms/bridge.yaml:7: what was so formerly stands in the order of time",
        ),
        (
            "codelists.yaml",
            "label: {zh: 石拱桥, en: Stone arch}",
            "label: {zh: 梁桥, en: Stone arch}",
            "codelists.yaml:9: arch is spelled as beam is",
        ),
    ],
)
def test_former_names_that_cannot_be_are_told(
    tmp_path: Path, file: str, old: str, new: str, problem: str
) -> None:
    assert_refused(tmp_path / "lakeside", file, old, new, problem)
