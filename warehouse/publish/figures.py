"""How numbers and texts are measured and printed."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from schemas.rules.formulas import rounded

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_TOKEN = re.compile(r"[!-~]+ ?|.", re.DOTALL)
_EXACT_DIGITS = 15  # a spreadsheet keeps no more
_KEPT = 4096
"""Texts that stay measured: most cells of a list say what others say, too."""


def plain(value: Decimal, decimals: int) -> str:
    """A figure for machines: declared decimals, no separators, never an exponent.

    >>> plain(Decimal("8.1E+4"), 0)
    '81000'
    """
    return f"{rounded(value, decimals):f}"


def printed(value: Decimal, decimals: int) -> str:
    """A figure for people: declared decimals and thousands separators.

    >>> printed(Decimal("12345.6"), 2)
    '12,345.60'
    """
    return f"{rounded(value, decimals):,f}"


def excel_format(decimals: int) -> str:
    """The number format of a figure; it keeps the width of a blank from the right border."""
    return "#,##0" + ("." + "0" * decimals if decimals else "") + "_ "


def decimals_of(value: Decimal) -> int:
    """The decimals a number needs when printed as it is."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int), value
    return max(0, -exponent)


def as_number(text: str | None) -> Decimal | None:
    """The number a text stands for; None where it is none, or is a code of many digits."""
    if text is None or _NUMBER.fullmatch(text) is None:
        return None
    value = Decimal(text)
    return value if len(value.as_tuple().digits) <= _EXACT_DIGITS else None


@lru_cache(maxsize=_KEPT)
def display_width(text: str) -> int:
    """The columns a text takes on one line: two for a Chinese character, one for a Latin one."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


@lru_cache(maxsize=_KEPT)
def display_lines(text: str, width: float) -> int:
    """How many lines a text takes when wrapped at a width in columns."""
    return sum(max(1, -int(-display_width(line) // width)) for line in text.split("\n"))


def balanced(text: str, width: float) -> str:
    r"""A text broken into as few lines as a width in columns allows, of about equal length.

    >>> balanced("计划移民户数", 9)
    '计划移\n民户数'
    """
    count = display_lines(text, width)
    share = -(-display_width(text) // count)
    share += share % 2  # whole Chinese characters, the longer line first
    lines = [""]
    for token in _TOKEN.findall(text):
        if lines[-1] and display_width(lines[-1] + token.rstrip()) > share and len(lines) < count:
            lines.append("")
        lines[-1] += token
    return "\n".join(line.rstrip() for line in lines)


def shortened(text: str, length: int) -> str:
    """A text of at most so many characters; of a longer one, its beginning and its end.

    >>> shortened("关于报送二〇一五年度报表的函.xlsx", 13)
    '关于报送二〇一五…xlsx'
    """
    if len(text) <= length:
        return text
    end = length // 3
    return f"{text[: length - end - 1]}…{text[-end:]}"


def printable(text: str) -> str:
    """A text without the control characters that no workbook can hold."""
    return _CONTROL.sub("", text)
