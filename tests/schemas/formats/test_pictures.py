"""A photo of a table is not read: it is told of, and a workbook that is nothing else is refused."""

import io
import struct
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from schemas.errors import WorkbookError
from schemas.formats.ole import CompoundFile
from schemas.workbook import open_workbook
from tests.schemas.formats.given import compound, flat_document
from tests.schemas.formats.test_shown import DATA
from tests.schemas.test_workbook import saved, zipped

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = (
    '<d:wsDr xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">'
    "<d:oneCellAnchor><d:pic><d:nvPicPr/></d:pic></d:oneCellAnchor></d:wsDr>"
)


def pasted_over(book: Workbook) -> bytes:
    """A workbook with a picture on its first sheet."""
    with ZipFile(io.BytesIO(saved(book))) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/drawing" Target="../drawings/drawing1.xml"/>'
        "</Relationships>"
    )
    parts["xl/drawings/drawing1.xml"] = _DRAWING
    return zipped(parts)


def test_pictures_are_counted() -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = "沼气池建设进度表"
    book.create_sheet("二")["A1"] = 1
    assert [sheet.pictures for sheet in open_workbook(pasted_over(book), "a").sheets] == [1, 0]


def test_pictures_of_old_workbooks_are_counted() -> None:
    """A picture is put before the end of the sheet, which is the last of the stream."""
    stream = CompoundFile((DATA / "shown.xls").read_bytes()).stream("Workbook").rstrip(b"\0")
    end = struct.pack("<HH", 0x0A, 0)
    at = stream.rindex(end[:1])
    picture = struct.pack("<HHHHHHH", 0x5D, 10, 0x15, 0x12, 8, 1, 0)
    with_one = stream[:at] + picture + end
    assert open_workbook(compound("Workbook", with_one), "a").sheets[0].pictures == 1
    assert open_workbook(compound("Workbook", stream[:at] + end), "a").sheets[0].pictures == 0


def test_pictures_of_opendocument_are_counted_and_charts_are_not() -> None:
    """A chart has a picture of itself beside it, for programs that draw none."""
    picture, chart = "<d:frame><d:image/></d:frame>", "<d:frame><d:object/><d:image/></d:frame>"
    cell = f'<t:table-cell o:value-type="float" o:value="1">{picture}</t:table-cell>'
    content = flat_document(
        f'<t:table t:name="一"><t:shapes>{chart}{picture}</t:shapes>'
        f"<t:table-row>{cell}</t:table-row></t:table>"
    )
    assert [sheet.pictures for sheet in open_workbook(content, "a").sheets] == [2]


def test_pictures_of_web_pages_are_counted() -> None:
    page = "<html><body><img src='a.jpg'><table><tr><td>1</td></tr></table></body></html>"
    assert open_workbook(page.encode(), "a.xls").sheets[0].pictures == 1


def test_a_workbook_of_pictures_alone_is_named_so() -> None:
    with pytest.raises(WorkbookError) as raised:
        open_workbook(pasted_over(Workbook()), "a")
    assert raised.value.code == "file-picture"
