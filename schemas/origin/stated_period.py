"""What the head of a sheet says of its period, and whether that is open."""

import re
from collections.abc import Sequence
from datetime import date

from schemas.drawing.stamp import Stamp
from schemas.errors import SchemeError
from schemas.findings import CellRef, Finding
from schemas.models import Scheme
from schemas.numerals import chinese_number
from schemas.origin.head import Head, issued
from schemas.period import Period
from schemas.place import Place
from schemas.text import NOTHING, Text, listed
from schemas.workbook import Book

_PERIOD = re.compile(
    r"\d{4}年度?(?:\d{1,2}(?:月份?)?[-—–~至到]\d{1,2}月份?"
    r"|[上下]半年|第?[一二三四1-4]季度?|\d{1,2}月份?)?(?![\d日])(?!\d*日)"
    r"|(?<![0-9a-z])\d{4}[hq][1-4](?![0-9a-z])"
)
_WRITTEN_OUT = re.compile("[0零一二三四五六七八九]{4}(?=年)|[一二三四五六七八九十]+(?=月)")
_OTHER_DATES = re.compile("有效期|文号|日期")
_CELLS_OF_PERIOD = 3  # 2003 | 年 | 上半年


def find_period(
    book: Book,
    scheme: Scheme,
    stamp: Stamp | None,
    heads: Sequence[Head],
    on: date,
) -> tuple[str | None, list[Finding]]:
    """The one period that the stamp and every sheet name, with a finding where it is not open."""
    found: dict[Period, list[CellRef]] = {}
    for period, cell in (stated for head in heads for stated in periods_stated(head, scheme)):
        found.setdefault(period, []).append(cell)
    stated = [_label(period) for period in found]
    stamped = None if stamp is None else _period_in(stamp.period, scheme)
    if stamped is not None:
        stated += [] if stamped in found else [issued(_label(stamped))]
        found.setdefault(stamped, [])
    cells = [cell for cells in found.values() for cell in cells]
    if not found:
        return None, [Place().finding("period-missing", file=book.name)]
    if len(found) > 1:
        return None, [Place().finding("period-conflict", cells, stated=listed(stated))]
    (period,) = found
    return period.id, unless_open(period, cells, scheme, on)


def cells_of_period(heads: Sequence[Head], scheme: Scheme) -> list[CellRef]:
    """Where the sheets say for which period they are."""
    return [cell for head in heads for _, cell in periods_stated(head, scheme)]


def unless_open(
    period: Period, cells: Sequence[CellRef], scheme: Scheme, on: date
) -> list[Finding]:
    """The finding that a period is not open on a day, or none."""
    if _is_open(scheme, period.id, on):
        return []
    openly = [entry.period for entry in scheme.periods if _is_open(scheme, entry.id, on)]
    alike = [other for other in openly if other.kind == period.kind] or openly
    told = listed([_label(other) for other in alike]) if alike else NOTHING
    return [Place().finding("period-not-open", cells, stated=_label(period), open=told)]


def periods_stated(head: Head, scheme: Scheme) -> list[tuple[Period, CellRef]]:
    """The periods at the head of a sheet; 2003年 beside 2003年上半年 is no other period."""
    texts = head.texts
    found = [
        (period, texts[place][0])
        for place in range(len(texts))
        if (period := _over_cells(texts[place : place + _CELLS_OF_PERIOD], scheme)) is not None
    ]
    return [
        (period, cell)
        for period, cell in found
        if not any(other != period and period.covers(other) for other, _ in found)
    ]


def names_period(text: str) -> bool:
    """Whether a normalised text has a period in it."""
    return _PERIOD.search(text) is not None


def _over_cells(texts: Sequence[tuple[CellRef, str]], scheme: Scheme) -> Period | None:
    """The period in the first of some texts, or one within it that the next of its row complete."""
    (first, words), *following = texts
    period = _period_in(words, scheme)
    for cell, text in following:
        if period is None or cell.row != first.row:
            break
        words += text
        wider = _period_in(words, scheme)
        period = wider if wider is not None and period.covers(wider) else period
    return period


def _period_in(text: str, scheme: Scheme) -> Period | None:
    if _OTHER_DATES.search(text):
        return None
    if (in_english := scheme.periods_in_english.get(text)) is not None:
        return in_english
    text = _WRITTEN_OUT.sub(_in_digits, text)
    match = _PERIOD.search(text)
    try:
        return Period.parse(text if match is None else match[0])
    except ValueError:
        return None


def _in_digits(match: re.Match[str]) -> str:
    number = chinese_number(match[0])
    return match[0] if number is None else str(number)


def _is_open(scheme: Scheme, period: str, on: date) -> bool:
    try:
        entry = scheme.period(period)
    except SchemeError:
        return False
    return entry.opens <= on and not entry.closed


def _label(period: Period) -> Text:
    return Text(zh=period.label("zh"), en=period.label("en"))
