"""A stream of a compound file put in the place of another, all other bytes kept where they are.

What is longer goes on in sectors behind the end of the file, so that the directory, the other
streams (macros, summaries, embedded objects) and their places stay as they were.
"""

from struct import pack, pack_into

from schemas.formats.ole import CompoundFile, DamagedError

_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE
_TABLE_SECTOR, _LIST_SECTOR = 0xFFFFFFFD, 0xFFFFFFFC
_COUNT_OF_TABLES, _FIRST_LIST, _COUNT_OF_LISTS, _TABLES = 44, 68, 72, 76
_TABLES_IN_HEADER = 109
_ENTRY, _START_IN_ENTRY = 128, 116
_CUTOFF = 4096


def replaced(content: bytes, name: str, data: bytes) -> bytes:
    """The file with another content of a stream, which is filled up with zeros if it is short.

    Raises DamagedError where the sectors do not hang together, and KeyError where there is no
    such stream.
    """
    file = CompoundFile(content)
    if file.cutoff != _CUTOFF:
        raise DamagedError("small streams are larger than they can be")
    entry = file.entries[name]
    sectors = _Sectors(content, file)
    held = sectors.released(entry.start, entry.size)
    data = data.ljust(_CUTOFF, b"\0")
    start = sectors.stored(data, held)
    place = sectors.place(file.directory[entry.number * _ENTRY // file.sector_size])
    place += entry.number * _ENTRY % file.sector_size
    pack_into("<IQ", sectors.body, place + _START_IN_ENTRY, start, len(data))
    return sectors.finished()


class _Sectors:
    """The sectors of a file and the table that says which one follows which."""

    def __init__(self, content: bytes, file: CompoundFile) -> None:
        self._file = file
        self._size = file.sector_size
        self._words = file.sector_size // 4
        self._table = list(file.fat)
        self._table_sectors = list(file.fat_sectors)
        self._list_sectors = list(file.fat_lists)
        self.body = bytearray(content.ljust(-(-len(content) // self._size) * self._size, b"\0"))

    def place(self, sector: int) -> int:
        """Where in the file a sector begins."""
        return (sector + 1) * self._size

    def released(self, start: int, size: int) -> list[int]:
        """Free what a stream holds; the sectors that it held, none if they were small ones."""
        if size < _CUTOFF:
            self._release_small(start)
            return []
        held = self._file.chain(start, self._file.fat)
        for sector in held:
            self._table[sector] = _FREE
            self.body[self.place(sector) : self.place(sector + 1)] = bytes(self._size)
        return held

    def _release_small(self, start: int) -> None:
        file = self._file
        for number in file.chain(start, file.mini_fat):
            block, word = divmod(number, self._words)
            pack_into("<I", self.body, self.place(file.mini_fat_sectors[block]) + 4 * word, _FREE)

    def stored(self, data: bytes, held: list[int]) -> int:
        """Store a stream in the sectors it held before and in new ones; the first of them."""
        count = -(-len(data) // self._size)
        chain = held[:count] + [self._added(_END) for _ in range(count - len(held))]
        for sector, following in zip(chain, [*chain[1:], _END], strict=True):
            self._table[sector] = following
        for number, sector in enumerate(chain):
            part = data[number * self._size : (number + 1) * self._size]
            self.body[self.place(sector) : self.place(sector) + len(part)] = part
        return chain[0]

    def _added(self, mark: int) -> int:
        """A new sector at the end of the file, and of the table another one if it is full."""
        sector = len(self.body) // self._size - 1
        self.body += bytes(self._size)
        if sector >= len(self._table):
            self._table += [_FREE] * self._words
            self._list(self._added(_TABLE_SECTOR))
        elif self._table[sector] != _FREE:
            raise DamagedError("a sector behind the end of the file is in use")
        self._table[sector] = mark
        return sector

    def _list(self, sector: int) -> None:
        """Enter a sector of the table in the list of these: in the header, and further on."""
        number = len(self._table_sectors)
        self._table_sectors.append(sector)
        pack_into("<I", self.body, _COUNT_OF_TABLES, number + 1)
        if number < _TABLES_IN_HEADER:
            pack_into("<I", self.body, _TABLES + 4 * number, sector)
            return
        block, word = divmod(number - _TABLES_IN_HEADER, self._words - 1)
        if block == len(self._list_sectors):
            self._lengthen_list()
        pack_into("<I", self.body, self.place(self._list_sectors[block]) + 4 * word, sector)

    def _lengthen_list(self) -> None:
        before = _FIRST_LIST
        if self._list_sectors:
            before = self.place(self._list_sectors[-1] + 1) - 4
        sector = self._added(_LIST_SECTOR)
        self.body[self.place(sector) :] = pack("<I", _FREE) * (self._words - 1) + pack("<I", _END)
        pack_into("<I", self.body, before, sector)
        self._list_sectors.append(sector)
        pack_into("<I", self.body, _COUNT_OF_LISTS, len(self._list_sectors))

    def finished(self) -> bytes:
        """The file with its table written into it."""
        for number, sector in enumerate(self._table_sectors):
            part = self._table[number * self._words : (number + 1) * self._words]
            pack_into(f"<{len(part)}I", self.body, self.place(sector), *part)
        return bytes(self.body)
