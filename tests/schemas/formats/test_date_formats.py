"""Numbers that a built-in format of Chinese Excel shows as dates, without saying so anywhere.

Formats 27 to 36 and 50 to 58 are dates in the Chinese and Japanese versions of Excel (ECMA-376,
part 1, 18.8.30): a workbook has their numbers, and no code that could be looked at.
"""

import io
import re
import struct
from collections.abc import Callable
from datetime import date, datetime
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from schemas.formats.biff_records import records
from schemas.formats.ole import CompoundFile
from schemas.workbook import open_workbook
from tests.schemas.formats.given import compound
from tests.schemas.formats.test_shown import DATA
from tests.schemas.test_workbook import saved

OF_DATES = [14, *range(27, 37), *range(50, 59)]
OF_NUMBERS = [0, 1, 49, 59]

Made = tuple[bytes, tuple[int, int]]
"""A workbook, and the row and column of a cell in it that is shown by a format."""


def xlsx(number: int) -> Made:
    book = Workbook()
    cell = book.worksheets[0]["A1"]
    cell.value, cell.number_format = 42094, "yyyy"
    written_out = re.compile(rb"<numFmts.*?</numFmts>")

    def shown(xml: bytes) -> bytes:
        return written_out.sub(b"", xml).replace(b'numFmtId="164"', b'numFmtId="%d"' % number)

    return changed(saved(book), "xl/styles.xml", shown), (0, 0)


def xlsb(number: int) -> Made:
    """Its second style of cells is that of a time."""

    def shown(styles: bytes) -> bytes:
        cells = styles.index(b"\xe9\x04")  # where the styles of cells begin
        times = struct.pack("<HH", 0, 0xA4)
        assert times in styles[cells:]
        return styles[:cells] + styles[cells:].replace(times, struct.pack("<HH", 0, number))

    return changed((DATA / "plain.xlsb").read_bytes(), "xl/styles.bin", shown), (2, 2)


def xls(number: int) -> Made:
    stream = bytearray(CompoundFile((DATA / "shown.xls").read_bytes()).stream("Workbook"))
    styles = [start for kind, start, _ in records(bytes(stream), 0) if kind == 0xE0]
    struct.pack_into("<H", stream, styles[25] + 2, number)
    return compound("Workbook", bytes(stream)), (0, 4)


def changed(content: bytes, name: str, how: Callable[[bytes], bytes]) -> bytes:
    target = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(target, "w") as package:
        for part in source.namelist():
            data = source.read(part)
            package.writestr(part, how(data) if part == name else data)
    return target.getvalue()


def is_date(made: Made) -> bool:
    content, place = made
    value = open_workbook(content, "报表").sheets[0].cell(*place)
    assert isinstance(value, date | datetime | int | float)
    return isinstance(value, date)


@pytest.mark.parametrize("made", [xlsx, xlsb, xls])
def test_built_in_formats_of_dates(made: Callable[[int], Made]) -> None:
    assert [number for number in OF_DATES if not is_date(made(number))] == []
    assert [number for number in OF_NUMBERS if is_date(made(number))] == []
