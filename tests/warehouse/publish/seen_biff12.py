"""What stands in workbooks of records (.xlsb): colours, comments, names, sheets."""

import posixpath
import re
import struct
from collections.abc import Iterator, Mapping

from schemas.grid import Place
from tests.warehouse.publish.given_biff12 import Record, joined, packed, parts_of, records, text

CELLS = (*range(1, 12), 62)
SHORT = range(12, 19)


def text_at(data: bytes, at: int) -> tuple[str, int]:
    """A text and where it ends."""
    end = at + 4 + 2 * struct.unpack_from("<I", data, at)[0]
    return data[at + 4 : end].decode("utf-16-le"), end


def related(parts: Mapping[str, bytes], source: str) -> dict[str, tuple[str, str]]:
    """What a part refers to, by id: kind and part."""
    folder, name = posixpath.split(source)
    rels = parts.get(f"{folder}/_rels/{name}.rels", b"").decode()
    found = {}
    for tag in re.findall(r"<Relationship [^>]*>", rels):
        told = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        to = posixpath.normpath(posixpath.join(folder, told["Target"]))
        found[told["Id"]] = (posixpath.basename(told["Type"]), to)
    return found


def listed(content: bytes) -> list[tuple[str, str, int]]:
    """The sheets: name, part, and whether they are hidden (1) or very much so (2)."""
    parts = parts_of(content)
    to = related(parts, "xl/workbook.bin")
    found = []
    for kind, data in records(parts["xl/workbook.bin"]):
        if kind == 156:
            key, end = text_at(data, 8)
            found.append((text_at(data, end)[0], to[key][1], struct.unpack_from("<I", data)[0]))
    return found


def part(content: bytes, name: str) -> bytes:
    """The part of a sheet."""
    return parts_of(content)[{n: p for n, p, _ in listed(content)}[name]]


def placed(content: bytes, name: str) -> Iterator[tuple[Place, int, Record]]:
    """The cells of a sheet: place, style and record."""
    row = column = -1
    for kind, data in records(part(content, name)):
        if kind == 146:
            return
        if kind == 0 and data:
            row, column = struct.unpack_from("<I", data)[0], -1
        elif kind in CELLS:
            column, style = struct.unpack_from("<2I", data)
            yield (row, column), style & 0xFFFFFF, (kind, data)
        elif kind in SHORT:
            column += 1
            yield (row, column), struct.unpack_from("<I", data)[0] & 0xFFFFFF, (kind, data)


def section(content: bytes, kind: int) -> list[bytes]:
    """What the styles have of fonts (43), fills (45), or formats of cells (47)."""
    begin = {43: 611, 45: 603, 46: 613, 47: 617}[kind]
    every = records(parts_of(content)["xl/styles.bin"])
    of = [each for each, _ in every]
    start = of.index(begin)
    within = every[start : of.index(begin + 1, start)]
    found = [data for each, data in within if each == kind]
    assert struct.unpack("<I", within[0][1]) == (len(found),)
    return found


def fills(content: bytes, name: str) -> dict[Place, str]:
    """The fills of cells: red, green and blue, or the number of a colour of the theme."""
    formats, every = section(content, 47), section(content, 45)
    found = {}
    for place, style, _ in placed(content, name):
        fill = every[struct.unpack_from("<H", formats[style], 6)[0]]
        pattern, kind, number = struct.unpack_from("<I2B", fill)
        if pattern == 1:
            found[place] = fill[8:11].hex().upper() if kind >> 1 == 2 else str(number)
    return found


def notes(content: bytes, name: str) -> dict[Place, tuple[str, str]]:
    """The authors and texts of the comments on a sheet."""
    found, authors, at = dict[Place, tuple[str, str]](), list[str](), ((0, 0), 0)
    for kind, data in records(of_sheet(content, name, "comments")):
        if kind == 632:
            authors.append(text_at(data, 0)[0])
        elif kind == 635:
            author, row, _, column, _ = struct.unpack_from("<5I", data)
            at = ((row, column), author)
        elif kind == 637:
            found[at[0]] = (authors[at[1]], text_at(data, 1)[0])
    return found


def of_sheet(content: bytes, name: str, kind: str) -> bytes:
    """What a sheet refers to of a kind, b"" where it does not."""
    parts = parts_of(content)
    of = {n: p for n, p, _ in listed(content)}[name]
    return next((parts[to] for key, to in related(parts, of).values() if key == kind), b"")


def boxes(content: bytes, name: str) -> list[Place]:
    """The cells whose comments have a box, in their order."""
    drawing = of_sheet(content, name, "vmlDrawing").decode()
    found = re.findall(r'"Note".*?<x:Row>(\d+)</x:Row><x:Column>(\d+)<', drawing)
    return [(int(row), int(column)) for row, column in found]


def names(content: bytes) -> list[tuple[str, int, bytes]]:
    """The names: what they are, the number of their sheet (-1 where of all), and their formula."""
    found = []
    for kind, data in records(parts_of(content)["xl/workbook.bin"]):
        if kind == 39:
            name, end = text_at(data, 9)
            (length,) = struct.unpack_from("<I", data, end)
            sheet = struct.unpack_from("<i", data, 5)[0]
            found.append((name, sheet, data[end + 4 : end + 4 + length]))
    return found


def looked_into(content: bytes) -> list[str]:
    """The sheets that formulas look into, in the order they number them: names of this workbook.

    Of another workbook the numbers of both; a number below 0 where the sheet was deleted.
    """
    sheets = [name for name, _, _ in listed(content)]
    book = records(parts_of(content)["xl/workbook.bin"])
    own = [kind for kind, _ in book if kind in (355, 357, 358, 667)].index(357)
    (data,) = (d for kind, d in book if kind == 362)
    places = [struct.unpack_from("<I2i", data, at) for at in range(4, len(data), 12)]
    assert struct.unpack_from("<I", data) == (len(places),)
    return [
        f"[{of}] {first}" if of != own else sheets[first] if first >= 0 else str(first)
        for of, first, _ in places
    ]


def with_text(content: bytes, name: str, place: Place, written: str) -> bytes:
    """A workbook in which somebody has written into a cell that was blank."""
    parts = parts_of(content)
    of = {n: p for n, p, _ in listed(content)}[name]
    row, done = -1, list[Record]()
    for kind, data in records(parts[of]):
        if kind == 0:
            (row,) = struct.unpack_from("<I", data)
        if kind == 1 and (row, struct.unpack_from("<I", data)[0]) == place:
            kind, data = 6, data + text(written)
        done.append((kind, data))
    return packed({**parts, of: joined(done)})
