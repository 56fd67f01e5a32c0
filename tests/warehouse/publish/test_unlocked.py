"""Workbooks under the password that Excel tries itself go back marked, and open as before."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from schemas.formats.biff_records import records
from schemas.formats.compound import DEFAULT_PASSWORD
from schemas.formats.ole import CompoundFile
from schemas.models import Scheme
from schemas.workbook import open_workbook
from tests.warehouse.publish.given_biff import Made, fills, taken_apart, workbook
from tests.warehouse.publish.given_locked import agile, rc4, standard, xor
from warehouse.consolidation.contents import CountyCopy, PublicationContents
from warehouse.publish.copies import marked_copy
from warehouse.publish.edition import Edition
from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.marking import CannotMark
from warehouse.publish.marks.unlocked import unlocked

FENXI = "141034"
BIOGAS = "R04 沼气池建设进度表"
RED = "F4CFC9"
DATA = Path(__file__).parents[2] / "data"
PROTECT, PASSWORD = 0x12, 0x13

Locking = Callable[[bytes, str], bytes]


@pytest.fixture(scope="module")
def sent(contents: PublicationContents) -> CountyCopy:
    return contents.copies[FENXI][0]


@pytest.fixture(scope="module")
def xls() -> bytes:
    """An .xls whose structure is protected."""
    made = Made(BIOGAS, {(row, column): 5.0 for row in range(40) for column in range(8)})
    return workbook(made, more=[(PROTECT, b"\1\0"), (PASSWORD, b"\x1a\xcc")])


@pytest.mark.parametrize("locking", [xor, rc4])
def test_an_xls_under_that_password_goes_back_marked_without_it(
    edition: Edition, scheme: Scheme, sent: CountyCopy, xls: bytes, locking: Locking
) -> None:
    county, locked = scheme.county(FENXI), locking(xls, DEFAULT_PASSWORD)
    copy = marked_copy(edition, county, replace(sent, content=locked))
    assert copy == marked_copy(edition, county, replace(sent, content=xls))
    assert fills(copy.content, BIOGAS) == {(7, 5): RED, (7, 4): RED}
    head = dict(taken_apart(copy.content).head)
    assert (head[PROTECT], head[PASSWORD]) == (b"\1\0", b"\x1a\xcc")
    stream = CompoundFile(copy.content).stream("Workbook")
    gone = {kinds.FILE_PASS, kinds.FILE_PASS_GONE}
    assert gone.isdisjoint(kind for kind, _, _ in records(stream, 0))


def test_an_xls_that_excel_put_under_it_can_be_marked(
    edition: Edition, scheme: Scheme, sent: CountyCopy
) -> None:
    locked = (DATA / "corpora" / "messytables_encrypted_no_password.xls").read_bytes()
    copy = marked_copy(edition, scheme.county(FENXI), replace(sent, content=locked))
    assert copy.unmarked is None
    before, after = open_workbook(locked, "a.xls"), open_workbook(copy.content, "a.xls")
    assert after.sheets[1:] == before.sheets


@pytest.mark.parametrize("locking", [agile, standard])
def test_an_xlsx_under_that_password_goes_back_marked_without_it(
    edition: Edition, scheme: Scheme, sent: CountyCopy, locking: Locking
) -> None:
    """What protects its sheets and its structure stays, as in every marked copy."""
    county, locked = scheme.county(FENXI), locking(sent.content, DEFAULT_PASSWORD)
    copy = marked_copy(edition, county, replace(sent, content=locked))
    assert copy == marked_copy(edition, county, sent)
    book = load_workbook(BytesIO(copy.content))
    assert book[BIOGAS]["F8"].fill.fgColor.rgb == f"FF{RED}"
    assert book[BIOGAS].protection.sheet


@pytest.mark.parametrize("locking", [xor, rc4])
def test_one_under_that_password_without_findings_goes_back_as_it_came(
    edition: Edition, scheme: Scheme, sent: CountyCopy, xls: bytes, locking: Locking
) -> None:
    locked = replace(sent, content=locking(xls, DEFAULT_PASSWORD))
    healed = Edition(replace(edition.contents, findings=()), "zh")
    assert marked_copy(healed, scheme.county(FENXI), locked).content == locked.content


@pytest.mark.parametrize("locking", [xor, rc4])
def test_another_password_is_a_secret(
    edition: Edition, scheme: Scheme, sent: CountyCopy, xls: bytes, locking: Locking
) -> None:
    locked = replace(sent, content=locking(xls, "another"))
    copy = marked_copy(edition, scheme.county(FENXI), locked)
    assert copy.content == locked.content
    assert copy.unmarked is not None
    assert copy.unmarked.reason == "file-encrypted (InvalidKeyError)"


def test_a_workbook_of_which_more_than_the_cells_is_encrypted_is_left_alone(xls: bytes) -> None:
    locked = rc4(xls, DEFAULT_PASSWORD)
    entry, of_macros = "Root Entry".encode("utf-16-le"), "encryption".encode("utf-16-le")
    with pytest.raises(CannotMark, match="encrypted, too"):
        unlocked(locked.replace(entry, of_macros))


def test_a_workbook_without_a_password_is_as_it_came(xls: bytes, sent: CountyCopy) -> None:
    assert unlocked(xls) is xls
    assert unlocked(sent.content) is sent.content
