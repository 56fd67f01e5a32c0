from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.period import Period, PeriodKind

KINDS: dict[PeriodKind, int] = {"year": 1, "half_year": 2, "quarter": 4, "month": 12}

periods = st.sampled_from(sorted(KINDS)).flatmap(
    lambda kind: st.builds(
        Period,
        year=st.integers(1949, 2100),
        kind=st.just(kind),
        ordinal=st.integers(1, KINDS[kind]),
    )
)


@given(periods)
def test_id_and_chinese_label_read_back_as_the_same_period(period: Period) -> None:
    assert Period.parse(period.id) == period
    assert Period.parse(period.label("zh")) == period


@pytest.mark.parametrize(
    ("text", "period_id"),
    [
        ("2003年上半年", "2003H1"),
        ("二〇一五年", None),
        ("２０１５年度", "2015"),
        ("2015 年", "2015"),
        ("2003h1", "2003H1"),
        ("2015年7月份", "2015-07"),
        ("2015年第三季度", "2015Q3"),
        ("2o15", "2015"),
        ("2003年1-6月", "2003H1"),
        ("2003年度7月至12月份", "2003H2"),
        ("2015年１～３月", "2015Q1"),
        ("2015年1-12月", "2015"),
        ("2015年1-9月", None),
        ("2015年2-7月", None),
        ("2015-13", None),
        ("2015H3", None),
        ("", None),
    ],
)
def test_spellings(text: str, period_id: str | None) -> None:
    if period_id is None:
        with pytest.raises(ValueError, match=r"period|number"):
            Period.parse(text)
    else:
        assert Period.parse(text).id == period_id


def test_first_and_last_day() -> None:
    half = Period.parse("2003H1")
    assert (half.start, half.end) == (date(2003, 1, 1), date(2003, 6, 30))
    assert Period.parse("2004-02").end == date(2004, 2, 29)


def test_periods_sort_by_their_end_and_a_year_after_its_last_quarter() -> None:
    ids = ["2015", "2015Q4", "2003H1", "2015-12", "2014"]
    assert [p.id for p in sorted(map(Period.parse, ids))] == [
        "2003H1",
        "2014",
        "2015",
        "2015Q4",
        "2015-12",
    ]
