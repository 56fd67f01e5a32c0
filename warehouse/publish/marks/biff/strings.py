"""The texts of cells, which a workbook of Excel 97 to 2003 has in one list for all its sheets."""

from collections.abc import Iterator, Sequence
from struct import error, pack, unpack_from

from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.records import LONGEST, Record, Stream
from warehouse.publish.marks.marking import CannotMark

_WIDE, _PHONETIC, _RICH = 1, 4, 8
_HEAD = 3  # bytes before a text: how many characters, and options


class Texts:
    """The list of texts, to which others are added."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._uses = self._count = 0
        self._numbers: dict[str, int] = {}
        self._added: list[str] = []
        start, end = self._place()
        parts = [data for _, data in stream.head[start:end]]
        try:
            if parts:
                self._uses, self._count = unpack_from("<2I", parts[0])
                for number, text in enumerate(_texts(parts, self._count)):
                    if text is not None:
                        self._numbers.setdefault(text, number)
        except (error, IndexError) as damage:
            raise CannotMark("its list of texts is damaged") from damage

    def _place(self) -> tuple[int, int]:
        """Where in the stream the list begins and ends; before its end, where there is none."""
        head = self._stream.head
        end = self._stream.last(kinds.SST)
        if not end:
            return len(head) - 1, len(head) - 1
        start = end - 1
        while head[end][0] == kinds.CONTINUE:
            end += 1
        return start, end

    def used(self, text: str) -> int:
        """The number of a text, for one more cell that has it."""
        self._uses += 1
        if text not in self._numbers:
            self._numbers[text] = self._count + len(self._added)
            self._added.append(text)
        return self._numbers[text]

    def dropped(self, cells: int) -> None:
        """So many cells that had texts are no more."""
        self._uses = max(0, self._uses - cells)

    def finish(self) -> None:
        """Put what was added into the stream, behind what was there."""
        start, end = self._place()
        first, *others = self._stream.head[start:end] or [(kinds.SST, bytes(8))]
        count = pack("<2I", self._uses, self._count + len(self._added))
        added = [(kinds.CONTINUE, part) for part in _parts(self._added)]
        self._stream.head[start:end] = [(kinds.SST, count + first[1][8:]), *others, *added]


def _texts(parts: Sequence[bytes], count: int) -> Iterator[str | None]:
    """The texts of a list; None for one that has formats or a pronunciation."""
    source = _Source(parts)
    for _ in range(count):
        length, options = unpack_from("<HB", source.bytes(_HEAD))
        runs = unpack_from("<H", source.bytes(2))[0] if options & _RICH else 0
        phonetic = unpack_from("<I", source.bytes(4))[0] if options & _PHONETIC else 0
        text = source.text(length, options & _WIDE)
        source.bytes(4 * runs + phonetic)
        yield None if runs or phonetic else text


class _Source:
    """Where a list of texts is read from: parts, of which each but the first goes on with one."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = parts
        self._part, self._at = 0, 8

    def bytes(self, count: int) -> bytes:
        """The next bytes."""
        found = b""
        while len(found) < count:
            self._turn()
            taken = self._parts[self._part][self._at : self._at + count - len(found)]
            self._at += len(taken)
            found += taken
        return found

    def text(self, length: int, wide: int) -> str:
        """The next characters. Where a part ends among them, the next says anew how wide they are.

        Raises IndexError where there are no more.
        """
        found = b""  # two halves of a character may stand in two parts
        while length:
            if self._turn():
                wide = self.bytes(1)[0] & _WIDE
            taken = self._parts[self._part][self._at : self._at + length * (1 + wide)]
            self._at += len(taken)
            length -= len(taken) // (1 + wide)
            if len(taken) % (1 + wide):
                raise IndexError("half a character")
            found += taken if wide else taken.decode("latin-1").encode("utf-16-le")
        return found.decode("utf-16-le", "surrogatepass")

    def _turn(self) -> bool:
        """Go on to the next part if this one is used up; whether it was."""
        turned = False
        while self._at >= len(self._parts[self._part]):
            self._part, self._at, turned = self._part + 1, 0, True
        return turned


def _parts(texts: Sequence[str]) -> Iterator[bytes]:
    """Texts as they are continued: each whole in a part, or over several if it is longer."""
    part = b""
    for text in texts:
        raw = text.encode("utf-16-le", "surrogatepass")
        raw = pack("<HB", len(raw) // 2, _WIDE) + raw
        if part and len(part) + len(raw) > LONGEST:
            yield part
            part = b""
        part += raw
        while len(part) > LONGEST:
            # An odd number of bytes: three of the head, or the one that says how wide they are.
            yield part[: LONGEST - 1]
            part = bytes((_WIDE,)) + part[LONGEST - 1 :]
    if part:
        yield part


def text_cells(records: Sequence[Record]) -> int:
    """How many cells of a sheet have texts of the list."""
    return sum(kind == kinds.SHARED_TEXT for kind, _ in records)
