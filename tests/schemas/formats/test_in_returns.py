"""What formats tell besides values, in a county's return: it is a finding with its cell."""

import io
import re
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from schemas.models import Scheme
from schemas.sample import sample_lines
from schemas.template import write_workbook
from tests.schemas.test_reader import BIOGAS, FENXI, H1, LINFEN, filing
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
