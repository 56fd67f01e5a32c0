"""Compound files: .xls and .et, and workbooks of any format that are encrypted."""

import io
from collections.abc import Mapping

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

from schemas.errors import WorkbookError
from schemas.formats import biff
from schemas.formats.native import read_native
from schemas.formats.ole import CompoundFile, DamagedError
from schemas.formats.refused import OTHER_OFFICE, POWERPOINT, WORD
from schemas.grid import Sheet

DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105
"""The password that Excel tries itself, so that nobody is asked for it."""

_KINDS = {"worddocument": WORD, "powerpoint document": POWERPOINT}


def is_encrypted_package(content: bytes) -> bool:
    """Whether a compound file holds another workbook, encrypted. Raises as `read_xls`."""
    return "encryptedpackage" in _streams(_opened(content))


def read_xls(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an .xls or .et, from Excel 5 on.

    Raises WorkbookError where it is cut off, encrypted or another document.
    """
    stream = _workbook_stream(content)
    if biff.is_encrypted(stream):
        content = _decrypted(content, password=DEFAULT_PASSWORD)
        stream = _workbook_stream(content)
    return read_native(content, biff.sheet_facts(stream))


def decrypted_package(content: bytes) -> bytes:
    """The workbook in a compound file, as a file of its own.

    Raises WorkbookError where it has another password than the one that Excel tries.
    """
    return _decrypted(content, password=DEFAULT_PASSWORD, verify_password=True)


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
    except DamagedError as error:
        raise WorkbookError("file-truncated") from error


def _streams(file: CompoundFile) -> Mapping[str, str]:
    """The names of the streams by their names in lower case."""
    return {name.casefold(): name for name in file.entries}


def _workbook_stream(content: bytes) -> bytes:
    file = _opened(content)
    streams = _streams(file)
    for name in ("workbook", "book"):
        if name in streams:
            try:
                return file.stream(streams[name])
            except DamagedError as error:
                raise WorkbookError("file-truncated") from error
    what = next((kind for stream, kind in _KINDS.items() if stream in streams), OTHER_OFFICE)
    raise WorkbookError("file-not-workbook", what)
