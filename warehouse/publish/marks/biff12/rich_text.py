"""A text some of whose characters have other fonts, as comments have it."""

from dataclasses import dataclass, replace
from struct import iter_unpack, pack, unpack_from
from typing import Self

from warehouse.publish.marks.biff12.records import text as written_text
from warehouse.publish.marks.marking import LONGEST_COMMENT, length

_RUNS, _PRONUNCIATION = 1, 2


@dataclass(frozen=True)
class RichText:
    """A text, from which of its characters on it has which font, and how it is pronounced."""

    text: str
    runs: tuple[tuple[int, int], ...] = ()
    pronunciation: bytes = b""

    @classmethod
    def read(cls, data: bytes) -> Self:
        """The text of a record. Raises struct.error where it is cut off."""
        flags, count = unpack_from("<BI", data)
        end = 5 + 2 * count
        runs: tuple[tuple[int, int], ...] = ()
        text = data[5:end].decode("utf-16-le", "surrogatepass")
        if flags & _RUNS:
            (number,) = unpack_from("<I", data, end)
            runs = tuple(iter_unpack("<2H", data[end + 4 : end + 4 + 4 * number]))
            end += 4 + 4 * number
        return cls(text, runs, data[end:] if flags & _PRONUNCIATION else b"")

    def written(self) -> bytes:
        """The data of the record."""
        flags = (_RUNS if self.runs else 0) | (_PRONUNCIATION if self.pronunciation else 0)
        data = bytes((flags,)) + written_text(self.text)
        if self.runs:
            data += pack("<I", len(self.runs))
            data += b"".join(pack("<2H", *run) for run in self.runs)
        return data + self.pronunciation

    def extended(self, whole: str, font: int) -> Self:
        """A longer text that begins like this one; the rest of it is in a font."""
        return replace(
            self, text=whole[:LONGEST_COMMENT], runs=(*self.runs, (length(self.text), font))
        )

    def cut(self, text: str) -> Self:
        """The text without its end."""
        runs = tuple(run for run in self.runs if run[0] < length(text))
        return replace(self, text=text, runs=runs)
