"""How cells look: formats are added for those that are coloured, none that is there is changed."""

from struct import pack, unpack_from

from schemas.findings import Severity
from schemas.formats.biff12_records import joined
from warehouse.publish.marks.biff12 import kinds
from warehouse.publish.marks.biff12.records import Record, records_of, text
from warehouse.publish.marks.marking import CannotMark, is_own_colour
from warehouse.publish.sheets import LINE, SEVERITY_FILLS

_SECTIONS = {
    kinds.FONT: (kinds.FONTS, kinds.FONTS_END),
    kinds.FILL: (kinds.FILLS, kinds.FILLS_END),
    kinds.BORDER: (kinds.BORDERS, kinds.BORDERS_END),
    kinds.STYLE: (kinds.STYLES, kinds.STYLES_END),
}
_MOST = 64_000  # formats of a workbook, by Excel's specifications
_SOLID, _INDEXED, _RGB = 1, 1, 2
_FRONT, _BACK = slice(4, 12), slice(12, 20)  # of a fill: its colours
_FILL_OF_STYLE = 6  # where its number stands
_USES_FILL, _OWN_LOOKS = 0x10, 0x1E  # font, alignment, border and fill
_LEFT, _CENTRE, _MIDDLE, _WRAPPED, _LOCKED = 1, 2, 0x08, 0x40, 0x1000
_SYSTEM = 64  # from here on, colours that the system chooses
_LETTERS, _PAPER = bytes.fromhex("03400000000000ff"), bytes.fromhex("03410000ffffffff")
_NO_COLOUR = bytes(8)
_NO_GRADIENT = bytes(48)
_THIN = 1
_TWIPS = 20


class Styles:
    """The formats of a workbook, each known by its number.

    Cells that were coloured on an earlier night have their own fill again.
    """

    def __init__(self, part: bytes) -> None:
        self._records = records_of(part)
        self._had = {kind: self._listed(kind) for kind in _SECTIONS}
        for at in self._had[kinds.FILL]:
            self._records[at] = (kinds.FILL, _cleaned(self._records[at][1]))
        self._all = {kind: [self._records[at][1] for at in had] for kind, had in self._had.items()}
        self._numbers = {
            kind: {data: number for number, data in reversed(list(enumerate(every)))}
            for kind, every in self._all.items()
        }
        self._coloured: dict[tuple[int, Severity], int] = {}

    def _listed(self, kind: int) -> list[int]:
        """Where the records of a section are."""
        first, last = _SECTIONS[kind]
        of = [record[0] for record in self._records]
        if first not in of or last not in of:
            raise CannotMark("its styles lack what they have to have")
        found = [at for at in range(of.index(first), of.index(last)) if of[at] == kind]
        if not found:
            raise CannotMark("its styles lack what they have to have")
        return found

    def coloured(self, number: int, severity: Severity) -> int:
        """A format like another, but with the colour of a severity."""
        if (number, severity) not in self._coloured:
            if number >= len(self._had[kinds.STYLE]):
                raise CannotMark(f"there is no format {number}")
            like = bytearray(self._all[kinds.STYLE][number])
            (fill,) = unpack_from("<H", like, _FILL_OF_STYLE)
            like[_FILL_OF_STYLE : _FILL_OF_STYLE + 2] = pack("<H", self._fill_over(severity, fill))
            like[14] |= _USES_FILL
            self._coloured[number, severity] = self._number(kinds.STYLE, bytes(like))
        return self._coloured[number, severity]

    def font(
        self, name: str, points: float, *, bold: bool = False, link: bool = False, colour: str
    ) -> int:
        """The number of a font; `link` underlines it."""
        weight, charset = 700 if bold else 400, 0 if name.isascii() else 134
        looks = pack("<4H4B", round(points * _TWIPS), 0, weight, 0, int(link), 0, charset, 0)
        return self._number(kinds.FONT, looks + _colour(colour) + b"\0" + text(name))

    def head(self, font: int) -> int:
        """The number of the format of a row above the headings of the review."""
        return self._format(font, _MIDDLE)

    def boxed(self, font: int, *, centred: bool = True, fill: str = "") -> int:
        """The number of the format of a cell with lines around it; `fill` is a colour."""
        filled = self._number(kinds.FILL, _fill(fill, _PAPER)) if fill else 0
        edged = self._number(kinds.BORDER, _border(LINE))
        across, indent = (_CENTRE, 0) if centred else (_LEFT, 1)
        return self._format(font, _WRAPPED | _MIDDLE | across, indent, filled, edged)

    def _format(self, font: int, align: int, indent: int = 0, fill: int = 0, edge: int = 0) -> int:
        """The number of a format; `align` as two of its bytes, `fill` and `edge` by number."""
        numbers = pack("<5H2B", 0, 0, font, fill, edge, 0, indent)
        return self._number(kinds.STYLE, numbers + pack("<2H", align | _LOCKED, _OWN_LOOKS))

    def part(self) -> bytes:
        """The part with what was added."""
        more: dict[int, list[Record]] = {}
        counts: dict[int, int] = {}
        for kind, had in self._had.items():
            every = self._all[kind]
            more[had[-1]] = [(kind, data) for data in every[len(had) :]]
            counts[_SECTIONS[kind][0]] = len(every)
        records = list[Record]()
        for at, (kind, data) in enumerate(self._records):
            records.append((kind, pack("<I", counts[kind]) if kind in counts else data))
            records += more.get(at, ())
        return joined(records)

    def _fill_over(self, severity: Severity, number: int) -> int:
        """A fill with a colour, which remembers the one that it takes the place of.

        That is kept as the colour behind the pattern, which a whole one leaves nothing to be seen
        of: programs keep it, and when the copy comes back the cell gets it again.
        """
        fills = self._all[kinds.FILL]
        behind = _PAPER
        if number < len(fills) and unpack_from("<I", fills[number])[0] == _SOLID:
            behind = fills[number][_FRONT]
        return self._number(kinds.FILL, _fill(SEVERITY_FILLS[severity], behind))

    def _number(self, kind: int, data: bytes) -> int:
        """The number of a record in its section, where it is added if none is like it."""
        numbers, every = self._numbers[kind], self._all[kind]
        if data not in numbers:
            numbers[data] = len(every)
            every.append(data)
            if len(every) > _MOST:
                raise CannotMark("it has too many formats")
        return numbers[data]


def _cleaned(fill: bytes) -> bytes:
    """A fill as it was before it was one of ours: that which it remembers, or none."""
    front, behind = fill[_FRONT], fill[_BACK]
    own = front[0] >> 1 == _RGB and is_own_colour(front[4:7].hex())
    if unpack_from("<I", fill)[0] != _SOLID or not own:
        return fill
    kind, number = behind[0] >> 1, behind[1]
    if not kind or (kind == _INDEXED and number >= _SYSTEM):
        return pack("<I", 0) + _LETTERS + _PAPER + _NO_GRADIENT
    return fill[:4] + behind + _PAPER + fill[20:]


def _fill(colour: str, behind: bytes) -> bytes:
    return pack("<I", _SOLID) + _colour(colour) + behind + _NO_GRADIENT


def _border(colour: str) -> bytes:
    side = pack("<2B", _THIN, 0) + _colour(colour)
    return b"\0" + side * 4 + bytes(2) + _NO_COLOUR


def _colour(colour: str) -> bytes:
    """A colour given by red, green and blue."""
    return pack("<2BH", 5, 0xFF, 0) + bytes.fromhex(colour.removeprefix("#")) + b"\xff"
