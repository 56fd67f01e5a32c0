"""The records that the binary parts of an .xlsb are made of, and the texts in them."""

from collections.abc import Iterable, Iterator
from struct import pack, unpack_from

Span = tuple[int, int, int, int]
"""A record of a part: its kind, and where in the part it begins, its data begins, and it ends."""

FOLLOWING = {12: 1, 13: 2, 14: 3, 15: 4, 16: 5, 17: 6, 18: 7}
"""Cells in the column behind the one before, which they do not state, as cells that state it."""

_SEVEN, _MORE, _LONGEST = 0x7F, 0x80, 28
_ROW, _PLACED = 0, frozenset((*range(1, 12), 62))


def spans(part: bytes) -> Iterator[Span]:
    """The records of a part; the last may end behind it.

    Kind and length are numbers of seven bits a byte. Raises IndexError where one is cut off.
    """
    at = 0
    while at < len(part):
        start, kind = at, part[at]
        if kind & _MORE:
            kind, at = (kind & _SEVEN) | (part[at + 1] & _SEVEN) << 7, at + 1
        length = shift = 0
        while True:
            at += 1
            length |= (part[at] & _SEVEN) << shift
            shift += 7
            if not part[at] & _MORE or shift >= _LONGEST:
                break
        at += 1
        yield kind, start, at, at + length
        at += length


def records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a part: kind and data."""
    for kind, _, begin, end in spans(part):
        yield kind, part[begin:end]


def string_at(data: bytes, at: int) -> tuple[str, int]:
    """A counted string of UTF-16 and where it ends; "" for one that is not there."""
    count = unpack_from("<i", data, at)[0]
    end = at + 4 + 2 * max(int(count), 0)
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def joined(listed: Iterable[tuple[int, bytes]]) -> bytes:
    """Records, of kind and data, put together."""
    return b"".join(_number(kind) + _number(len(data)) + data for kind, data in listed)


def with_columns(sheet: bytes) -> bytes:
    """The part of a sheet in which every cell states its column; mostly the part as it is.

    Some programs leave it out of the cells of a row that follow each other, and few read that.
    """
    if not any(kind in FOLLOWING for kind, *_ in spans(sheet)):
        return sheet
    return joined(_with_columns(sheet))


def _with_columns(sheet: bytes) -> Iterator[tuple[int, bytes]]:
    column = -1
    for kind, data in records(sheet):
        if kind == _ROW:
            column = -1
        elif kind in _PLACED and len(data) >= 4:
            (column,) = unpack_from("<I", data)
        elif kind in FOLLOWING:
            column += 1
            yield FOLLOWING[kind], pack("<I", column) + data
            continue
        yield kind, data


def _number(value: int) -> bytes:
    """A number, of which each byte but the last says that there are more."""
    done = bytearray()
    while value > _SEVEN:
        done.append(value & _SEVEN | _MORE)
        value >>= 7
    return bytes((*done, value))
