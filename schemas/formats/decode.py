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
            return _text(content[len(mark) :], encoding)
    encodings = ("utf-16-le", "utf-16-be") if b"\0" in content else ("utf-8", "gb18030")
    for encoding in encodings:
        text = _text(content, encoding)
        if text is not None and (b"\0" not in content or _is_likely(text)):
            return text
    return None


def _text(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        # GB18030 takes most bytes for characters, so that only its end says that some are lacking.
        if error.end == len(content) and "unexpected end" in error.reason + "incomplete multibyte":
            return _cut_off(content[: error.start], encoding)
        return None
    return text if _is_readable(text) else None


def _cut_off(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    if _is_readable(text) and len(text) > 1:
        raise WorkbookError("file-truncated")
    return None


def _is_readable(text: str) -> bool:
    return not any(character < " " and character not in _WHITE for character in text)


def _is_likely(text: str) -> bool:
    """Whether UTF-16 without a mark was read the right way round: its blanks are blanks then."""
    return any(character in text for character in "\t\n,")
