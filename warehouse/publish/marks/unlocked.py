"""Workbooks under the password that Excel tries itself, which is the same for all and no secret."""

from schemas.formats.compound import without_password
from schemas.formats.ole import MAGIC, CompoundFile
from warehouse.publish.marks.marking import CannotMark

_BESIDE = {
    "_sx_db_cur": "its pivot tables are encrypted, too",
    "encryption": "its macros and embedded objects are encrypted, too",
}


def unlocked(content: bytes) -> bytes:
    """A workbook without that password, and with all else that protects it; as it came without one.

    It is not put under it again: that takes random numbers, and a publication that is drawn again
    has the same bytes. Raises WorkbookError where it has another password, and CannotMark where
    more is encrypted than its cells.
    """
    if not content.startswith(MAGIC):
        return content
    plain = without_password(content)
    if plain is not content and plain.startswith(MAGIC):
        for name in CompoundFile(plain).entries:
            if name.casefold() in _BESIDE:
                raise CannotMark(_BESIDE[name.casefold()])
    return plain
