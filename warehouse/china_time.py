"""The time of day in China, by which a day ends and a return is late."""

from datetime import timedelta, timezone

CHINA_TIME = timezone(timedelta(hours=8))
"""All of China keeps one time, without summer time."""
