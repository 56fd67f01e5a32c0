"""Workbooks of Excel 97 made record by record, and what stands in the records of others."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.formats.ole import CompoundFile
from schemas.grid import Place
from tests.schemas.formats.given import compound
from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.compound import replaced
from warehouse.publish.marks.biff.palette import Palette
from warehouse.publish.marks.biff.records import Record, SheetRecords, Stream, parsed, written

Value = float | str | None
"""What a cell holds; None is a blank one with a style."""


@dataclass(frozen=True)
class Made:
    """A sheet to be made: cells row by row, several in one record where `runs` says so."""

    name: str
    cells: Mapping[Place, Value]
    runs: bool = False
    more: Sequence[Record] = field(default_factory=tuple)  # behind the cells


def workbook(*sheets: Made, more: Sequence[Record] = (), texts: Sequence[str] = ()) -> bytes:
    """A workbook with sheets, more records in its head, and texts that no cell has."""
    return file(stream(*sheets, more=more, texts=texts))


def file(whole: Stream) -> bytes:
    """A workbook of some records, however many."""
    return replaced(compound("Workbook", b""), "Workbook", written(whole))


def stream(*sheets: Made, more: Sequence[Record] = (), texts: Sequence[str] = ()) -> Stream:
    """The records of such a workbook."""
    every = list(
        dict.fromkeys(
            [*texts, *(v for s in sheets for v in s.cells.values() if isinstance(v, str))]
        )
    )
    head: list[Record] = [
        (kinds.BOF, struct.pack("<4H2I", 0x600, 5, 0, 0, 0, 6)),
        (kinds.SHEET_IDS, struct.pack(f"<{len(sheets)}H", *range(1, len(sheets) + 1))),
        (kinds.WINDOW, struct.pack("<9H", 0, 0, 100, 100, 0x38, 0, 0, 1, 600)),
        *[(kinds.FONT, font("Arial"))] * 4,
        *[(kinds.STYLE, style(named=True))] * 15,
        (kinds.STYLE, style()),
        (kinds.STYLE, style(font=1)),
        *more,
        (kinds.SST, struct.pack("<2I", 0, len(every)) + b"".join(map(text, every))),
        (kinds.EOF, b""),
    ]
    head.insert(-2, (kinds.BOUND_SHEET, b""))
    made = [
        SheetRecords(
            struct.pack("<4B", 0, 0, len(s.name), 1) + s.name.encode("utf-16-le"), records(s, every)
        )
        for s in sheets
    ]
    return Stream(head, made)


def records(sheet: Made, texts: Sequence[str]) -> list[Record]:
    """The records of a sheet."""
    rows = [row for row, _ in sheet.cells] or [0]
    columns = [column for _, column in sheet.cells] or [0]
    extent = struct.pack("<2I3H", min(rows), max(rows) + 1, min(columns), max(columns) + 1, 0)
    return [
        (kinds.BOF, struct.pack("<4H2I", 0x600, 0x10, 0, 0, 0, 6)),
        (kinds.DIMENSIONS, extent),
        *cells(sheet, texts),
        *sheet.more,
        (kinds.SHEET_WINDOW, struct.pack("<9H", 0x6B6, *[0] * 8)),
        (kinds.EOF, b""),
    ]


def cells(sheet: Made, texts: Sequence[str]) -> list[Record]:
    """The cells of a sheet: of one each, or with neighbours of the same sort in one record."""
    found: list[Record] = []
    for (row, column), value in sorted(sheet.cells.items()):
        place = struct.pack("<3H", row, column, 15 + (column % 2))
        kind, data = kinds.BLANK, b""
        if isinstance(value, str):
            kind, data = kinds.SHARED_TEXT, struct.pack("<I", texts.index(value))
        elif value is not None:
            kind, data = kinds.SHORT_NUMBER, struct.pack("<I", int(value) << 2 & 0xFFFFFFFF | 2)
        found.append((kind, place + data))
    return list(joined(found)) if sheet.runs else found


def joined(single: Sequence[Record]) -> list[Record]:
    """Cells with their neighbours in one record, where these may be."""
    found: list[Record] = []
    ends: dict[int, int] = {}
    runs = {kinds.SHORT_NUMBER: kinds.SHORT_NUMBERS, kinds.BLANK: kinds.BLANKS}
    for kind, data in single:
        (column,) = struct.unpack_from("<2xH", data)
        kind, last = runs.get(kind, kind), found[-1] if found else (0, b"")
        if kind in runs.values():
            same = (
                last[0] == kind
                and last[1][:2] == data[:2]
                and ends.get(len(found) - 1) == column - 1
            )
            before = found.pop()[1][:-2] if same else data[:4]
            data = before + data[4:] + struct.pack("<H", column)
            ends[len(found)] = column
        found.append((kind, data))
    return found


def font(name: str) -> bytes:
    """A font of ten points."""
    return struct.pack("<5H6B", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, len(name), 0) + name.encode()


def style(*, font: int = 0, named: bool = False) -> bytes:
    """A style without a fill."""
    return struct.pack("<3H4B2HIH", font, 0, 0xFFF5 if named else 1, 0x20, 0, 0, 0, 0, 0, 0, 0x20C0)


def text(written: str) -> bytes:
    """A text of the list."""
    return struct.pack("<HB", len(written), 1) + written.encode("utf-16-le")


def taken_apart(content: bytes) -> Stream:
    """The records of a workbook."""
    return parsed(CompoundFile(content).stream("Workbook"))


def sheet(content: bytes, name: str) -> SheetRecords:
    """The records of one of its sheets."""
    return next(sheet for sheet in taken_apart(content).sheets if sheet.name == name)


def with_text(content: bytes, name: str, place: Place, written_there: str) -> bytes:
    """A workbook in which somebody has written into a cell that was blank."""
    whole = taken_apart(content)
    for of in whole.sheets:
        for number, (kind, data) in enumerate(of.records):
            if of.name == name and kind == kinds.BLANK and data[:4] == struct.pack("<2H", *place):
                label = data + text(written_there)
                of.records[number] = (kinds.TEXT, label)
    return replaced(content, "Workbook", written(whole))


def fills(content: bytes, name: str) -> dict[Place, str]:
    """The colours with which cells of a sheet are filled."""
    whole = taken_apart(content)
    styles = [data for kind, data in whole.head if kind == kinds.STYLE]
    fonts = [data for kind, data in whole.head if kind == kinds.FONT]
    palette = Palette(whole, fonts, styles)
    found = {}
    for kind, data in sheet(content, name).records:
        if kind in (*kinds.CELLS, *kinds.RUNS):
            row, column = struct.unpack_from("<2H", data)
            size = kinds.RUNS.get(kind, len(data))
            for number, at in enumerate(range(4, max(len(data) - 2, 5), size)):
                of = styles[struct.unpack_from("<H", data, at)[0]]
                if of[17] >> 2 == 1:
                    rgb = palette.rgb(of[18] & 0x7F)
                    found[row, column + number] = str(rgb).upper()
    return found


def notes(content: bytes, name: str) -> dict[Place, tuple[str, str]]:
    """The authors and texts of the comments on a sheet."""
    found, texts, number = {}, dict[int, str](), 0
    records = [record for _, record in sheet(content, name).own()]
    for at, (kind, data) in enumerate(records):
        if kind == kinds.OBJECT:
            number = struct.unpack_from("<H", data, 6)[0]
        elif kind == kinds.OBJECT_TEXT:
            count = struct.unpack_from("<H", data, 10)[0]
            (wide, raw) = (records[at + 1][1][0], records[at + 1][1][1:])
            texts[number] = raw.decode("utf-16-le" if wide else "latin-1")[:count]
        elif kind == kinds.NOTE:
            row, column, _, of, length, wide = struct.unpack_from("<5HB", data)
            author = data[11 : 11 + length * (1 + wide)]
            found[row, column] = (author.decode("utf-16-le" if wide else "latin-1"), texts[of])
    return found
