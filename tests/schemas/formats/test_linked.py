"""Numbers that a formula took from another workbook are read as they were saved, and marked so."""

import struct

import pytest

from schemas.formats.ole import CompoundFile
from schemas.workbook import open_workbook
from tests.schemas.formats.given import compound, flat_document
from tests.schemas.formats.test_shown import DATA


def old_workbook(*others: bytes) -> bytes:
    """A workbook of Excel 97 with some more records in its globals, and on A9 and B9 formulas that
    begin with a cell of its second and third named sheet.
    """
    stream = CompoundFile((DATA / "shown.xls").read_bytes()).stream("Workbook").rstrip(b"\0")
    end = struct.pack("<H", 0x0A)  # and its length, 0, which went with the zeros
    first_end = stream.index(struct.pack("<HH", 0x0A, 0))
    added = b"".join(others)
    at = stream.index(struct.pack("<H", 0x85)) + 4  # where the place of the sheet is stated
    place = struct.unpack_from("<I", stream, at)[0] + len(added)
    head = stream[:at] + struct.pack("<I", place) + stream[at + 4 : first_end] + added
    formulas = b"".join(
        struct.pack("<HHHHHdHIHBHHH", 0x06, 29, 8, column, 0, 5.0, 0, 0, 7, 0x5A, 1 + column, 0, 0)
        for column in (0, 1)
    )
    last_end = stream.rindex(end[:1])
    return compound("Workbook", head + stream[first_end:last_end] + formulas + end + b"\0\0")


def test_of_an_xls() -> None:
    own = struct.pack("<HHHH", 0x1AE, 4, 1, 0x0401)
    other = struct.pack("<HHHHB5s", 0x1AE, 10, 1, 5, 0, b"a.xls")
    sheets = struct.pack("<HHH9H", 0x17, 20, 3, 0, 0, 0, 0, 0, 0, 1, 0, 0)
    (sheet,) = open_workbook(old_workbook(own, other, sheets), "a").sheets
    assert (sheet.cell(8, 0), sheet.cell(8, 1)) == (5, 5)
    assert sheet.linked == {(8, 1)}


def test_of_opendocument() -> None:
    formulas = ("of:='file:///home/a.ods'#$Sheet1.A1", "of:=[.A2]*2")
    cells = "".join(
        f'<t:table-cell t:formula="{formula}" o:value-type="float" o:value="5"/>'
        for formula in formulas
    )
    content = flat_document(f'<t:table t:name="一"><t:table-row>{cells}</t:table-row></t:table>')
    assert open_workbook(content, "a").sheets[0].linked == {(0, 0)}


@pytest.mark.parametrize(("formula", "linked"), [("='[吉县.xls]甲'!R1C1", 1), ("=R[-1]C[2]", 0)])
def test_of_an_xml_spreadsheet(formula: str, linked: int) -> None:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    content = (
        f'<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="一"><Table><Row>'
        f'<Cell ss:Formula="{formula}"><Data ss:Type="Number">5</Data></Cell>'
        "</Row></Table></Worksheet></Workbook>"
    )
    assert len(open_workbook(content.encode(), "a").sheets[0].linked) == linked
