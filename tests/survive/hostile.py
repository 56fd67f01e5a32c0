"""Files that are meant to harm whoever reads them, made up here."""

import io
import struct
import zlib
from collections.abc import Iterator, Mapping
from zipfile import ZIP_DEFLATED, ZipFile

from tests.schemas.formats.given import biff5

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BOMB_BYTES = 10 * 2**30


def hostile() -> Iterator[tuple[str, bytes]]:
    """Names and contents."""
    yield "external-entity.xlsx", workbook(sheet(_cell("A1", 1)), before=_EXTERNAL)
    yield "external-entity.xls", (_EXTERNAL + _SPREADSHEETML).encode()
    yield "bomb.xlsx", bomb(claimed=0xFFFFFFF0)
    yield "bomb-that-lies.xlsx", bomb(claimed=500)
    yield "million-rows.xlsx", workbook(sheet(*map(_row, range(1, 1_048_577))))
    yield "last-cell.xlsx", workbook(sheet(_cell("A1", 1), _cell("XFD1048576", 2)))
    yield "merges.xlsx", workbook(sheet(_cell("A1", 1), after=_merges(10_000)))
    yield "sheets.xlsx", workbook(*[sheet(_cell("A1", n)) for n in range(500)])
    yield "~$报表.xlsx", LOCK
    yield "page.xls", "<table><tr><td>汾西县<td>12</table>".encode("gb18030")
    yield "gbk.xls", biff5("沼气", _GBK)
    yield "spans.xls", b"<table><tr><td colspan=99999 rowspan=99999>1<td>2</table>" * 1000
    yield "nested.xls", b"<table><tr><td>" * 50_000
    yield "repeated.fods", _REPEATED.encode()
    yield "text.csv", b"a,b\n" * 200_000
    yield "archives.zip", _nested(6)


_GBK = (
    ("沼气池建设进度表",),
    ("填报单位：汾西县", "", "2003年上半年"),
    ("县(市、区)", "上年末累计", "本年计划", "本期新建", "本年累计新建"),
    ("汾西县", 212.0, 300.0, 40.0, 60.0),
)

LOCK = b"\x06Zhang3".ljust(55) + b"\x06\0" + "Zhang3".ljust(54).encode("utf-16-le")
"""What Excel writes beside a workbook that someone has open."""

_EXTERNAL = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_SPREADSHEETML = (
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row>'
    "<Cell><Data>&x;</Data></Cell></Row></Table></Worksheet></Workbook>"
)
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_REPEATED = (
    f'<?xml version="1.0"?><o:document xmlns:o="{_ODF}:office:1.0" xmlns:t="{_ODF}:table:1.0">'
    "<o:body><o:spreadsheet>"
    '<t:table t:name="甲"><t:table-row t:number-rows-repeated="1000000">'
    '<t:table-cell o:value-type="float" o:value="1" t:number-columns-repeated="1000000"/>'
    "</t:table-row></t:table></o:spreadsheet></o:body></o:document>"
)


def _cell(place: str, value: int) -> str:
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{place}"><v>{value}</v></c></row>'


def _row(number: int) -> str:
    return f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>'


def _merges(count: int) -> str:
    ranges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(2, count + 2))
    return f"<mergeCells>{ranges}</mergeCells>"


def sheet(*rows: str, after: str = "") -> str:
    """The part of a sheet."""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'


def workbook(*sheets: str, before: str = "") -> bytes:
    """A workbook of sheets; `before` stands at the head of each."""
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=1) as package:
        for name, part in _frame(len(sheets)).items():
            package.writestr(name, part)
        for number, part in enumerate(sheets, start=1):
            package.writestr(f"xl/worksheets/sheet{number}.xml", before + part)
    return target.getvalue()


def _frame(sheets: int) -> Mapping[str, str]:
    """The parts around the sheets."""
    numbers = range(1, sheets + 1)
    listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    relations = f'<Relationships xmlns="{_PACKAGE}/relationships">{{}}</Relationships>'
    root = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f"{parts}</Types>",
        "_rels/.rels": relations.format(root),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations.format(related),
    }


def bomb(claimed: int) -> bytes:
    """A workbook whose sheet unpacks to 10 GB of blanks, whatever it claims."""
    whole = workbook(sheet())
    name = b"xl/worksheets/sheet1.xml"
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = block * (_BOMB_BYTES // 2**20) + b"\x03\0"
    target = io.BytesIO()
    with ZipFile(io.BytesIO(whole)) as source, ZipFile(target, "w") as package:
        for entry in source.infolist():
            if entry.filename != name.decode():
                package.writestr(entry, source.read(entry))
        start = package.start_dir
        package.writestr("x", b"")
    kept = target.getvalue()[:start]
    sizes = struct.pack("<III", 0, len(packed), claimed)
    fields = struct.pack("<HHHHH", 20, 0, 8, 0, 0x21) + sizes + struct.pack("<HH", len(name), 0)
    return _with_entry(target.getvalue(), kept, fields, name, packed)


def _with_entry(whole: bytes, kept: bytes, fields: bytes, name: bytes, packed: bytes) -> bytes:
    """An archive whose last file is replaced by one that is written by hand."""
    (entries, _, start) = struct.unpack("<HII", whole[-12:-2])
    directory = whole[start:-22]
    directory = directory[: directory.rindex(b"PK\x01\x02")]
    directory += (
        b"PK\x01\x02"
        + struct.pack("<H", 20)
        + fields
        + struct.pack("<HHHII", 0, 0, 0, 0, len(kept))
        + name
    )
    local = b"PK\x03\x04" + fields + name + packed
    end = struct.pack("<HHHHIIH", 0, 0, entries, entries, len(directory), len(kept) + len(local), 0)
    return kept + local + directory + b"PK\x05\x06" + end


def _nested(depth: int) -> bytes:
    content = b"x"
    for _ in range(depth):
        target = io.BytesIO()
        with ZipFile(target, "w") as archive:
            archive.writestr("inner.zip", content)
        content = target.getvalue()
    return content
