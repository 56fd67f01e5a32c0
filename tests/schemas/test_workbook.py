import io
import struct
from collections.abc import Mapping
from datetime import date
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from schemas.errors import WorkbookError
from schemas.formats.ole import MAGIC, CompoundFile, DamagedError
from schemas.workbook import CellError, open_workbook

_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def zipped(parts: Mapping[str, str]) -> bytes:
    target = io.BytesIO()
    with ZipFile(target, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


def patched(content: bytes, part: str, old: str, new: str) -> bytes:
    target = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(target, "w") as archive:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == part:
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode())
            archive.writestr(entry, data)
    return target.getvalue()


def compound(streams: Mapping[str, bytes], *, loop: bool = False) -> bytes:
    """A compound file with one sector per stream, which is large enough not to be a mini stream."""
    places = list(enumerate(streams.items(), start=2))
    fat = [0xFFFFFFFD, 1 if loop else _END, *[_END] * len(places)]
    directory = entry("Root Entry", 5, _END, 0)
    for sector, (name, data) in places:
        directory += entry(name, 2, sector, len(data))
    numbers = (62, 3, 0xFFFE, 9, 6, 1, 1, 0, _END, 0, _END, 0)
    header = struct.pack("<8s16xHHHHH6x4xII4xIIIII", MAGIC, *numbers)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    sectors = [struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat))), directory.ljust(512, b"\0")]
    return header + b"".join(sectors + [data.ljust(512, b"\0") for data in streams.values()])


def entry(name: str, kind: int, start: int, size: int) -> bytes:
    words = name.encode("utf-16-le")
    head = words.ljust(64, b"\0") + struct.pack("<HB", len(words) + 2, kind)
    return head.ljust(116, b"\0") + struct.pack("<IQ", start, size)


@pytest.fixture(scope="module")
def small() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "数据"
    sheet["C3"] = 12.5
    sheet["D4"] = "甲"
    sheet["E5"] = date(2015, 12, 31)
    sheet.merge_cells("D4:E4")
    book.create_sheet("藏").sheet_state = "hidden"
    return saved(book)


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(WorkbookError) as raised:
        open_workbook(content, "报表.xlsx")
    detail = raised.value.detail
    return raised.value.code, detail.zh if detail else ""


def test_cells_stand_at_their_addresses(small: bytes) -> None:
    book = open_workbook(small, "报表.doc")
    sheet, hidden = book.sheets
    assert (sheet.name, sheet.hidden, hidden.name, hidden.hidden) == ("数据", False, "藏", True)
    assert (sheet.cell(2, 2), sheet.cell(3, 3)) == (12.5, "甲")
    assert sheet.cell(4, 4) == date(2015, 12, 31)
    assert sheet.cell(0, 0) == ""
    assert sheet.cell(1000, 1000) == ""
    assert list(sheet.merged) == [((3, 3), (3, 4))]


def test_a_formula_error_is_no_blank(small: bytes) -> None:
    broken = patched(
        small,
        "xl/worksheets/sheet1.xml",
        '<c r="C3" t="n"><v>12.5</v>',
        '<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v>',
    )
    sheet = open_workbook(broken, "报表.xlsx").sheets[0]
    assert sheet.cell(2, 2) is CellError.ERROR
    assert sheet.cell(3, 3) == "甲"


def test_a_cell_far_away_is_refused_before_it_takes_all_memory(small: bytes) -> None:
    far = patched(small, "xl/worksheets/sheet1.xml", '<c r="C3"', '<c r="XFD1048576"')
    code, detail = refusal(far)
    assert code == "file-unreadable"
    assert detail == "工作表“数据”的内容延伸到第1048576行、第16384列"


def test_formatted_but_blank_cells_far_away_do_no_harm(small: bytes) -> None:
    far = patched(
        small,
        "xl/worksheets/sheet1.xml",
        "</sheetData>",
        '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>',
    )
    assert open_workbook(far, "报表.xlsx").sheets[0].cell(2, 2) == 12.5


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b" \r\n", saved(Workbook())])
def test_nothing_is_an_empty_file(content: bytes) -> None:
    assert refusal(content) == ("file-empty", "")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (zipped({"[Content_Types].xml": "", "word/document.xml": ""}), "Word文档"),
        (zipped({"ppt/presentation.xml": ""}), "PowerPoint演示文稿"),
        (compound({"WordDocument": b"x" * 4096}), "Word文档"),
        (compound({"PowerPoint Document": b"x" * 4096}), "PowerPoint演示文稿"),
        (compound({"VisioDocument": b"x" * 4096}), "其他Office文件"),
        (b"%PDF-1.4 \xe2\xe3", "PDF文件"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"<html><p>1</p></html>", "没有表格的网页"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "没有表格的网页"),
        ("汾西县\n一切正常\n".encode("gb18030"), "文本文件"),
        ("汾西县，12户，34人。\n".encode(), "文本文件"),
        (b"\x01\x02\x03\xff\xfe\xfd", "无法识别的文件"),
    ],
)
def test_what_is_no_workbook_is_told_as_what_it_is(content: bytes, what: str) -> None:
    assert refusal(content) == ("file-not-workbook", what)


def test_a_workbook_with_a_password_is_told(small: bytes) -> None:
    assert refusal(compound({"EncryptedPackage": b"x" * 4096})) == ("file-encrypted", "")
    biff = struct.pack("<HH16x", 0x809, 16) + struct.pack("<HH", 0x2F, 6)
    assert refusal(compound({"Workbook": biff.ljust(4096)})) == ("file-encrypted", "")


def test_a_workbook_without_its_parts_is_damaged() -> None:
    code, detail = refusal(zipped({"xl/workbook.xml": "<workbook>"}))
    assert (code, detail) == ("file-unreadable", "文件内部结构已损坏")


def test_a_compound_file_whose_chain_runs_in_a_circle_is_refused() -> None:
    content = compound({"Workbook": b"x" * 4096}, loop=True)
    with pytest.raises(DamagedError, match="circle"):
        CompoundFile(content)
    assert refusal(content) == ("file-unreadable", "文件内部结构已损坏")


def test_streams_of_a_compound_file_are_found() -> None:
    assert set(CompoundFile(compound({"Book": b"x"})).entries) == {"Root Entry", "Book"}


@given(st.data())
def test_a_workbook_cut_off_anywhere_is_refused_as_such(small: bytes, data: st.DataObject) -> None:
    length = data.draw(st.integers(4, len(small) - 1))
    assert refusal(small[:length])[0] == "file-truncated"


@given(st.binary(max_size=200), st.sampled_from([b"", MAGIC, b"PK\x03\x04", b"<", b"%PDF"]))
def test_any_bytes_end_in_a_refusal_with_a_code(content: bytes, start: bytes) -> None:
    code, _ = refusal(start + content)
    assert code.startswith("file-")


@given(st.data())
def test_a_damaged_compound_file_is_never_walked_without_end(data: st.DataObject) -> None:
    content = bytearray(compound({"WordDocument": b"x" * 4096}))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(8, 1200))
        content[place] = data.draw(st.integers(0, 255))
    code, _ = refusal(bytes(content))
    assert code in ("file-truncated", "file-unreadable", "file-not-workbook")
