"""Workbooks of records (.xlsb) made one by one, and what stands in those of others.

Nothing here is shared with the editor that puts marks into them.
"""

import io
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zipfile import ZIP_DEFLATED, ZipFile

from schemas.grid import Place

Record = tuple[int, bytes]
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
GREY = "D9D9D9"
PLAIN, FILLED, OF_ROW = 0, 1, 2
"""Styles: without a fill, filled grey, and filled in a colour of the theme."""
NO_TEXT = b"\xff\xff\xff\xff"
_FOLLOWING = {1: 12, 5: 16, 7: 18}
"""Of a cell that follows another in the next column, by its kind elsewhere."""
_LETTERS, _PAPER = bytes.fromhex("03400000000000ff"), bytes.fromhex("03410000ffffffff")


@dataclass(frozen=True)
class Formula:
    """A formula and the number it came to."""

    number: float
    tokens: bytes


@dataclass(frozen=True)
class Rich:
    """A text with letters of another font in it, in its own cell."""

    text: str


Value = float | str | Formula | Rich | None
"""What a cell holds; None is a blank one with a style."""


@dataclass(frozen=True)
class Made:
    """A sheet to be made: cells row by row, which state no column behind another where `short`.

    `more` stands behind the cells; `notes` are authors and texts; `state` 2 is very hidden.
    """

    name: str
    cells: Mapping[Place, Value] = field(default_factory=dict)
    short: bool = False
    more: Sequence[Record] = ()
    notes: Mapping[Place, tuple[str, str]] = field(default_factory=dict)
    state: int = 0


def record(kind: int, data: bytes = b"") -> bytes:
    """A record: kind and length in seven bits a byte."""
    head = bytes((kind,)) if kind < 128 else bytes((kind & 127 | 128, kind >> 7))
    length, count = b"", len(data)
    while count > 127:
        length, count = length + bytes((count & 127 | 128,)), count >> 7
    return head + length + bytes((count,)) + data


def records(part: bytes) -> list[Record]:
    """The records of a part."""
    found, source = list[Record](), io.BytesIO(part)
    while head := source.read(1):
        kind = head[0] if head[0] < 128 else head[0] - 128 + 128 * source.read(1)[0]
        length = shift = 0
        while (byte := source.read(1)[0]) >= 128:
            length, shift = length + (byte - 128 << shift), shift + 7
        found.append((kind, source.read(length + (byte << shift))))
    return found


def text(written: str) -> bytes:
    """A text behind its length."""
    return struct.pack("<I", len(written.encode("utf-16-le")) // 2) + written.encode("utf-16-le")


def workbook(
    *sheets: Made, head: Sequence[Record] = (), parts: Mapping[str, bytes] | None = None
) -> bytes:
    """A workbook; `head` stands behind the list of its sheets, `parts` are further ones."""
    every = [v for s in sheets for v in s.cells.values() if isinstance(v, str)]
    texts = list(dict.fromkeys(every))
    listed = [
        (156, struct.pack("<2I", s.state, n) + text(f"rId{n}") + text(s.name))
        for n, s in enumerate(sheets, start=1)
    ]
    view = (158, struct.pack("<4i3IB", 0, 0, 9000, 9000, 600, 1, len(sheets) - 1, 0x78))
    book = [
        *[(131, b""), (153, bytes(12)), (135, b""), view, (136, b"")],
        *[(143, b""), *listed, (144, b""), *head, (132, b"")],
    ]
    sst = [(159, struct.pack("<2I", len(every), len(texts)))]
    sst += [(19, b"\0" + text(each)) for each in texts]
    parts_of_sheets = [
        (f"rId{n}", "worksheet", f"worksheets/sheet{n}.bin") for n in range(1, len(sheets) + 1)
    ]
    made = {
        "xl/workbook.bin": joined(book),
        "xl/styles.bin": styles(),
        "xl/sharedStrings.bin": joined([*sst, (160, b"")]),
        "xl/_rels/workbook.bin.rels": relations(
            *parts_of_sheets,
            ("rId100", "styles", "styles.bin"),
            ("rId101", "sharedStrings", "sharedStrings.bin"),
        ),
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.bin")),
    }
    for number, sheet in enumerate(sheets, start=1):
        made |= _parts(number, sheet, texts)
    return packed({"[Content_Types].xml": _types(made), **made, **(parts or {})})


def _parts(number: int, sheet: Made, texts: Sequence[str]) -> dict[str, bytes]:
    """The parts of a sheet: itself, where its rows are, and its comments with their boxes."""
    shown = struct.pack("<H3I2B5HI", 0x3DC, 0, 0, 0, 64, 0, 0, 100, 0, 0, 0, 0)
    rows, columns = ([place[n] for place in sheet.cells] or [0] for n in (0, 1))
    extent = struct.pack("<4I", min(rows), max(rows), min(columns), max(columns))
    drawing = [(551, text("rId3"))] if sheet.notes else []
    part = [
        *[(129, b""), (148, extent), (133, b""), (137, shown), (138, b""), (134, b"")],
        (485, struct.pack("<I4H", 0xFFFFFFFF, 8, 285, 0, 0)),
        *[(390, b""), (60, struct.pack("<4IH", 3, 3, 2304, FILLED, 0)), (391, b"")],
        *[(145, b""), *cells(sheet, texts), (146, b"")],
        *[*sheet.more, *drawing, (130, b"")],
    ]
    parts = {f"xl/worksheets/sheet{number}.bin": joined(part)}
    rels = [("rId1", "xlBinaryIndex", f"binaryIndex{number}.bin")]
    parts[f"xl/worksheets/binaryIndex{number}.bin"] = joined([(42, bytes(24)), (277, b"")])
    if sheet.notes:
        rels.append(("rId2", "comments", f"../comments{number}.bin"))
        rels.append(("rId3", "vmlDrawing", f"../drawings/vmlDrawing{number}.vml"))
        parts[f"xl/comments{number}.bin"] = _comments(sheet.notes)
        parts[f"xl/drawings/vmlDrawing{number}.vml"] = _boxes(sheet.notes)
    parts[f"xl/worksheets/_rels/sheet{number}.bin.rels"] = relations(*rels)
    return parts


def cells(sheet: Made, texts: Sequence[str]) -> Iterator[Record]:
    """The rows and cells; in front of each row stands what only newer programs understand."""
    before = (-1, -1)
    for place, value in sorted(sheet.cells.items()):
        row, column = place
        if row != before[0]:
            reach = [c for r, c in sheet.cells if r == row]
            styled = 0x40 if row % 2 else 0
            size = struct.pack("<2IH3BI", row, OF_ROW if styled else PLAIN, 285, 0, styled, 0, 1)
            yield from ((37, struct.pack("<HI", 1, 0x80000E02)), (1024, b"\5\0"), (38, b""))
            yield 0, size + struct.pack("<2I", min(reach), max(reach))
        kind, data = _value(value, texts)
        data = struct.pack("<I", column % 2) + data
        if sheet.short and before == (row, column - 1) and kind in _FOLLOWING:
            yield _FOLLOWING[kind], data
        else:
            yield kind, struct.pack("<I", column) + data
        before = place


def _value(value: Value, texts: Sequence[str]) -> Record:
    if isinstance(value, Formula):
        head = struct.pack("<dHI", value.number, 0, len(value.tokens))
        return 9, head + value.tokens + bytes(4)
    if isinstance(value, Rich):
        return 62, b"\1" + text(value.text) + struct.pack("<I2H", 1, 1, 1)
    if isinstance(value, str):
        return 7, struct.pack("<I", texts.index(value))
    return (1, b"") if value is None else (5, struct.pack("<d", value))


def styles() -> bytes:
    """Two fonts, four fills, a border, and the three styles."""
    grey, theme = bytes.fromhex(f"05ff0000{GREY}ff"), bytes.fromhex("0704ff3fffffffff")
    fills = [(0, _LETTERS), (17, _LETTERS), (1, grey), (1, theme)]
    look = struct.pack("<2H", 0x1000, 0)
    formats = [
        struct.pack("<5H2B", 0, n, 0, fill, 0, 0, 0) + look for n, fill in enumerate((0, 2, 3))
    ]
    font = struct.pack("<4H4B", 220, 0, 400, 0, 0, 2, 0, 0) + bytes(8) + b"\0" + text("Arial")
    return joined(
        [
            *[(278, b""), (611, struct.pack("<I", 2)), (43, font), (43, font), (37, bytes(6))],
            *[(1025, b""), (38, b""), (612, b""), (603, struct.pack("<I", 4))],
            *((45, struct.pack("<I", kind) + front + _PAPER + bytes(48)) for kind, front in fills),
            *[(604, b""), (613, struct.pack("<I", 1)), (46, bytes(51)), (614, b"")],
            *[(626, struct.pack("<I", 1)), (47, b"\xff\xff" + bytes(14)), (627, b"")],
            *[(617, struct.pack("<I", 3)), *((47, each) for each in formats), (618, b"")],
            (279, b""),
        ]
    )


def _comments(notes: Mapping[Place, tuple[str, str]]) -> bytes:
    authors = list(dict.fromkeys(author for author, _ in notes.values()))
    said = list[Record]()
    for (row, column), (author, words) in notes.items():
        place = struct.pack("<5I16x", authors.index(author), row, row, column, column)
        rich = b"\1" + text(words) + struct.pack("<I2H", 1, 0, 1)
        said += [(37, bytes(6)), (3072, bytes(16)), (38, b"")]  # by what number it is known
        said += [(635, place), (637, rich), (636, b"")]
    named = [(632, text(author)) for author in authors]
    head = [(628, b""), (630, b""), *named, (631, b""), (633, b"")]
    return joined([*head, *said, (634, b""), (629, b"")])


def _boxes(places: Mapping[Place, object]) -> bytes:
    """A drawing with a button and the boxes of comments."""
    box = (
        '<v:shape id="_x0000_s{}" type="#_x0000_t202" style="width:96pt;height:55pt">'
        '<x:ClientData ObjectType="{}"><x:Anchor>1, 2</x:Anchor><x:Row>{}</x:Row>'
        "<x:Column>{}</x:Column></x:ClientData></v:shape>"
    )
    boxes = [box.format(1025 + n, "Note", *place) for n, place in enumerate(places)]
    button = box.format(1024, "Button", 0, 0)
    return f'<xml xmlns:v="v" xmlns:x="x">{button}{"".join(boxes)}</xml>'.encode()


def joined(made: Sequence[Record]) -> bytes:
    """A part of some records."""
    return b"".join(record(*each) for each in made)


def relations(*of: tuple[str, str, str]) -> bytes:
    """What a part refers to: id, kind and target."""
    each = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{to}"/>' for key, kind, to in of
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'.encode()


def _types(parts: Mapping[str, bytes]) -> bytes:
    kinds = {"workbook": "sheet.binary.macroEnabled.main", "sheet": "worksheet"}
    overrides = ""
    for name in parts:
        if name.endswith(".bin"):
            stem = re.sub(r"\d*\.bin$", "", name.rpartition("/")[2])
            kind = f"application/vnd.ms-excel.{kinds.get(stem, stem)}"
            overrides += f'<Override PartName="/{name}" ContentType="{kind}"/>'
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    defaults = f'<Default Extension="rels" ContentType="{relations}"/>'
    return f'<Types xmlns="{PACKAGE}/content-types">{defaults}{overrides}</Types>'.encode()


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A package of some parts."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a package."""
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
