"""Workbooks and archives in formats that nothing here can write, made byte by byte."""

import struct
import zlib
from collections.abc import Mapping, Sequence

from schemas.formats.ole import MAGIC

_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE


def biff5(
    name: str,
    rows: Sequence[Sequence[str | float]],
    notes: Mapping[tuple[int, int], str] | None = None,
) -> bytes:
    """A workbook of Excel 5 as Chinese Windows wrote it: its texts are in GBK, code page 936."""
    bof = "<HHHH"
    body = _record(0x809, struct.pack(bof, 0x500, 0x10, 0, 0))
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(value, float):
                body += _record(0x203, place + struct.pack("<d", value))
            elif value:
                text = value.encode("gbk")
                body += _record(0x204, place + struct.pack("<H", len(text)) + text)
    body += _record(0x205, struct.pack("<HHHBB", len(rows), 0, 0, 0x07, 1))  # #DIV/0!
    for (row, column), note in (notes or {}).items():
        text = note.encode("gbk")
        body += _record(0x1C, struct.pack("<HHH", row, column, len(text)) + text)
    body += _record(0x0A, b"")
    head = _record(0x809, struct.pack(bof, 0x500, 0x05, 0, 0))
    head += _record(0x42, struct.pack("<H", 936))
    title = name.encode("gbk")
    sheet = struct.pack("<IHB", 0, 0, len(title)) + title
    start = len(head) + 4 + len(sheet) + 4
    head += _record(0x85, struct.pack("<I", start) + sheet[4:]) + _record(0x0A, b"")
    return compound("Book", head + body)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def compound(name: str, data: bytes) -> bytes:
    """A compound file with one stream, which is made large enough not to be a mini stream."""
    data = data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0")
    sectors = len(data) // 512
    chain = [*range(3, 2 + sectors), _END]
    fat = [0xFFFFFFFD, _END, *chain]
    directory = _entry("Root Entry", 5, _END, 0) + _entry(name, 2, 2, len(data))
    numbers = (62, 3, 0xFFFE, 9, 6, 1, 1, 4096, _END, 0, _END, 0)
    header = struct.pack("<8s16xHHHHH6x4xII4xIIIII", MAGIC, *numbers)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    table = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))
    return header + table + directory.ljust(512, b"\0") + data


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    words = name.encode("utf-16-le")
    head = words.ljust(64, b"\0") + struct.pack("<HBB", len(words) + 2, kind, 1)
    child = 1 if kind == 5 else _FREE
    head += struct.pack("<III", _FREE, _FREE, child)
    return head.ljust(116, b"\0") + struct.pack("<IQ", start, size)


def flat_document(tables: str) -> bytes:
    """A .fods of tables in XML: o is office, t table, x text, d drawing."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    names = {"o": "office", "t": "table", "x": "text", "d": "drawing"}
    spaces = " ".join(f'xmlns:{short}="{urn}:{name}:1.0"' for short, name in names.items())
    whole = f"<o:document {spaces}><o:body><o:spreadsheet>{tables}</o:spreadsheet></o:body>"
    return f'<?xml version="1.0"?>{whole}</o:document>'.encode()


def rar(name: str, content: bytes) -> bytes:
    """A RAR 5 archive of one file that is stored as it is."""
    return (
        b"Rar!\x1a\x07\x01\x00"
        + _block(bytes((1, 0, 0)))
        + _block(_file_header(name.encode(), content))
        + content
        + _block(bytes((5, 0, 0)))
    )


def _file_header(name: bytes, content: bytes) -> bytes:
    kind, has_data, has_crc = 2, 2, 4
    return b"".join(
        (
            _varint(kind),
            _varint(has_data),
            _varint(len(content)),
            _varint(has_crc),
            _varint(len(content)),
            _varint(0o100644),
            struct.pack("<I", zlib.crc32(content)),
            _varint(0),  # stored
            _varint(1),  # by Unix
            _varint(len(name)),
            name,
        )
    )


def _block(header: bytes) -> bytes:
    counted = _varint(len(header)) + header
    return struct.pack("<I", zlib.crc32(counted)) + counted


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))
