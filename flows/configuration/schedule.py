"""The two settings that say when: a line of cron and a time zone."""

import re
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

_FIVE_FIELDS = re.compile(r"[\w*,/#?-]+(?: +[\w*,/#?-]+){4}")

_MOST = (59, 23, 31, 12, 7)
"""The largest number in each of them."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = frozenset({*_MONTHS, *_WEEKDAYS, "l"})  # l is the last day of a month


def _is_schedule(cron: str) -> str:
    words = [
        (word, most)
        for field, most in zip(cron.split(), _MOST, strict=False)
        for word in re.findall(r"\w+", field)
    ]
    if not _FIVE_FIELDS.fullmatch(cron) or not all(_may_stand(*word) for word in words):
        raise ValueError(f"{cron!r} is no schedule; write five fields such as '30 2 * * *'")
    return cron


def _may_stand(word: str, most: int) -> bool:
    return int(word) <= most if word.isdecimal() else word.lower() in _NAMES


def _is_known(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        told = f"{name!r} is no time zone; write one such as Asia/Shanghai"
        raise ValueError(told) from None


CronLine = Annotated[str, AfterValidator(_is_schedule)]
"""Minute, hour, day, month and weekday."""

TimeZone = Annotated[str, AfterValidator(_is_known)]
"""The name of a time zone."""
