"""The styles of cells of a workbook: each with another fill, and new ones for the review."""

from collections.abc import Sequence
from functools import cached_property
from struct import pack, pack_into, unpack_from

from schemas.findings import Severity
from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.palette import Palette
from warehouse.publish.marks.biff.records import Record, Stream
from warehouse.publish.marks.marking import CannotMark, is_own_colour
from warehouse.publish.sheets import LINE, SEVERITY_FILLS

MOST_STYLES = 4050
PLAIN = 15
"""The style of cells that have none of their own."""
_SIZE = 20
_LOCKED, _PROTECTION, _NAMED = 0x1, 0x3, 0x4
_ALL_ITS_OWN = b"\xfc"  # what else it would have from its parent
_USES_FILL = 0x40
_MISSING_FONT = 4  # fonts are counted as if there were one of this number
_SOLID, _FIRST, _AUTOMATIC_FRONT, _AUTOMATIC_BACK = 1, 26, 0x40, 0x41
_HAS_MORE = 1 << 25
_OF_FILLS = (4, 5, 6)  # what a style has more, since Excel 2007: colours and gradient of its fill
_ALL_SIDES = 0x1111
_IN_THE_MIDDLE, _CENTRE, _LEFT = 0x18, 2, 0x10001  # with its words wrapped; indented


class Styles:
    """The fonts, styles and colours of a workbook, to which others are added."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._fonts = [data for kind, data in stream.head if kind == kinds.FONT]
        self._styles = [data for kind, data in stream.head if kind == kinds.STYLE]
        if len(self._styles) <= PLAIN or any(len(data) != _SIZE for data in self._styles):
            raise CannotMark("its styles are not what they have to be")
        self._more = dict(_more(stream.head))
        self._kept = len(self._fonts), len(self._styles)
        self._numbers = {self._key(n): n for n in reversed(range(len(self._styles)))}
        self._made: dict[tuple[int, Severity | None], int] = {}
        self._sum = _sum_of(self._styles)
        self.palette = Palette(stream, self._fonts, self._styles)

    def _key(self, number: int) -> tuple[bytes, bytes]:
        return self._styles[number], self._more.get(number, b"")

    @cached_property
    def own(self) -> frozenset[int]:
        """The styles whose fill is one that cells are marked with."""
        return frozenset(n for n in range(self._kept[1]) if self._is_own(self._styles[n]))

    def _is_own(self, style: bytes) -> bool:
        pattern, (colours,) = style[17] >> 2, unpack_from("<H", style, 18)
        rgb = self.palette.rgb(colours & 0x7F)
        return pattern == _SOLID and rgb is not None and is_own_colour(rgb)

    def marked(self, number: int, severity: Severity | None) -> int:
        """A style with the fill of a severity, or where there is none without that of a mark."""
        if number >= self._kept[1]:
            raise CannotMark("a cell has a style that is not there")
        if severity is None and number not in self.own:
            return number
        if (number, severity) not in self._made:
            front = None if severity is None else self.palette.own(SEVERITY_FILLS[severity])
            more = _without_fill(self._more.get(number, b""))
            style = _filled(_of_cells(self._styles[number]), front, has_more=bool(more))
            self._made[number, severity] = self._added(style, more)
        return self._made[number, severity]

    def _added(self, style: bytes, more: bytes = b"") -> int:
        key = (style, more)
        if key not in self._numbers:
            number = self._numbers[key] = len(self._styles)
            if number >= MOST_STYLES:
                raise CannotMark("it has as many styles as a workbook can hold")
            self._styles.append(style)
            if more:
                self._more[number] = more
        return self._numbers[key]

    def font(
        self, name: str, points: float, *, bold: bool = False, link: bool = False, colour: str
    ) -> int:
        """The number of a font; `link` underlines it."""
        weight, under, charset = 700 if bold else 400, int(link), 0 if name.isascii() else 134
        size, icv = int(points * 20), self.palette.nearest(colour)
        font = pack("<5H4B", size, 0, icv, weight, 0, under, 0, charset, 0)
        font += pack("<2B", len(name), 1) + name.encode("utf-16-le")
        if font not in self._fonts:
            self._fonts.append(font)
        number = self._fonts.index(font)
        return number + (number >= _MISSING_FONT)

    def head(self, font: int) -> int:
        """The number of the style of a row above the headings of the review."""
        return self._added(_filled(bytes(_style(font, 0)), None))

    def boxed(self, font: int, *, centred: bool = True, fill: str = "") -> int:
        """The number of the style of a cell with lines around it; `fill` is a colour."""
        style = _style(font, _IN_THE_MIDDLE | (_CENTRE if centred else _LEFT))
        front = self.palette.own(fill) if fill else None
        side = self.palette.nearest(LINE)
        pack_into("<HHI", style, 10, _ALL_SIDES, side | side << 7, side | side << 7)
        return self._added(_filled(bytes(style), front))

    def finish(self) -> None:
        """Put what was added into the stream."""
        fonts, styles = self._kept
        stream, head = self._stream, self._stream.head
        self.palette.finish()
        more = [(kinds.STYLE_MORE, _written(n, m)) for n, m in self._more.items() if n >= styles]
        at = stream.last(kinds.STYLE_MORE)
        head[at:at] = more
        at = stream.last(kinds.STYLE)
        head[at:at] = [(kinds.STYLE, style) for style in self._styles[styles:]]
        at = stream.last(kinds.FONT)
        head[at:at] = [(kinds.FONT, font) for font in self._fonts[fonts:]]
        for number, (kind, data) in enumerate(head):
            if kind == kinds.STYLE_SUM and data[16:20] == pack("<I", self._sum):
                count, total = len(self._styles), _sum_of(self._styles)
                head[number] = (kind, data[:14] + pack("<HI", count, total) + data[20:])


def _of_cells(style: bytes) -> bytes:
    """A style of cells like another, which may be a named one, as some programs give to cells."""
    (kind,) = unpack_from("<H", style, 4)
    if not kind & _NAMED:
        return style
    return style[:4] + pack("<H", kind & _PROTECTION) + style[6:9] + _ALL_ITS_OWN + style[10:]


def _style(font: int, align: int) -> bytearray:
    """A style of its own; `align` as two of its bytes and how far it is indented."""
    style = bytearray(pack("<3HI", font, 0, _LOCKED, align) + bytes(10))
    style[9:10] = _ALL_ITS_OWN
    return style


def _filled(style: bytes, front: int | None, *, has_more: bool = False) -> bytes:
    """A style with a solid fill of a colour of the palette, or with none."""
    filled = bytearray(style)
    (edges,) = unpack_from("<I", style, 14)
    edges &= (1 << _FIRST) - 1 & ~_HAS_MORE
    edges |= _HAS_MORE if has_more else 0
    if front is None:
        colours = _AUTOMATIC_FRONT | _AUTOMATIC_BACK << 7
    else:
        edges |= _SOLID << _FIRST
        colours = front | _AUTOMATIC_FRONT << 7
    (rest,) = unpack_from("<H", style, 18)
    pack_into("<IH", filled, 14, edges, colours | rest & 0xC000)
    filled[9] |= _USES_FILL
    return bytes(filled)


def _more(head: Sequence[Record]) -> list[tuple[int, bytes]]:
    """What styles have more since Excel 2007, by their numbers: properties, one after the other."""
    found = []
    for kind, data in head:
        if kind == kinds.STYLE_MORE and len(data) >= 20:
            found.append((unpack_from("<H", data, 14)[0], data[20:]))
    return found


def _without_fill(more: bytes) -> bytes:
    """Properties without those of a fill."""
    kept, at = b"", 0
    while at + 4 <= len(more):
        kind, length = unpack_from("<2H", more, at)
        if length < 4:
            raise CannotMark("what a style has more is not what it has to be")
        if kind not in _OF_FILLS:
            kept += more[at : at + length]
        at += length
    return kept


def _written(number: int, more: bytes) -> bytes:
    count = at = 0
    while at < len(more):
        count, at = count + 1, at + unpack_from("<H", more, at + 2)[0]
    return pack("<H12xHHH", kinds.STYLE_MORE, number, 0, count) + more


def _sum_of(styles: Sequence[bytes]) -> int:
    """The check sum over all styles by which Excel tells whether another program changed them."""
    total = 0
    for byte in b"".join(styles):
        total = (total << 8 & 0xFFFFFFFF) ^ _SUMS[total >> 24 ^ byte]
    return total


def _sum_of_byte(byte: int) -> int:
    total = byte << 24
    for _ in range(8):
        total = (total << 1) ^ (0xAF if total & 0x80000000 else 0)
    return total & 0xFFFF


_SUMS = [_sum_of_byte(byte) for byte in range(256)]
