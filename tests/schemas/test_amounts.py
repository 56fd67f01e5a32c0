from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.typed.amounts import Amount, amount_in, power_of


def amount(number: str, step: str, *, power: int = 0, unit: str = "", rough: str = "") -> Amount:
    return Amount(Decimal(number), Decimal(step), power, unit, rough)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12", amount("12", "1")),
        ("1.50", amount("1.50", "0.01")),
        ("１，２３４．５", amount("1234.5", "0.1")),
        ("2○15", amount("2015", "1")),
        ("-5", amount("-5", "1")),
        ("负五", amount("-5", "1")),
        (" 12\n", amount("12", "1")),
        ("　３０　户", amount("30", "1", unit="户")),
        ("30（户）", amount("30", "1", unit="户")),
        ("20万元", amount("200000", "10000", power=4, unit="元")),
        ("1.2万", amount("12000", "1000", power=4)),
        ("一千二百户", amount("1200", "1", power=2, unit="户")),
        ("壹佰元整", amount("100", "1", power=2, unit="元")),
        ("85%", amount("85", "1", unit="%")),
        ("百分之八十五", amount("85", "1", unit="%")),
        ("约30", amount("30", "1", rough="约")),
        ("近1.2万人", amount("12000", "1000", power=4, unit="人", rough="近")),
        ("300余人", amount("300", "1", unit="人", rough="余")),
        ("1万余元", amount("10000", "10000", power=4, unit="元", rough="余")),
        ("30户以上", amount("30", "1", unit="户", rough="以上")),
        ("12.5m²", amount("12.5", "0.1", unit="m2")),
        ("三万五千", amount("35000", "1", power=4)),
        ("二O一五", amount("2015", "1")),
        ("二０一五", amount("2015", "1")),
        ("1O5", amount("105", "1")),
        ("～80", amount("80", "1", rough="~")),
    ],
)
def test_an_amount_is_a_number_a_unit_and_how_rough_it_is(text: str, found: Amount) -> None:
    assert amount_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "无",
        "7(28)",
        "12\n13",
        "1 2",
        "1,23",
        "12,",
        "1e3",
        "3万5千",
        "12元5角",
        "第3",
        "一",
        "九九" * 30,
    ],
)
def test_what_is_no_amount_or_more_than_one_is_none(text: str) -> None:
    assert amount_in(text) is None


@given(st.decimals(-(10**9), 10**9, places=4))
def test_every_number_is_read_back_with_its_precision(number: Decimal) -> None:
    assert amount_in(f"{number:,}") == Amount(number, Decimal("0.0001"))


def test_the_magnitude_of_a_unit_stands_before_it() -> None:
    assert [power_of(word) for word in ("万元", "元", "千瓦时", "亿")] == [
        (4, "元"),
        (0, "元"),
        (3, "瓦时"),
        (8, ""),
    ]
