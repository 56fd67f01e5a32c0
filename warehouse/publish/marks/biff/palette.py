"""The colours of a workbook: 56 of them, of which the marks take some that nobody uses."""

from collections.abc import Iterator, Sequence
from struct import pack, unpack_from

from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.records import Stream

_FIRST = 8
_HEX = bytes.fromhex(
    "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF "
    "800000 008000 000080 808000 800080 008080 C0C0C0 808080 "
    "9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF "
    "000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF "
    "00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 "
    "3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 "
    "003366 339966 003300 333300 993300 993366 333399 333333"
)
_USUAL = tuple(_HEX[at : at + 3] for at in range(0, len(_HEX), 3))
_SPARE = range(0x27, 0x1F, -1)
"""Colours that are there twice: charts draw their lines with them, the last ones hardly ever."""
_BEFORE = (
    *(kinds.STYLE, kinds.STYLE_SUM, kinds.STYLE_MORE, kinds.DIFFERENCE, kinds.NAMED_STYLE),
    *(kinds.NAMED_STYLE_MORE, kinds.TABLE_STYLES, kinds.TABLE_STYLE),
    kinds.TABLE_STYLE_PART,
)
_IN_CHARTS = {
    kinds.LINE_FORMAT: (10,),
    kinds.AREA_FORMAT: (12, 14),
    kinds.MARKER_FORMAT: (12, 14),
}
"""Where records of charts have the number of a colour."""


class Palette:
    """The colours of a workbook, by the numbers that styles and fonts have for them."""

    def __init__(self, stream: Stream, fonts: Sequence[bytes], styles: Sequence[bytes]) -> None:
        self._stream = stream
        stated = [data for kind, data in stream.head if kind == kinds.PALETTE]
        self._colours = list(_colours(stated[-1])) if stated else list(_USUAL)
        self._colours += _USUAL[len(self._colours) :]
        self._kept = tuple(self._colours)
        self._fonts, self._styles = tuple(fonts), tuple(styles)
        self._free: list[int] | None = None

    def rgb(self, number: int) -> str | None:
        """A colour as six hexadecimal digits; None for one that the system chooses."""
        number -= _FIRST if number >= _FIRST else 0
        return self._colours[number].hex() if number < len(self._colours) else None

    def own(self, colour: str) -> int:
        """The number of a colour, which takes the place of one that is not used.

        Where all are used, the number of the nearest one.
        """
        rgb = _bytes(colour)
        if rgb in self._colours:
            return self._colours.index(rgb) + _FIRST
        if self._free is None:
            used = set(self._used())
            self._free = [n for n in _SPARE if n not in used]
        spare = next((n for n in self._free if self._is_usual(n)), None)
        if spare is None:
            return self.nearest(colour)
        self._colours[spare - _FIRST] = rgb
        return spare

    def nearest(self, colour: str) -> int:
        """The number of the colour that looks most like another."""
        red, green, blue = _bytes(colour)

        def distance(number: int) -> int:
            r, g, b = self._colours[number]
            return 3 * (r - red) ** 2 + 6 * (g - green) ** 2 + (b - blue) ** 2

        return min(range(len(self._colours)), key=distance) + _FIRST

    def finish(self) -> None:
        """Put the colours into the stream, if they have become others."""
        if tuple(self._colours) == self._kept:
            return
        head = self._stream.head
        head[:] = [record for record in head if record[0] != kinds.PALETTE]
        data = pack("<H", len(self._colours))
        data += b"".join(rgb + b"\0" for rgb in self._colours)
        head.insert(self._stream.last(*_BEFORE), (kinds.PALETTE, data))

    def _is_usual(self, number: int) -> bool:
        return self._colours[number - _FIRST] == _USUAL[number - _FIRST]

    def _used(self) -> Iterator[int]:
        """The numbers of the colours that cells, letters and charts have."""
        for font in self._fonts:
            yield unpack_from("<H", font, 4)[0]
        for style in self._styles:
            sides, more, fill = unpack_from("<IIH", style, 10)
            yield from (sides >> 16 & 0x7F, sides >> 23 & 0x7F)
            yield from (more & 0x7F, more >> 7 & 0x7F, more >> 14 & 0x7F)
            yield from (fill & 0x7F, fill >> 7 & 0x7F)
        for sheet in self._stream.sheets:
            for kind, data in sheet.records:
                for at in _IN_CHARTS.get(kind, ()):
                    if at + 2 <= len(data):
                        yield unpack_from("<H", data, at)[0]


def _bytes(colour: str) -> bytes:
    return bytes.fromhex(colour.removeprefix("#"))


def _colours(data: bytes) -> Iterator[bytes]:
    """The colours that a workbook states."""
    for at in range(2, min(len(data), 2 + 4 * len(_USUAL)) - 3, 4):
        yield data[at : at + 3]
