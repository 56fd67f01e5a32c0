"""Compound files: .xls and .et, and workbooks of any format that are encrypted."""

import io
from collections.abc import Mapping
from dataclasses import replace

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

from schemas.errors import WorkbookError
from schemas.formats import biff
from schemas.formats.facts import NOTHING_KNOWN, SheetFacts, completed
from schemas.formats.native import read_native
from schemas.formats.ole import CompoundFile, CutOffError
from schemas.formats.refused import OTHER_OFFICE, POWERPOINT, WORD
from schemas.grid import RawCell, Sheet

DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105
"""The password that Excel tries itself, so that nobody is asked for it."""

_KINDS = {"worddocument": WORD, "powerpoint document": POWERPOINT}


def without_password(content: bytes) -> bytes:
    """The workbook in a compound file as it is without the password that Excel tries itself.

    One that has none is given back as it came; one in a package becomes a file of its own. Raises
    WorkbookError where it has another password, is cut off or is another document.
    """
    if "encryptedpackage" in _streams(_opened(content)):
        return _decrypted(content, password=DEFAULT_PASSWORD, verify_password=True)
    file, name = _workbook_stream(content)
    if biff.is_encrypted(_stream(file, name)):
        return _decrypted(content, password=DEFAULT_PASSWORD)
    return content


def read_xls(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an .xls or .et without a password, from Excel 5 on.

    Raises WorkbookError where it is cut off.
    """
    file, name = _workbook_stream(content)
    stream = _stream(file, name)
    facts = biff.sheet_facts(stream)
    page = biff.code_page(stream)
    if page is None or page.encoding == biff.WESTERN:
        return read_native(content, facts)
    return _read_in_code_page(content, file.place(name, page.at), page.encoding, facts)


def _read_in_code_page(
    content: bytes, place: int, encoding: str, facts: Mapping[str, SheetFacts]
) -> tuple[Sheet, ...]:
    """The sheets of a workbook whose texts have several bytes to a character.

    The native reader spoils these. It is told that they are Western, which gives a character for
    each byte, and from these they are decoded again.
    """
    page = biff.WESTERN_PAGE.to_bytes(2, "little")
    western = content[:place] + page + content[place + len(page) :]

    def text(spread: str) -> str:
        return bytes(_BYTES.get(character, 0x3F) for character in spread).decode(
            encoding, "replace"
        )

    def cell(value: RawCell) -> RawCell:
        return text(value) if isinstance(value, str) else value

    found = read_native(western, {})
    return tuple(
        completed(
            replace(sheet, name=text(sheet.name), rows=[[*map(cell, row)] for row in sheet.rows]),
            facts.get(text(sheet.name), NOTHING_KNOWN),
        )
        for sheet in found
    )


def _decrypted(content: bytes, **key: str | bool) -> bytes:
    target = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        file.load_key(**key)
        file.decrypt(target)
    except (InvalidKeyError, DecryptionError, FileFormatError, ParseError) as error:
        raise WorkbookError("file-encrypted") from error
    return target.getvalue()


def _opened(content: bytes) -> CompoundFile:
    try:
        return CompoundFile(content)
    except CutOffError as error:
        raise WorkbookError("file-truncated") from error


def _streams(file: CompoundFile) -> Mapping[str, str]:
    """The names of the streams by their names in lower case."""
    return {name.casefold(): name for name in file.entries}


def _workbook_stream(content: bytes) -> tuple[CompoundFile, str]:
    """The file and the name of the stream that holds the workbook."""
    file = _opened(content)
    streams = _streams(file)
    for name in ("workbook", "book"):
        if name in streams:
            return file, streams[name]
    what = next((kind for stream, kind in _KINDS.items() if stream in streams), OTHER_OFFICE)
    raise WorkbookError("file-not-workbook", what)


def _stream(file: CompoundFile, name: str) -> bytes:
    try:
        return file.stream(name)
    except CutOffError as error:
        raise WorkbookError("file-truncated") from error


def _western(byte: int) -> str:
    return bytes((byte,)).decode(biff.WESTERN, "ignore") or chr(byte)


_BYTES = {_western(byte): byte for byte in range(256)}
