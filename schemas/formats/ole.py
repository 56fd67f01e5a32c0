"""Compound files (.xls, .doc, encrypted .xlsx): which streams they hold, read without trust.

Native readers abort the process on a damaged directory, so it is walked here first, with every
chain bounded.
"""

import struct
from collections.abc import Mapping
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
    number: int
    name: str
    kind: int
    start: int
    size: int


def _reached(start: int, beside: Mapping[int, tuple[int, ...]]) -> set[int]:
    """The entries to which one leads."""
    reached, ahead = set[int](), [start]
    while ahead:
        entry = ahead.pop()
        if entry in beside and entry not in reached:
            reached.add(entry)
            ahead += beside[entry]
    return reached


class CompoundFile:
    """The directory of a compound file. Raises DamagedError where it does not hold together.

    `fat` is which sector follows which, in the sectors `fat_sectors`, of which those that the
    header has no room for are listed in `fat_lists`; `mini_fat` and `mini_fat_sectors` are the same
    of the small sectors, in which streams shorter than `cutoff` are. `directory` are its sectors.
    """

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
        self.sector_size: int = 1 << shift
        self.cutoff = cutoff
        self.fat_lists: list[int] = []
        self.fat_sectors = self._read_fat_sectors(fats)
        self.fat = self._numbers(self.fat_sectors)
        self.mini_fat_sectors = self.chain(mini_fat, self.fat)
        self.mini_fat = self._numbers(self.mini_fat_sectors)
        self.directory = self.chain(directory, self.fat)
        self.entries = self._read_directory()

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector_size
        sector = self._content[start : start + self.sector_size]
        if not sector:
            raise CutOffError("a sector lies outside the file")
        return sector

    def _read_fat_sectors(self, count: int) -> list[int]:
        if count > len(self._content) // self.sector_size:
            raise CutOffError("more allocation tables than the file has room for")
        head = self._content[76:_HEADER_SIZE]
        places = list(struct.unpack(f"<{_HEADER_FATS}I", head))
        following, left = struct.unpack("<II", self._content[68:76])
        while following < _END and left:
            numbers = self._words(self._sector(following))
            self.fat_lists.append(following)
            if len(self.fat_lists) > len(self._content) // self.sector_size:
                raise DamagedError("the list of allocation tables runs in a circle")
            places += numbers[:-1]
            following, left = numbers[-1], left - 1
        return places[:count]

    def _numbers(self, sectors: list[int]) -> list[int]:
        return [word for number in sectors for word in self._words(self._sector(number))]

    @staticmethod
    def _words(sector: bytes) -> list[int]:
        count = len(sector) // 4
        return list(struct.unpack(f"<{count}I", sector[: count * 4]))

    def chain(self, start: int, table: list[int]) -> list[int]:
        """The sectors from a first one on. Raises DamagedError where they run in a circle."""
        chain: list[int] = []
        while start < _END:
            chain.append(start)
            if len(chain) > len(table):
                raise DamagedError("a chain of sectors runs in a circle")
            start = table[start]
        return chain

    def _read_directory(self) -> dict[str, _Entry]:
        data = b"".join(self._sector(number) for number in self.directory)
        found: list[_Entry] = []
        beside: dict[int, tuple[int, ...]] = {}
        for entry in range(len(data) // _ENTRY):
            raw = data[entry * _ENTRY : (entry + 1) * _ENTRY]
            length, kind = struct.unpack("<HB", raw[64:67])
            first, size = struct.unpack("<II", raw[116:124])
            if kind:
                name = raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                found.append(_Entry(entry, name, kind, first, size))
                # Left and right of it, and below it: of a root that is where all others are.
                beside[entry] = struct.unpack("<3I", raw[68:80])[: None if kind == 5 else 2]
        root = next((entry for entry in found if entry.kind == 5), None)
        if root is None:
            raise DamagedError("there is no root directory")
        # An embedded object has streams of the same names; those of the file itself come first.
        top = _reached(root.number, beside)
        found.sort(key=lambda entry: entry.number not in top)
        return {entry.name: entry for entry in reversed(found)}

    def stream(self, name: str) -> bytes:
        """The bytes of a stream. Raises DamagedError when its sectors do not hold together."""
        entry = self.entries[name]
        try:
            if entry.size >= self.cutoff:
                return self._joined(entry.start)[: entry.size]
            root = next(entry for entry in self.entries.values() if entry.kind == 5)
            mini = self._joined(root.start)
            sectors = self.chain(entry.start, self.mini_fat)
            return b"".join(mini[n * 64 : n * 64 + 64] for n in sectors)[: entry.size]
        except IndexError as error:
            raise CutOffError(str(error)) from error

    def _joined(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in self.chain(start, self.fat))

    def place(self, name: str, offset: int) -> int:
        """Where in the file a byte of a stream stands. Raises DamagedError as `stream`."""
        entry = self.entries[name]
        try:
            if entry.size >= self.cutoff:
                return self._place(entry.start, offset)
            root = next(entry for entry in self.entries.values() if entry.kind == 5)
            sector = self.chain(entry.start, self.mini_fat)[offset // 64]
            return self._place(root.start, sector * 64 + offset % 64)
        except IndexError as error:
            raise CutOffError(str(error)) from error

    def _place(self, start: int, offset: int) -> int:
        sector = self.chain(start, self.fat)[offset // self.sector_size]
        return (sector + 1) * self.sector_size + offset % self.sector_size
