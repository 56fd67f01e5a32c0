"""The records that the binary parts of an .xlsb are made of, and the texts in them."""

from collections.abc import Iterable, Iterator
from struct import unpack_from

Span = tuple[int, int, int, int]
"""A record of a part: its kind, and where in the part it begins, its data begins, and it ends."""

_SEVEN, _MORE, _LONGEST = 0x7F, 0x80, 28


def spans(part: bytes) -> Iterator[Span]:
    """The records of a part; the last may end behind it.

    Kind and length are numbers of seven bits a byte. Raises IndexError where one is cut off.
    """
    at = 0
    while at < len(part):
        start, kind = at, part[at]
        if kind & _MORE:
            at += 1
            kind = (kind & _SEVEN) | (part[at] & _SEVEN) << 7
        length, at = part[at + 1], at + 2
        if length & _MORE:  # as of few records: a sheet has millions
            length, at = _long(part, at - 1)
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


def _long(part: bytes, at: int) -> tuple[int, int]:
    """A number of several bytes and where it ends."""
    number = shift = 0
    while True:
        number |= (part[at] & _SEVEN) << shift
        at, shift = at + 1, shift + 7
        if not part[at - 1] & _MORE or shift >= _LONGEST:
            return number, at


def _number(value: int) -> bytes:
    """A number, of which each byte but the last says that there are more."""
    done = bytearray()
    while value > _SEVEN:
        done.append(value & _SEVEN | _MORE)
        value >>= 7
    return bytes((*done, value))
