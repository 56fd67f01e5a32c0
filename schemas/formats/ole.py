"""Compound files (.xls, .doc, encrypted .xlsx): which streams they hold, read without trust.

Native readers abort the process on a damaged directory, so it is walked here first, with every
chain bounded.
"""

import struct
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER = struct.Struct("<8s16x2xHHHH6x4xII4xIII")
_END = 0xFFFFFFFE
_ENTRY = 128
_HEADER_SIZE = 512
_HEADER_FATS = 109


class DamagedError(ValueError):
    """The sectors of a compound file do not hang together."""


class CutOffError(DamagedError):
    """A compound file ends before its sectors do."""


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class CompoundFile:
    """The directory of a compound file. Raises DamagedError where it does not hold together."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            self._read()
        except (struct.error, IndexError) as error:
            raise CutOffError(str(error)) from error

    def _read(self) -> None:
        _, major, order, shift, mini_shift, fats, directory, cutoff, mini_fat, _ = _HEADER.unpack(
            self._content[: _HEADER.size]
        )
        if order != 0xFFFE or shift != {3: 9, 4: 12}.get(major) or mini_shift != 6:
            raise DamagedError("the header is not that of a compound file")
        self._sector_size: int = 1 << shift
        self._cutoff = cutoff
        self._fat = self._read_fat(fats)
        self._mini_fat = self._numbers(self._chain(mini_fat, self._fat))
        self.entries = self._read_directory(directory)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._sector_size
        sector = self._content[start : start + self._sector_size]
        if not sector:
            raise CutOffError("a sector lies outside the file")
        return sector

    def _read_fat(self, count: int) -> list[int]:
        if count > len(self._content) // self._sector_size:
            raise CutOffError("more allocation tables than the file has room for")
        head = self._content[76:_HEADER_SIZE]
        places = list(struct.unpack(f"<{_HEADER_FATS}I", head))
        following, left = struct.unpack("<II", self._content[68:76])
        while following < _END and left:
            numbers = self._words(self._sector(following))
            places += numbers[:-1]
            following, left = numbers[-1], left - 1
        return self._numbers(places[:count])

    def _numbers(self, sectors: list[int]) -> list[int]:
        return [word for number in sectors for word in self._words(self._sector(number))]

    @staticmethod
    def _words(sector: bytes) -> list[int]:
        count = len(sector) // 4
        return list(struct.unpack(f"<{count}I", sector[: count * 4]))

    def _chain(self, start: int, table: list[int]) -> list[int]:
        chain: list[int] = []
        while start < _END:
            chain.append(start)
            if len(chain) > len(table):
                raise DamagedError("a chain of sectors runs in a circle")
            start = table[start]
        return chain

    def _read_directory(self, start: int) -> dict[str, _Entry]:
        data = b"".join(self._sector(number) for number in self._chain(start, self._fat))
        entries = {}
        for offset in range(0, len(data) - _ENTRY + 1, _ENTRY):
            raw = data[offset : offset + _ENTRY]
            length, kind = struct.unpack("<HB", raw[64:67])
            first, size = struct.unpack("<II", raw[116:124])
            if kind:
                name = raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                entries[name] = _Entry(name, kind, first, size)
        if not any(entry.kind == 5 for entry in entries.values()):
            raise DamagedError("there is no root directory")
        return entries

    def stream(self, name: str) -> bytes:
        """The bytes of a stream. Raises DamagedError when its sectors do not hold together."""
        entry = self.entries[name]
        try:
            if entry.size >= self._cutoff:
                return self._joined(entry.start)[: entry.size]
            root = next(entry for entry in self.entries.values() if entry.kind == 5)
            mini = self._joined(root.start)
            sectors = self._chain(entry.start, self._mini_fat)
            return b"".join(mini[n * 64 : n * 64 + 64] for n in sectors)[: entry.size]
        except IndexError as error:
            raise CutOffError(str(error)) from error

    def _joined(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in self._chain(start, self._fat))

    def place(self, name: str, offset: int) -> int:
        """Where in the file a byte of a stream stands. Raises DamagedError as `stream`."""
        entry = self.entries[name]
        try:
            if entry.size >= self._cutoff:
                return self._place(entry.start, offset)
            root = next(entry for entry in self.entries.values() if entry.kind == 5)
            sector = self._chain(entry.start, self._mini_fat)[offset // 64]
            return self._place(root.start, sector * 64 + offset % 64)
        except IndexError as error:
            raise CutOffError(str(error)) from error

    def _place(self, start: int, offset: int) -> int:
        sector = self._chain(start, self._fat)[offset // self._sector_size]
        return (sector + 1) * self._sector_size + offset % self._sector_size
