"""Text in a file without types, as a spreadsheet program takes it on opening."""

import re

from schemas.grid import CellError, RawCell

_NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?")
_MOST_DIGITS = 15  # more than these a program would lose; ID numbers stay as they were typed
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}


def as_typed(text: str) -> RawCell:
    """A number or an error where the text is nothing else, or else the text.

    >>> as_typed(" 1,234.50 "), as_typed("0351"), as_typed("142621200301010011")
    (1234.5, '0351', '142621200301010011')
    """
    text = text.strip()
    if _NUMBER.fullmatch(text) and sum(map(str.isdigit, text)) <= _MOST_DIGITS:
        return float(text.replace(",", ""))
    return CellError.ERROR if text in _ERRORS else text
