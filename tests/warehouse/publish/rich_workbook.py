"""A workbook with all that a copy must not lose, and a marking to put into it."""

import struct
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter  # type: ignore[import-untyped]

from schemas.findings import CellRef, Severity
from warehouse.publish.marks.marking import Marking, Review, ReviewColumn, ReviewLine

SHEET, SECOND, PLAIN = "进度表", "第二张", "没有问题"
MACRO = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 a project of macros"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"

_OVER_DATA = (
    '<ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"'
    ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
    ' count="1"><x14:dataValidation type="list" allowBlank="1"><x14:formula1>'
    f"<xm:f>{PLAIN}!$A$1:$A$9</xm:f></x14:formula1><xm:sqref>B9</xm:sqref>"
    "</x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>"
)
_THREAD = "{11111111-2222-3333-4444-555555555555}"
_PERSON = "{AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE}"


def rich_workbook() -> bytes:
    """A workbook with macros, pictures, charts, shapes, buttons, comments and conversations."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.add_vba_project(BytesIO(MACRO), is_stream=True)
        grey = book.add_format({"bg_color": "#D9D9D9", "num_format": "0.00", "locked": False})
        first, second, plain = (book.add_worksheet(name) for name in (SHEET, SECOND, PLAIN))
        for row in range(5, 12):
            first.write_number(row, 1, 10.5 + row, grey)
            first.write_formula(row, 2, f"=B{row + 1}*2", grey, 2 * (10.5 + row))
        first.merge_range("A1:D1", '临汾市 & <移民> "进度"')
        first.write_rich_string("A3", "粗 ", book.add_format({"bold": True}), "细\n行")
        first.insert_image("F2", "dot.png", {"image_data": BytesIO(_png())})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"={SHEET}!$B$6:$B$12"})
        first.insert_chart("F8", chart)
        first.insert_textbox("F20", "说明")
        first.write_comment("B7", "去年的数", {"author": "张三"})
        first.write_comment("C7", "不要动", {"author": "李四"})
        first.write_comment("C8", "无名", {"author": ""})
        first.write_comment("B8", "上期 100", {"author": "huizong template"})
        first.conditional_format("B6:B12", {"type": "data_bar", "data_bar_2010": True})
        first.data_validation("C6", {"validate": "list", "source": ["是", "否"]})
        first.protect("geheim")
        first.repeat_rows(0, 2)
        first.print_area("A1:D12")
        second.insert_button("B2", {"macro": "count", "caption": "计算"})
        second.write_string("A20", "下面的行没有单元格")
        second.set_column("C:C", 12, grey)
        second.activate()
        plain.write_column("A1", ["甲", "乙"])
        book.define_name("全部", f"={SHEET}!$B$6:$B$12")
    return _with_parts(made.getvalue())


def _with_parts(content: bytes) -> bytes:
    """The workbook with what xlsxwriter cannot write, and a conversation on B9."""
    with ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    _in(parts, "xl/worksheets/sheet1.xml", "</extLst></worksheet>", _OVER_DATA)
    _in(parts, "xl/comments1.xml", "</authors>", f"<author>tc={_THREAD}</author></authors>")
    authors = parts["xl/comments1.xml"].decode().count("<author>")
    said = "<text><t>[批注] 请核实</t></text>"
    talk = f'<comment ref="B9" authorId="{authors - 1}">{said}</comment></commentList>'
    _in(parts, "xl/comments1.xml", "</commentList>", talk)
    parts["xl/threadedComments/threadedComment1.xml"] = (
        f'<ThreadedComments xmlns="{THREADS}"><threadedComment ref="B9" id="{_THREAD}"'
        f' dT="2003-07-01T00:00:00.00" personId="{_PERSON}"><text>请核实</text>'
        "</threadedComment></ThreadedComments>"
    ).encode()
    parts["xl/persons/person.xml"] = (
        f'<personList xmlns="{THREADS}"><person displayName="王五" id="{_PERSON}"'
        ' userId="w" providerId="None"/></personList>'
    ).encode()
    parts["xl/printerSettings/printerSettings1.bin"] = b"\0A3 of the county's printer"
    parts["customXml/item1.xml"] = b"<kept xmlns='urn:county'/>"
    _relate(parts, "xl/worksheets/_rels/sheet1.xml.rels", {
        "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment":
            "../threadedComments/threadedComment1.xml",
        f"{OFFICE}/printerSettings": "../printerSettings/printerSettings1.bin",
    })  # fmt: skip
    _relate(parts, "xl/_rels/workbook.xml.rels", {
        "http://schemas.microsoft.com/office/2017/10/relationships/person": "persons/person.xml",
        f"{OFFICE}/customXml": "../customXml/item1.xml",
    })  # fmt: skip
    types = "</Types>"
    spreadsheet = "application/vnd.ms-excel"
    for name, kind in (
        ("/xl/threadedComments/threadedComment1.xml", f"{spreadsheet}.threadedcomments+xml"),
        ("/xl/persons/person.xml", f"{spreadsheet}.person+xml"),
    ):
        entry = f'<Override PartName="{name}" ContentType="{kind}"/>{types}'
        _in(parts, "[Content_Types].xml", types, entry)
    return packed(parts)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Parts as a package."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a package by their names."""
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def marking(
    colours: Mapping[tuple[str, str], Severity] | None = None,
    comments: Mapping[tuple[str, str], str] | None = None,
) -> Marking:
    """A marking of cells given by sheet and address; the first of them has a line."""
    cells = {cell(*place): severity for place, severity in (colours or {}).items()}
    texts = {cell(*place): text for place, text in (comments or {}).items()}
    columns = ("serial_no", "severity", "cell", "fact", "answer")
    lines = tuple(
        ReviewLine(
            (n, "强制性", place.address, "=1+1 不是公式", ""), severity, place, f"{'a' * 64}/{n}"
        )
        for n, (place, severity) in enumerate(cells.items(), start=1)
    )
    review = Review(
        name="审核结果",
        heading=("标题", f"共 {len(lines)} 条", "说明写在最后一列", "第 1 号"),
        columns=tuple(ReviewColumn(name, name, 14, name != "fact") for name in columns),
        stamp='huizong-findings-1 ["copy", "linfen", "2003H1", 1, "141034", "answer"]',
        lines=lines,
    )
    return Marking(cells, texts, review, "宋体", datetime(2003, 7, 10, 18, 30, tzinfo=UTC))


def cell(sheet: str, address: str) -> CellRef:
    """A cell by its sheet and address."""
    return CellRef(sheet=sheet, address=address)


def _in(parts: dict[str, bytes], name: str, old: str, new: str) -> None:
    text = parts[name].decode()
    assert text.count(old) == 1, (name, old)
    parts[name] = text.replace(old, new).encode()


def _relate(parts: dict[str, bytes], name: str, relations: Mapping[str, str]) -> None:
    end = "</Relationships>"
    for number, (kind, target) in enumerate(relations.items(), start=100):
        entry = f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>{end}'
        _in(parts, name, end, entry)


def _png() -> bytes:
    """A picture of one red point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    image = zlib.compress(b"\0\xff\0\0")
    parts = chunk(b"IHDR", head), chunk(b"IDAT", image), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
