"""The records that the stream of an .xls or .et is made of, and the texts in them."""

from collections.abc import Iterator
from struct import unpack_from

BOF, EOF = 0x809, 0x0A


def records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """The records of a substream up to its end: kind, where its data starts, and their length.

    Those of the charts that lie on a sheet are left out; what follows them is of the sheet.
    """
    depth = 0
    while start + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, start)
        if kind == BOF:
            depth += 1
        if depth < 2:
            yield kind, start + 4, length
        if kind == EOF:
            depth -= 1
            if depth <= 0:
                return
        start += 4 + length


def text_at(raw: bytes, size: int, encoding: str | None) -> str:
    """A text behind its count of so many bytes: in an encoding, or without one in Unicode."""
    count = int.from_bytes(raw[:size], "little")
    if encoding is not None:
        return raw[size : size + count].decode(encoding, "replace")
    wide = raw[size] & 1
    characters = raw[size + 1 : size + 1 + count * (1 + wide)]
    return characters.decode("utf-16-le" if wide else "latin-1", "replace")
