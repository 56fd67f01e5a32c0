"""A stream of a compound file put in the place of another: all others are kept."""

import struct
from io import BytesIO

import olefile  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.formats.ole import MAGIC, CompoundFile, DamagedError
from tests.schemas.formats.given import compound
from warehouse.publish.marks.biff.compound import replaced

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def read_by_another(content: bytes) -> dict[str, bytes]:
    """The streams as olefile reads them."""
    with olefile.OleFileIO(BytesIO(content)) as file:
        return {"/".join(path): file.openstream(path).read() for path in file.listdir()}


def pattern(length: int) -> bytes:
    return bytes(number * 31 % 251 for number in range(length))


def with_small_streams(first: bytes, second: bytes) -> bytes:
    """A compound file of two streams shorter than 4,096 bytes, in small sectors."""
    counts = [-(-len(data) // 64) for data in (first, second)]
    mini = b"".join(d.ljust(64 * n, b"\0") for d, n in zip((first, second), counts, strict=True))
    chain: list[int] = []
    for count in counts:
        chain += [*range(len(chain) + 1, len(chain) + count), END]
    held = -(-len(mini) // 512)
    fat = [TABLE, END, END, *range(4, 3 + held), END]
    names = ("Root Entry", "Workbook", "Other")
    kinds, starts = (5, 2, 2), (3, 0, counts[0])
    sizes = (len(mini), len(first), len(second))
    entries = b""
    for name, kind, start, size in zip(names, kinds, starts, sizes, strict=True):
        words = name.encode("utf-16-le")
        beside = (FREE, 2 if name == "Workbook" else FREE, 1 if kind == 5 else FREE)
        entry = words.ljust(64, b"\0") + struct.pack("<HBB3I", len(words) + 2, kind, 1, *beside)
        entries += entry.ljust(116, b"\0") + struct.pack("<IQ", start, size)
    numbers = (62, 3, 0xFFFE, 9, 6, 1, 1, 4096, 2, 1, END, 0)
    header = struct.pack("<8s16xHHHHH6x4xII4xIIIII", MAGIC, *numbers)
    header += struct.pack("<109I", 0, *[FREE] * 108)
    table = struct.pack("<128I", *fat, *[FREE] * (128 - len(fat)))
    small = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    return header + table + entries.ljust(512, b"\0") + small + mini.ljust(512 * held, b"\0")


@given(lengths=st.lists(st.integers(0, 150_000), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_what_was_put_in_is_read_back_by_another_program(lengths: list[int]) -> None:
    content = compound("Workbook", b"first")
    for length in lengths:
        content = replaced(content, "Workbook", pattern(length))
        assert read_by_another(content)["Workbook"] == pattern(length).ljust(4096, b"\0")
        assert CompoundFile(content).stream("Workbook").startswith(pattern(length))


@given(first=st.integers(1, 4095), second=st.integers(1, 4095), length=st.integers(0, 90_000))
@settings(max_examples=25, deadline=None)
def test_the_other_streams_are_kept(first: int, second: int, length: int) -> None:
    content = with_small_streams(pattern(first), pattern(second))
    assert read_by_another(content)["Workbook"] == pattern(first)
    changed = read_by_another(replaced(content, "Workbook", pattern(length)))
    assert changed["Other"] == pattern(second)
    assert changed["Workbook"] == pattern(length).ljust(4096, b"\0")


def test_the_table_of_sectors_grows_beyond_the_header() -> None:
    """The header has room for 109 sectors of the table, which is 7 MB."""
    large = bytes(9 * 2**20)
    content = replaced(compound("Workbook", b"first"), "Workbook", large)
    assert read_by_another(content)["Workbook"] == large
    again = replaced(content, "Workbook", pattern(5000))
    assert read_by_another(again)["Workbook"] == pattern(5000)
    assert CompoundFile(again).fat_lists


def test_the_same_again_is_the_same_bytes() -> None:
    once = replaced(compound("Workbook", b"first"), "Workbook", pattern(70_000))
    assert replaced(once, "Workbook", pattern(70_000)) == once


def test_what_does_not_hang_together_is_refused() -> None:
    content = bytearray(compound("Workbook", b"first"))
    struct.pack_into("<I", content, 56, 2**31)
    with pytest.raises(DamagedError):
        replaced(bytes(content), "Workbook", b"x")


def test_the_streams_of_a_file_come_before_those_of_what_is_embedded() -> None:
    """A workbook within a workbook stands in a folder of the directory, here before the other."""
    content = bytearray(with_small_streams(b"embedded", b"of the file itself"))
    root, embedded, own = (1024 + 128 * number for number in range(3))
    content[own : own + 66] = content[embedded : embedded + 66]
    struct.pack_into("<I", content, root + 76, 2)  # the root leads to the second alone
    struct.pack_into("<I", content, embedded + 72, FREE)
    assert CompoundFile(bytes(content)).stream("Workbook") == b"of the file itself"


def test_a_list_of_tables_that_runs_in_a_circle_is_refused() -> None:
    large = replaced(compound("Workbook", b"first"), "Workbook", bytes(8 * 2**20))
    (sector,) = CompoundFile(large).fat_lists
    content = bytearray(large)
    struct.pack_into("<II", content, 68, sector, 2**31)
    struct.pack_into("<I", content, (sector + 2) * 512 - 4, sector)
    with pytest.raises(DamagedError):
        CompoundFile(bytes(content))
