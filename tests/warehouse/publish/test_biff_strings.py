"""The list of texts of an .xls: read however it is cut into records, and gone on with."""

import struct
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.records import LONGEST, Record, Stream
from warehouse.publish.marks.biff.strings import Texts

Entry = tuple[str, int, int]
"""A text, how many runs of fonts it has, and how many bytes of pronunciation."""


def cut(entries: Sequence[Entry], size: int) -> list[Record]:
    """A list of texts in records of at most so many bytes, as the format has it."""
    parts = [struct.pack("<2I", len(entries), len(entries))]

    def put(data: bytes) -> None:
        if len(parts[-1]) + len(data) > size:
            parts.append(b"")
        parts[-1] += data

    for text, runs, spoken in entries:
        wide = not text.isascii()
        options = wide | 8 * bool(runs) | 4 * bool(spoken)
        head = struct.pack("<HB", len(text), options)
        head += struct.pack("<H", runs) * bool(runs) + struct.pack("<I", spoken) * bool(spoken)
        put(head)
        for character in text:
            raw = character.encode("utf-16-le" if wide else "latin-1")
            if len(parts[-1]) + len(raw) > size:
                # Where the text is cut, the rest says anew how wide it is: wide from here.
                wide = True
                raw = character.encode("utf-16-le")
                parts.append(b"\1")
            parts[-1] += raw
        for byte in bytes(4 * runs + spoken):
            put(bytes((byte,)))
    return [(kinds.SST, parts[0]), *((kinds.CONTINUE, part) for part in parts[1:])]


entries = st.lists(
    st.tuples(st.text("ab汾西", max_size=30), st.integers(0, 2), st.integers(0, 5)), max_size=12
)


def stream(records: Sequence[Record]) -> Stream:
    return Stream([(kinds.BOF, b""), *records, (kinds.EOF, b"")], [])


@given(entries=entries, size=st.integers(16, 60))
def test_a_text_that_is_there_is_not_added(entries: list[Entry], size: int) -> None:
    texts = Texts(stream(cut(entries, size)))
    plain = [text if not runs and not spoken else None for text, runs, spoken in entries]
    for text in filter(None, plain):
        assert texts.used(text) == plain.index(text)
    assert texts.used("新") == len(entries)


@given(entries=entries, added=st.lists(st.text("新\U00020000", max_size=9000), max_size=5))
@settings(deadline=None)
def test_what_is_added_is_read_again(entries: list[Entry], added: list[str]) -> None:
    whole = stream(cut(entries, LONGEST))
    texts = Texts(whole)
    numbers = {text: texts.used(text) for text in added}
    texts.finish()
    assert all(len(data) <= LONGEST for _, data in whole.head)
    again = Texts(whole)
    assert {text: again.used(text) for text in added} == numbers


def test_a_character_of_two_halves_may_be_cut() -> None:
    whole, long = stream(cut([], LONGEST)), "a" + "\U00020000" * 9000
    first = Texts(whole)
    first.used(long)
    first.finish()
    assert Texts(whole).used(long) == 0
