"""A day as people write it, in a dozen ways; what leaves open which day it is, is none."""

import re
import unicodedata
from datetime import date, timedelta

from schemas.numerals import chinese_number
from schemas.text import normalise_digits, zeros_for_letters

EPOCH = date(1899, 12, 30)
"""The day from which Excel counts days."""

EPOCH_1904 = date(1904, 1, 1)
"""The day from which workbooks count that were begun on an old Macintosh."""

EARLIEST, LATEST = date(1949, 10, 1), date(2099, 12, 31)
"""The first and last date that a form accepts, but for dates of birth."""

EARLIEST_BIRTH = date(1906, 1, 1)
"""The first date of birth: 1952, typed for a year, is a day of 1905."""

_FIRST_SERIAL, _LAST_SERIAL = 1, 73050  # 1900-01-01 to 2099-12-31
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*"
_CENTURY = 2000  # of a year that is written with two digits: 15年

_SIDE = re.compile(  # the time of day and the day of the week, which some systems write with it
    r"[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$|\s*\(?(?:星期|周)[一二三四五六日天]\)?$"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})[-./、\\](?P<month>\d{1,2})[-./、\\](?P<day>\d{1,2})\.?",
        r"(?P<year>\d{4}|\d{2})年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        rf"(?P<day>\d{{1,2}})[-/.,]?{_MONTH}[-/.,]*(?P<year>\d{{4}})",
        rf"{_MONTH}[-/.,]?(?P<day>\d{{1,2}})[-/.,]*(?P<year>\d{{4}})",
    )
)
# 12/31/2015 is clear, 2/3/2015 is not.
_DAY_FIRST = re.compile(r"(?P<one>\d{1,2})[-./](?P<other>\d{1,2})[-./](?P<year>\d{4})")
_SPACED = re.compile(r"(\d{4})\s+(\d{1,2})\s+(\d{1,2})")
_NUMERAL = re.compile(r"[零〇○0一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]+")


def date_in(text: str) -> date | None:
    """The one day that a text names; None where it names none, or leaves the day open."""
    plain = _SIDE.sub("", unicodedata.normalize("NFKC", text).strip())
    spaced = _SPACED.fullmatch(plain)
    folded = "-".join(spaced.groups()) if spaced else _folded(plain)
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(folded):
            year = int(match["year"])
            return _day(year if year > 99 else _CENTURY + year, match["month"], match["day"])
    if match := _DAY_FIRST.fullmatch(folded):
        days = {
            _day(int(match["year"]), *pair) for pair in _both_ways(match["one"], match["other"])
        }
        found = [day for day in days if day is not None]
        return found[0] if len(found) == 1 else None
    return None


def date_of(serial: float, epoch: date) -> date | None:
    """The day that a number of days since an epoch is; None where it is no likely one."""
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        return None
    return epoch + timedelta(days=int(serial))


def _folded(text: str) -> str:
    """A text without blanks and with digits for what is written out: 二〇一五年十二月."""
    bare = zeros_for_letters(re.sub(r"\s", "", text))
    if "年" in bare:
        bare = _NUMERAL.sub(_in_digits, bare)
    return normalise_digits(bare)


def _in_digits(match: re.Match[str]) -> str:
    number = None if match[0].isascii() else chinese_number(match[0])
    return match[0] if number is None else str(number)


def _both_ways(one: str, other: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (one, other), (other, one)


def _day(year: int, month: str, day: str) -> date | None:
    number = _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else int(month)
    try:
        return date(year, number, int(day))
    except ValueError:
        return None
