"""Bytes to text, in the encodings that office programs in China write."""

import codecs

from schemas.errors import WorkbookError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WHITE = "\t\r\n\f"


def decode(content: bytes) -> str | None:
    """The text of a file in UTF-8, UTF-16 or GB18030; None where it is no text.

    Raises WorkbookError where it ends in the middle of a character: it was cut off.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content[len(mark) :], (encoding,))
    if b"\0" not in content:
        return _decoded(content, ("utf-8", "gb18030"))
    # Of UTF-16 without a mark, that read the right way round has blanks or commas between cells.
    text = _decoded(content, ("utf-16-le",))
    if text is None or not any(character in text for character in "\t\n,"):
        text = _decoded(content, ("utf-16-be",))
    return text


def _decoded(content: bytes, encodings: tuple[str, ...]) -> str | None:
    """The text by the first encoding that fits."""
    for encoding in encodings:
        if (text := _whole(content, encoding)) is not None:
            return text
    if any(_whole_but_its_end(content, encoding) for encoding in encodings):
        raise WorkbookError("file-truncated")
    return None


def _whole(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if _is_readable(text) else None


def _whole_but_its_end(content: bytes, encoding: str) -> bool:
    """Whether all is text but for the first bytes of a character at the end."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(content)
    except UnicodeDecodeError:
        return False
    return bool(text) and _is_readable(text)


def _is_readable(text: str) -> bool:
    return not any(character < " " and character not in _WHITE for character in text)
