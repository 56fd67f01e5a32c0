"""What formats tell besides values, in a county's return: it is a finding with its cell."""

import io
import re
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from schemas import messages
from schemas.models import Scheme
from schemas.sample import sample_lines
from schemas.template.template import write_workbook
from tests.schemas.clerk import BIOGAS, FENXI, H1, LINFEN
from tests.schemas.test_reader import Y2015, filing
from tests.schemas.test_workbook import zipped

CELL = "B8"


@pytest.fixture(scope="module")
def content(scheme: Scheme) -> bytes:
    """The return of 汾西县 with the one form; the number of its first column stands in B8."""
    lines = sample_lines(scheme, LINFEN, H1)[FENXI]
    return write_workbook(scheme, scheme.county(FENXI), H1, lines, forms=[scheme.form("biogas")])


def test_a_number_that_was_never_worked_out_is_refused(scheme: Scheme, content: bytes) -> None:
    book = load_workbook(io.BytesIO(content))
    book[BIOGAS][CELL] = "=200+12"
    target = io.BytesIO()
    book.save(target)
    found = filing(scheme, target.getvalue(), "biogas").findings
    refused = [finding for finding in found if finding.code == "value-not-calculated"]
    assert [[str(cell) for cell in finding.cells] for finding in refused] == [[f"{BIOGAS}!{CELL}"]]


def test_a_number_from_another_workbook_is_read_and_told(scheme: Scheme, content: bytes) -> None:
    before = filing(scheme, content, "biogas")
    with ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    number = re.compile(rf'<c r="{CELL}"( s="\d+")><v>')
    (name,) = (part for part, xml in parts.items() if number.search(xml))
    parts[name] = number.sub(rf'<c r="{CELL}"\1><f>[1]甲!$A$1</f><v>', parts[name])
    after = filing(scheme, zipped(parts), "biogas")
    assert after.frame.equals(before.frame)
    (told,) = after.findings
    assert (told.code, told.severity.value) == ("value-linked", "notice")
    assert [str(cell) for cell in told.cells] == [f"{BIOGAS}!{CELL}"]


def commented(content: bytes, sheet: str, cell: str, text: str, author: str) -> bytes:
    book = load_workbook(io.BytesIO(content))
    book[sheet][cell].comment = Comment(text, author)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_comment_on_a_value_is_noted(scheme: Scheme, content: bytes) -> None:
    noted = commented(content, BIOGAS, CELL, "老张：\n 含上年未报的12口", "老张")
    (told,) = [f for f in filing(scheme, noted, "biogas").findings if f.code == "cell-noted"]
    assert [str(cell) for cell in told.cells] == [f"{BIOGAS}!{CELL}"]
    assert messages.fact(told, "zh") == "“上年末累计”有批注：老张： 含上年未报的12口"


def test_a_comment_of_huizong_and_one_beside_the_form_are_not(
    scheme: Scheme, content: bytes
) -> None:
    own = commented(content, BIOGAS, CELL, "上期 212", "huizong template")
    beside = commented(content, BIOGAS, "B2", "旧表", "老张")
    for noted in (own, beside):
        codes = {finding.code for finding in filing(scheme, noted, "biogas").findings}
        assert "cell-noted" not in codes


def test_what_is_noted_in_a_form_about_persons_is_not_told(scheme: Scheme) -> None:
    lines = sample_lines(scheme, LINFEN, Y2015)[FENXI]
    form = scheme.form("hh_register")
    content = write_workbook(scheme, scheme.county(FENXI), Y2015, lines, forms=[form])
    noted = commented(content, form.sheet_name, "I9", "身份证141034195001010011", "老张")
    (told,) = [f for f in filing(scheme, noted, form.name).findings if f.code == "cell-noted"]
    assert "1410" not in messages.fact(told, "zh") + messages.fact(told, "en")
