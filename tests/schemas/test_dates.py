from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.dates import EPOCH, EPOCH_1904, date_in, date_of

DAY = date(2015, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2015-12-31",
        "2015.12.31.",
        "2015/12/31",
        "2015\\12\\31",
        "2015、12、31",
        "2015 12 31",
        "20151231",
        "２０１５年 12月31日",
        "2015年12月31号",
        "2〇15年12月31",
        "15年12月31日",
        "二〇一五年十二月三十一日",
        "二○一五年十二月三十一日（星期四）",
        "2015-12-31 08:30",
        "2015-12-31T08:30:00.5",
        "12/31/2015",
        "31.12.2015",
        "31-Dec-2015",
        "December 31, 2015",
    ],
)
def test_a_day_in_any_of_its_spellings(text: str) -> None:
    assert date_in(text) == DAY


@pytest.mark.parametrize(
    "text", ["2/3/2015", "2015.12", "2015-02-30", "2015年12月", "42369", "年底", ""]
)
def test_what_leaves_the_day_open_is_none(text: str) -> None:
    assert date_in(text) is None


def test_days_are_counted_from_either_epoch() -> None:
    assert date_of(42369, EPOCH) == date_of(42369 - 1462, EPOCH_1904) == DAY
    assert (date_of(0, EPOCH), date_of(123456, EPOCH)) == (None, None)


@given(st.dates(date(1949, 10, 1), date(2099, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    assert date_in(day.isoformat()) == date_in(f"{day.year}年{day.month}月{day.day}日") == day
