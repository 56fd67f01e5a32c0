"""What formats say of a cell besides its value: shown as per cent, commented on, which epoch."""

import io
import re
import struct
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from schemas.formats.number_format import shows_per_cent
from schemas.formats.ole import CompoundFile
from schemas.grid import PerCent, Sheet
from schemas.workbook import open_workbook
from tests.schemas.formats.given import biff5, compound
from tests.schemas.test_workbook import patched, saved, zipped
from tests.warehouse.publish.given_biff12 import Made
from tests.warehouse.publish.given_biff12 import workbook as binary_workbook

DATA = Path(__file__).parents[2] / "data" / "formats"
NOTE = "老张核实\n第二行"


def first_sheet(content: bytes) -> Sheet:
    return open_workbook(content, "报表").sheets[0]


def workbook() -> bytes:
    """B1 and C1 are shown as per cent and have comments, D1 only has the sign behind it."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["比例", 0.85, 0.851, 85, date(2015, 12, 31), 41000, 0.5])
    for cell, shown in (("B1", "0%"), ("C1", "0.0%"), ("D1", '0"%"'), ("G1", "#,##0")):
        sheet[cell].number_format = shown
    sheet["B1"].comment = Comment(NOTE, "老张")
    sheet["C1"].comment = Comment("上期 212", "huizong template")
    return saved(book)


def with_macros() -> bytes:
    """A workbook with macros, which nobody runs."""
    kind = b"spreadsheetml.sheet.main+xml"
    macros = b"ms-excel.sheet.macroEnabled.main+xml"
    with ZipFile(io.BytesIO(workbook())) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(
        f"openxmlformats-officedocument.{kind.decode()}", macros.decode()
    )
    return zipped(parts | {"xl/vbaProject.bin": "Sub Auto_Open()"})


def template() -> bytes:
    """A template of Excel."""
    return patched(
        workbook(),
        "[Content_Types].xml",
        "spreadsheetml.sheet.main+xml",
        "spreadsheetml.template.main+xml",
    )


def prefixed() -> bytes:
    """A workbook as some programs write it, with a prefix before every element."""
    with ZipFile(io.BytesIO(workbook())) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    for name in ("xl/styles.xml", "xl/worksheets/sheet1.xml"):
        xml = parts[name].replace("</", "\0").replace("<", "<x:").replace("\0", "</x:")
        parts[name] = xml.replace("<x:?xml", "<?xml").replace("xmlns=", "xmlns:x=")
    return zipped(parts)


def of_wps() -> bytes:
    """An .et: the records of an .xls in a container of its own."""
    return compound("Workbook", CompoundFile(old()).stream("Workbook"))


def old() -> bytes:
    return (DATA / "shown.xls").read_bytes()


def open_document() -> bytes:
    return (DATA / "shown.ods").read_bytes()


SPREADSHEETML = """<?xml version="1.0"?><Workbook
 xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<x:ExcelWorkbook><x:Date1904/></x:ExcelWorkbook>
<Styles><Style ss:ID="a"><NumberFormat ss:Format="Percent"/></Style>
<Style ss:ID="b"><NumberFormat ss:Format="0.0%"/></Style>
<Style ss:ID="c"><NumberFormat ss:Format="0&quot;%&quot;"/></Style></Styles>
<Worksheet ss:Name="沼气"><Table><Column ss:Index="2" ss:StyleID="a"/>
<Row><Cell><Data ss:Type="String">比例</Data></Cell>
<Cell><Data ss:Type="Number">0.85</Data><Comment ss:Author="老张"><Data>老张核实\n第二行</Data>
</Comment></Cell>
<Cell ss:StyleID="b"><Data ss:Type="Number">0.851</Data>
<Comment ss:Author="huizong template"><Data>上期 212</Data></Comment></Cell>
<Cell ss:StyleID="c"><Data ss:Type="Number">85</Data></Cell>
<Cell><Data ss:Type="DateTime">2015-12-31T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="Number">41000</Data></Cell><Cell><Data ss:Type="Number">0.5</Data></Cell>
</Row></Table></Worksheet></Workbook>"""


@pytest.mark.parametrize(
    "made",
    [
        *(workbook, with_macros, template, prefixed, old, of_wps, open_document),
        lambda: SPREADSHEETML.encode(),
    ],
)
def test_per_cent_and_comments_are_known_in_every_format(made: Callable[[], bytes]) -> None:
    sheet = first_sheet(made())
    assert sheet.rows[0][1:7] == [0.85, 0.851, 85, date(2015, 12, 31), 41000, 0.5]
    shown = [column for column, cell in enumerate(sheet.rows[0]) if isinstance(cell, PerCent)]
    assert shown == [1, 2]
    assert sheet.notes[0, 1] == NOTE


@pytest.mark.parametrize("made", [workbook, template, lambda: SPREADSHEETML.encode()])
def test_what_huizong_wrote_itself_is_no_note(made: Callable[[], bytes]) -> None:
    assert list(first_sheet(made()).notes) == [(0, 1)]


@pytest.mark.parametrize("made", [old, of_wps, open_document, lambda: SPREADSHEETML.encode()])
def test_the_epoch_of_1904_is_known(made: Callable[[], bytes]) -> None:
    assert first_sheet(made()).epoch == date(1904, 1, 1)


@pytest.mark.parametrize(
    ("code", "shows"),
    [
        *(("0%", True), ("0.00%;[Red]-0.00%", True), ('0.0" "%', True), ("# ?/?%", True)),
        *(('0"%"', False), (r"0\%", False), ("0_%", False), ("General", False), ('0"万%"', False)),
    ],
)
def test_a_sign_that_is_only_text_shows_no_per_cent(code: str, shows: bool) -> None:
    assert shows_per_cent(code) is shows


def test_a_binary_workbook_tells_per_cent_and_its_epoch() -> None:
    number, styled = (struct.pack("<BBIId", 5, 16, 1, style, 12.5) for style in (0, 1))
    code, shown = ("yyyy\\-mm\\-dd".encode("utf-16-le"), "0.000000000%".encode("utf-16-le"))
    changes = {
        "xl/worksheets/sheet1.bin": (number, styled),
        "xl/styles.bin": (code + b"\xe8\x04", shown + b"\xe8\x04"),
        "xl/workbook.bin": (b"\x99\x01\x0c\x20", b"\x99\x01\x0c\x21"),
    }
    target = io.BytesIO()
    with ZipFile(DATA / "plain.xlsb") as source, ZipFile(target, "w") as package:
        for name in source.namelist():
            part, (before, after) = source.read(name), changes.get(name, (b"", b""))
            assert before in part
            package.writestr(name, part.replace(before, after) if before else part)
    sheet = first_sheet(target.getvalue())
    assert sheet.epoch == date(1904, 1, 1)
    assert isinstance(sheet.cell(1, 1), PerCent) != isinstance(sheet.cell(1, 2), PerCent)


def test_comments_in_a_binary_workbook_are_known() -> None:
    notes = {(0, 1): ("老张", NOTE), (1, 0): ("huizong template", "上期 212"), (2, 0): ("", "无名")}
    content = binary_workbook(Made("沼气", {(0, 0): 1.0}, notes=notes))
    assert first_sheet(content).notes == {(0, 1): NOTE, (2, 0): "无名"}


def test_a_comment_of_excel_5_is_known() -> None:
    content = biff5("沼气", [["汾西县", 12.5]], notes={(0, 1): "老张核实"})
    assert dict(first_sheet(content).notes) == {(0, 1): "老张核实"}


def test_a_style_of_rows_is_no_style_of_cells() -> None:
    """Where a whole row is shown as per cent, cells that say nothing themselves are not."""
    row = re.compile(r"<row ([^>]*)>")
    with ZipFile(io.BytesIO(workbook())) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = row.sub(r'<row \1 s="1" customFormat="1">', parts[name])
    (shown,) = first_sheet(zipped(parts)).rows
    assert [isinstance(cell, PerCent) for cell in shown] == [False, True, True, *[False] * 4]
