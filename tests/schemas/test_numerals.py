import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.numerals import chinese_number, in_chinese

FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("零", "0"),
        ("十二", "12"),
        ("一十二", "12"),
        ("一千二百", "1200"),
        ("一千零二", "1002"),
        ("两万三千", "23000"),
        ("一万零三十", "10030"),
        ("一万二百", "10200"),
        ("二千万一千", "20001000"),
        ("一亿零五万", "100050000"),
        ("二〇一五", "2015"),
        ("二○一五", "2015"),
        ("壹佰贰拾", "120"),
        ("貳仟", "2000"),
        ("三点一四", "3.14"),
    ],
)
def test_numerals_as_they_are_written(text: str, number: str) -> None:
    assert str(chinese_number(text)) == number


@pytest.mark.parametrize(
    "text", ["", "一千二", "三万五", "百", "万", "二十百", "点五", "五点", "人", "十" * 40]
)
def test_what_is_no_numeral_or_has_two_readings_is_refused(text: str) -> None:
    assert chinese_number(text) is None


@given(st.integers(0, 10**12 - 1))
def test_every_whole_number_is_read_as_it_is_written(number: int) -> None:
    assert chinese_number(in_chinese(number)) == number
    assert chinese_number(in_chinese(number).translate(FORMAL)) == number


@given(st.integers(0, 10**9))
def test_every_row_of_digits_is_read(number: int) -> None:
    written = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    assert chinese_number(written) == number


@given(st.text("零一二三四五六七八九十百千万亿点", max_size=12))
def test_any_numeral_ends_in_a_number_or_in_none(text: str) -> None:
    number = chinese_number(text)
    assert number is None or number >= 0
