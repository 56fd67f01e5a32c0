"""Reporting periods by their ids: 2015, 2003H1, 2015Q3, 2015-07."""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from schemas.text import Language, normalise_digits

PeriodKind = Literal["year", "half_year", "quarter", "month"]

_KEPT = 1024  # texts that are kept parsed

_MONTHS: dict[PeriodKind, int] = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}
_ID = re.compile(r"(?P<year>\d{4})(?:H(?P<half_year>[12])|Q(?P<quarter>[1-4])|-(?P<month>\d{2}))?")
_WORDED = re.compile(
    r"(?P<year>\d{4})年?度?"
    r"(?:(?P<half_year>上|下)半年|第?(?P<quarter>[一二三四1-4])季度?|(?P<month>\d{1,2})月份?)?"
)
_SPAN = re.compile(
    r"(?P<year>\d{4})年度?(?P<first>\d{1,2})(?:月份?)?[-—–~至到](?P<last>\d{1,2})月份?"
)
_ORDINALS = {"上": 1, "下": 2, "一": 1, "二": 2, "三": 3, "四": 4}
_HALVES = {1: ("上半年", "first half"), 2: ("下半年", "second half")}


@dataclass(frozen=True)
class Period:
    """One reporting period. `ordinal` counts from 1 within the year and is 1 for a year."""

    year: int
    kind: PeriodKind
    ordinal: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.ordinal <= 12 // _MONTHS[self.kind]:
            raise ValueError(f"no {self.kind} number {self.ordinal} in a year")

    @classmethod
    @lru_cache(maxsize=_KEPT)
    def parse(cls, text: str) -> "Period":
        """Read an id (2003H1) or the words of a form (2003年上半年, 2003年1-6月, 2015年度).

        Raises ValueError when the text names no period.
        """
        folded = normalise_digits(text)
        if span := _SPAN.fullmatch(folded):
            return cls._of_months(*map(int, span.groups()))
        match = _ID.fullmatch(folded.upper()) or _WORDED.fullmatch(folded)
        if match is None:
            raise ValueError(f"not a period: {text!r}; write 2015, 2003H1, 2015Q3 or 2015-07")
        year = int(match["year"])
        for kind in ("half_year", "quarter", "month"):
            if part := match[kind]:
                return cls(year, kind, _ORDINALS.get(part) or int(part))
        return cls(year, "year")

    @classmethod
    def _of_months(cls, year: int, first: int, last: int) -> "Period":
        """The period of some months of a year. Raises ValueError where they are none."""
        for kind, months in _MONTHS.items():
            if last - first + 1 == months and last % months == 0:
                return cls(year, kind, last // months)
        raise ValueError(f"not a period: months {first} to {last} of {year}")

    @classmethod
    def all_of(cls, kind: PeriodKind, years: Iterable[int]) -> "Iterator[Period]":
        """Every period of a kind in some years."""
        for year in years:
            for ordinal in range(1, 12 // _MONTHS[kind] + 1):
                yield cls(year, kind, ordinal)

    @property
    def id(self) -> str:
        """The stable id, as in file and table names."""
        suffix = {
            "year": "",
            "half_year": f"H{self.ordinal}",
            "quarter": f"Q{self.ordinal}",
            "month": f"-{self.ordinal:02}",
        }
        return f"{self.year}{suffix[self.kind]}"

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, (self.ordinal - 1) * _MONTHS[self.kind] + 1, 1)

    @property
    def end(self) -> date:
        """The last day."""
        month = self.ordinal * _MONTHS[self.kind]
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    def before(self) -> "Period":
        """The period of the same kind that ends the day before this one starts."""
        if self.ordinal > 1:
            return Period(self.year, self.kind, self.ordinal - 1)
        return Period(self.year - 1, self.kind, 12 // _MONTHS[self.kind])

    def covers(self, other: "Period") -> bool:
        """Whether another period lies within this one."""
        return self.start <= other.start and other.end <= self.end

    def label(self, language: Language) -> str:
        """The words printed on a form."""
        if language == "zh":
            part = {
                "year": "",
                "half_year": _HALVES.get(self.ordinal, ("", ""))[0],
                "quarter": f"{'一二三四'[min(self.ordinal, 4) - 1]}季度",
                "month": f"{self.ordinal}月",
            }[self.kind]
            return f"{self.year}年{part}"
        part = {
            "year": "",
            "half_year": f"{_HALVES.get(self.ordinal, ('', ''))[1]} of ",
            "quarter": f"quarter {self.ordinal} of ",
            "month": f"{calendar.month_name[self.ordinal]} ",
        }[self.kind]
        return f"{part}{self.year}"

    def __str__(self) -> str:
        return self.id

    def __lt__(self, other: "Period") -> bool:
        return (self.end, self.start) < (other.end, other.start)
