"""Comments on the cells of an .xls or .et."""

from collections.abc import Iterator, Mapping
from struct import unpack_from

from schemas.formats.biff_records import records, text_at
from schemas.grid import Place, peoples_words

_NOTE, _OBJECT, _TEXT, _CONTINUED = 0x1C, 0x5D, 0x1B6, 0x3C
_COUNT_IN_TEXT = 10


def notes_of(stream: bytes, start: int, encoding: str | None) -> Mapping[Place, str]:
    """What people wrote in comments on the cells of the sheet that starts at a place.

    What huizong has written itself is left out. Before Excel 97, when texts had an
    encoding, the text is in the comment; later in the drawn object that the comment names.
    """
    texts = {} if encoding else dict(_texts_of_objects(stream, start))
    found: dict[Place, str] = {}
    for kind, at, length in records(stream, start):
        if kind != _NOTE or length < 6:
            continue
        row, column = unpack_from("<2H", stream, at)
        if encoding:
            text, author = text_at(stream[at + 4 : at + length], 2, encoding), ""
        else:
            text = texts.get(unpack_from("<H", stream, at + 6)[0], "")
            author = text_at(stream[at + 8 : at + length], 2, None)
        if written := peoples_words(author, text):
            found[row, column] = written
    return found


def _texts_of_objects(stream: bytes, start: int) -> Iterator[tuple[int, str]]:
    """The text of each drawn object by its number."""
    number = left = 0
    text = ""
    for kind, at, length in records(stream, start):
        if kind == _OBJECT and length >= 8:
            number = unpack_from("<H", stream, at + 6)[0]
        elif kind == _TEXT and length >= _COUNT_IN_TEXT + 2:
            left, text = unpack_from("<H", stream, at + _COUNT_IN_TEXT)[0], ""
        elif kind == _CONTINUED and left and length:
            wide = stream[at] & 1
            raw = stream[at + 1 : at + min(length, 1 + left * (1 + wide))]
            text += raw.decode("utf-16-le" if wide else "latin-1", "replace")
            left -= len(raw) // (1 + wide)
            if left <= 0:
                yield number, text
