"""The same table in every format is read into the same cells."""

import io
import struct
from collections.abc import Sequence
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from schemas.errors import WorkbookError
from schemas.grid import CellError, RawCell, Sheet
from schemas.workbook import open_workbook
from tests.schemas.formats.given import biff5, compound
from tests.schemas.test_workbook import patched, saved, zipped

DATA = Path(__file__).parents[2] / "data"
ERROR, NOT_CALCULATED = CellError.ERROR, CellError.NOT_CALCULATED


def sheets(content: bytes) -> Sequence[Sheet]:
    return open_workbook(content, "报表.xls").sheets


def rows(content: bytes) -> list[list[RawCell]]:
    return [[*row] for row in sheets(content)[0].rows]


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(WorkbookError) as raised:
        open_workbook(content, "报表.xls")
    return raised.value.code, raised.value.detail.en if raised.value.detail else ""


# --- packages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_dates_of_both_epochs_are_the_same_day(epoch: datetime | None) -> None:
    book = Workbook()
    if epoch is not None:
        book.epoch = epoch
    assert book.active is not None
    book.active.append([date(2015, 12, 31)])
    assert rows(saved(book)) == [[date(2015, 12, 31)]]


def test_a_formula_that_was_never_worked_out_is_no_blank() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append([1, "=A1*2", "甲"])
    assert rows(saved(book)) == [[1.0, NOT_CALCULATED, "甲"]]


def test_a_formula_that_shows_nothing_is_blank() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append([1, "=A1*2", "甲"])
    empty = patched(saved(book), "xl/worksheets/sheet1.xml", '<c r="B1">', '<c r="B1" t="str">')
    assert rows(empty) == [[1.0, "", "甲"]]


def test_a_sheet_written_with_prefix_and_single_quotes_has_the_same_facts() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append([1, "=A1*2", "甲"])
    book.active.row_dimensions[1].hidden = True
    content = saved(book)
    with ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    part = "xl/worksheets/sheet1.xml"
    prefixed = parts[part].replace("</", "\0").replace("<", "<x:").replace("\0", "</x:")
    parts[part] = prefixed.replace("xmlns=", "xmlns:x=").replace('"', "'")
    (sheet,) = sheets(zipped(parts))
    assert (sheet.rows[0][1], sheet.hidden_rows) == (NOT_CALCULATED, frozenset({0}))


def test_hidden_rows_and_columns_are_known() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append([1, 2, 3])
    book.active.row_dimensions[1].hidden = True
    book.active.column_dimensions["B"].hidden = True
    (sheet,) = sheets(saved(book))
    assert (set(sheet.hidden_rows), set(sheet.hidden_columns)) == ({0}, {1})


def test_strict_ooxml_is_read() -> None:
    read = rows((DATA / "corpora" / "exceldatareader_Test255x10.xlsx").read_bytes())
    assert (len(read), len(read[0]), read[1][:3]) == (10, 255, ["value", "one", 1.0])


def test_a_binary_workbook_is_read() -> None:
    shown, hidden = sheets((DATA / "formats" / "plain.xlsb").read_bytes())
    assert [*map(list, shown.rows[:2])] == [
        ["汾西县", "户数", "日期"],
        ["甲", 12.5, date(2015, 12, 31)],
    ]
    assert (shown.name, shown.hidden, hidden.hidden) == ("数据", False, True)


def test_an_error_in_a_binary_workbook_is_no_blank() -> None:
    content = (DATA / "formats" / "plain.xlsb").read_bytes()
    number = struct.pack("<BBIId", 5, 16, 1, 0, 12.5)
    error = struct.pack("<BBIIB", 3, 9, 1, 0, 7)
    target = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(target, "w") as package:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.bin":
                assert number in part
            package.writestr(name, part.replace(number, error))
    assert rows(target.getvalue())[1][:2] == ["甲", ERROR]


def test_an_open_document_is_read_with_what_is_merged_and_hidden() -> None:
    shown, hidden = sheets((DATA / "formats" / "plain.ods").read_bytes())
    assert (shown.cell(0, 6), shown.cell(0, 7)) == (datetime(2015, 1, 2, 3, 4, 5), 0.85)
    assert (shown.cell(1, 1), shown.cell(2, 2)) == (12.5, date(2015, 12, 31))
    assert (shown.cell(3, 3), shown.cell(4, 4)) == (ERROR, 25.0)
    assert [*shown.merged] == [((7, 0), (8, 2))]
    assert (set(shown.hidden_rows), set(shown.hidden_columns)) == ({4}, {2})
    assert (shown.hidden, hidden.hidden) == (False, True)


# --- compound files -----------------------------------------------------------------------------


def test_texts_of_excel_5_are_in_the_code_page_it_states() -> None:
    (sheet,) = sheets(biff5("沼气", [["汾西县", "户数"], ["〇七年", 12.5]]))
    assert sheet.name == "沼气"
    assert [*map(list, sheet.rows)] == [["汾西县", "户数"], ["〇七年", 12.5], [ERROR, ""]]


def test_the_password_that_excel_tries_opens_a_workbook() -> None:
    read = rows((DATA / "corpora" / "messytables_encrypted_no_password.xls").read_bytes())
    assert read[1] == [date(2011, 1, 1), 1, "Galway"]


@pytest.mark.parametrize(
    ("password", "told"), [("VelvetSweatshop", "read"), ("another", "file-encrypted")]
)
def test_an_encrypted_package_is_read_only_with_that_password(password: str, told: str) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    book, target = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["汾西县", 12])
    OOXMLFile(io.BytesIO(saved(book))).encrypt(password, target)
    if told == "read":
        assert rows(target.getvalue()) == [["汾西县", 12.0]]
    else:
        assert refusal(target.getvalue()) == (told, "")


def test_another_document_in_a_compound_file_is_named() -> None:
    assert refusal(compound("WordDocument", b"x"))[1] == "a Word document"


# --- text ---------------------------------------------------------------------------------------

TABLE = "县名,户数\r\n汾西县,1234.5\r\n隰县,0351\r\n"
READ = [["县名", "户数"], ["汾西县", 1234.5], ["隰县", "0351"]]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_delimited_text_is_read_in_every_encoding(encoding: str, delimiter: str) -> None:
    assert rows(TABLE.replace(",", delimiter).encode(encoding)) == READ


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_text_that_ends_within_a_character_was_cut_off(encoding: str) -> None:
    assert refusal((TABLE + "隰").encode(encoding)[:-1]) == ("file-truncated", "")


def test_a_single_chinese_character_at_the_end_tells_the_encoding() -> None:
    assert rows("a,b\n1,濉".encode("gb18030")) == [["a", "b"], [1.0, "濉"]]


HTML = """<html><head><meta charset="gb2312"><title>t</title></head><body><h3>汾西县沼气</h3>
<table border=1><tr><th rowspan=2>县名</th><th colspan=2>户数</th></tr>
<tr><td>本年</td><td>累计<br>合计</td></tr>
<tr><td>汾西县</td><td x:num="1234.56">1,234.6</td><td>&nbsp;</td></tr>
<tr><td>隰县</td><td>#REF!</td><td>142621200301010011</td></tr></table></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_tables_of_a_web_page_are_read(encoding: str) -> None:
    (sheet,) = sheets(HTML.encode(encoding))
    assert [*map(list, sheet.rows)] == [
        ["汾西县沼气", "", ""],
        ["县名", "户数", ""],
        ["", "本年", "累计\n合计"],
        ["汾西县", 1234.56, ""],
        ["隰县", ERROR, "142621200301010011"],
    ]
    assert [*sheet.merged] == [((1, 0), (2, 0)), ((1, 1), (1, 2))]


def test_a_web_page_saved_as_one_file_is_read() -> None:
    message = EmailMessage()
    message.set_content("in a browser")
    message.add_related(HTML.encode("gb18030"), "text", "html")
    (sheet,) = sheets(b"MIME-Version: 1.0\r\n" + message.as_bytes())
    assert sheet.cell(3, 1) == 1234.56


SPREADSHEETML = """<?xml version="1.0" encoding="{}"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="沼气"><Table><Column ss:Index="2" ss:Hidden="1"/>
<Row><Cell ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="String">汾西县</Data></Cell>
<Cell><Data ss:Type="DateTime">2015-12-31T00:00:00.000</Data></Cell></Row>
<Row ss:Index="3" ss:Hidden="1"><Cell ss:Index="2"><Data ss:Type="Number">12.5</Data></Cell>
<Cell><Data ss:Type="Error">#N/A</Data></Cell><Cell ss:Formula="=RC[-2]"/></Row></Table>
<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible>
</WorksheetOptions></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030", "UTF-16"])
def test_an_xml_spreadsheet_is_read(encoding: str) -> None:
    (sheet,) = sheets(SPREADSHEETML.format(encoding).encode(encoding))
    assert [*map(list, sheet.rows)] == [
        ["汾西县", "", date(2015, 12, 31), ""],
        ["", "", "", ""],
        ["", 12.5, ERROR, NOT_CALCULATED],
    ]
    assert [*sheet.merged] == [((0, 0), (1, 1))]
    assert (sheet.name, sheet.hidden) == ("沼气", True)
    assert (set(sheet.hidden_rows), set(sheet.hidden_columns)) == ({2}, {1})


# --- what is refused ----------------------------------------------------------------------------


def test_what_declares_entities_is_refused_before_they_are_looked_at() -> None:
    for name in ("openspout_attack_billion_laughs.xlsx", "openspout_attack_quadratic_blowup.ods"):
        code, told = refusal((DATA / "corpora" / name).read_bytes())
        assert (code, told) == (
            "file-unreadable",
            "it declares XML entities, which no proper workbook does",
        )


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x09\0\x04\0\x02\0\x10\0", "a file of Excel 4 or older"),
        (b"{\\rtf1\\ansi", "a document in RTF"),
        (b"L\0\0\0\x01\x14\x02\0\0\0", "a shortcut to a file"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a picture"),
        (
            b"\x06Zhang3".ljust(55) + b"\x06\0" + "Zhang3".ljust(54).encode("utf-16-le"),
            "the lock file that Excel keeps beside an open workbook (~$…)",
        ),
        (
            b",zhang,PC,22.11.2015 10:00,file:///C:/u/4;",
            "the lock file that Excel keeps beside an open workbook (~$…)",
        ),
    ],
)
def test_what_is_no_workbook_is_named(content: bytes, what: str) -> None:
    assert refusal(content) == ("file-not-workbook", what)
