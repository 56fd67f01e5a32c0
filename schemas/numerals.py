"""Chinese numerals, exactly: 十二, 一千二百, 一万零三十, 二〇一五, 壹佰贰拾, 一点五.

What has two readings is no number: 一千二 is 1200 in speech and 1002 to a machine. The packages
there are for this (cn2an) work in floats and guess in such cases.
"""

import re
from decimal import Decimal

_DIGITS = "零一二三四五六七八九"
_SMALL = ("千", "百", "十", "")
_LARGE = ("", "万", "亿")
_FOLDED = str.maketrans(
    "〇○０0壹弌貳贰弐两兩叁參叄肆伍陸陆柒捌玖拾佰仟萬億點",
    "零零零零一一二二二二二三三三四五六六七八九十百千万亿点",
)
_CUT_SHORT = re.compile(f"[百千万亿][{_DIGITS[1:]}]$")
_MOST_DIGITS = 12


def chinese_number(text: str) -> Decimal | None:
    """The number that a Chinese numeral says; None where it says none, or not clearly.

    >>> chinese_number("一千二百"), chinese_number("二〇一五"), chinese_number("一千二")
    (Decimal('1200'), Decimal('2015'), None)
    """
    whole, point, decimals = text.translate(_FOLDED).partition("点")
    number = _whole(whole)
    if number is None or not point:
        return None if number is None else Decimal(number)
    places = _in_a_row(decimals)
    return None if places is None else Decimal(f"{number}.{places}")


def in_chinese(number: int) -> str:
    """A whole number of up to 12 digits as it is written: 12 is 十二, 10030 is 一万零三十."""
    groups = [number // 10_000**power % 10_000 for power in range(len(_LARGE))]
    written = "".join(_group(groups[power]) + _LARGE[power] for power in (2, 1, 0) if groups[power])
    return re.sub("^零*(一(?=十))?", "", written) or "零"


def _group(number: int) -> str:
    """Four places: 零 for those that are nothing, up to the last that is something."""
    places = zip(f"{number:04}", _SMALL, strict=True)
    written = "".join(_DIGITS[int(d)] + unit if d != "0" else "零" for d, unit in places)
    return re.sub("零+", "零", written).removesuffix("零")


def _whole(text: str) -> int | None:
    if not 0 < len(text) <= 2 * _MOST_DIGITS:
        return None
    if (digits := _in_a_row(text)) is not None:
        return int(digits)
    number = _added_up(text)
    if number is None or len(str(number)) > _MOST_DIGITS or _CUT_SHORT.search(text):
        return None
    return number if _spoken(in_chinese(number)) == _spoken(text) else None


def _in_a_row(text: str) -> str | None:
    """Digits without places: 二〇一五."""
    if not text or not set(text) <= set(_DIGITS):
        return None
    return "".join(str(_DIGITS.index(digit)) for digit in text)


def _spoken(text: str) -> str:
    """Without what is said or not: 十二 and 一十二, 一万零二百 and 一万二百."""
    return text.replace("零", "").replace("一十", "十")


def _added_up(text: str) -> int | None:
    """The sum of the places of a numeral, in whatever order they stand."""
    total, group, digit = 0, 0, 0
    for before, character in zip(" " + text, text, strict=False):
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        elif character in _SMALL:
            implied = character == "十" and before not in _DIGITS[1:]
            group += (1 if implied else digit) * 10 ** (3 - _SMALL.index(character))
            digit = 0
        elif character == "万":
            total, group, digit = total + (group + digit) * 10**4, 0, 0
        elif character == "亿":
            total, group, digit = (total + group + digit) * 10**8, 0, 0
        else:
            return None
    return total + group + digit
