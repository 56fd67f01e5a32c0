"""The two settings that say when: a line of cron and a time zone."""

import re
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

_FIVE_FIELDS = re.compile(r"[\w*,/#?-]+(?: +[\w*,/#?-]+){4}")


def _has_five_fields(cron: str) -> str:
    if not _FIVE_FIELDS.fullmatch(cron):
        raise ValueError(f"{cron!r} is no schedule; write five fields such as '30 2 * * *'")
    return cron


def _is_known(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        told = f"{name!r} is no time zone; write one such as Asia/Shanghai"
        raise ValueError(told) from None


CronLine = Annotated[str, AfterValidator(_has_five_fields)]
"""Minute, hour, day, month and weekday."""

TimeZone = Annotated[str, AfterValidator(_is_known)]
"""The name of a time zone."""
