from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.language.id_number import Holder, check_character, holder, is_id_number

PUBLISHED = ["11010519491231002X", "440524188001010014"]


@pytest.mark.parametrize("number", PUBLISHED)
def test_the_published_examples_are_valid(number: str) -> None:
    assert is_id_number(number)


@pytest.mark.parametrize("number", PUBLISHED)
@pytest.mark.parametrize("place", range(18))
def test_any_one_digit_changed_is_found(number: str, place: int) -> None:
    for digit in "0123456789X":
        changed = number[:place] + digit + number[place + 1 :]
        assert is_id_number(changed) == (digit == number[place])


def test_a_disability_certificate_is_an_id_number_and_two_digits() -> None:
    assert is_id_number("44052418800101001443")
    assert not is_id_number("4405241880010100144")


def test_an_old_number_has_15_digits_and_a_date() -> None:
    assert is_id_number("110105491231002")
    assert not is_id_number("110105491331002")


def test_a_date_that_does_not_exist_is_found_even_with_its_check_character() -> None:
    body = "11010519490230002"
    assert not is_id_number(body + check_character(body))


@pytest.mark.parametrize(
    "number", ["11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002X"]
)
def test_small_x_full_width_and_blanks_are_the_same_number(number: str) -> None:
    assert is_id_number(number)


@pytest.mark.parametrize(
    ("number", "sex", "born"),
    [
        ("11010519491231002X", "female", date(1949, 12, 31)),
        ("440524188001010014", "male", date(1880, 1, 1)),
        ("44052418800101001443", "male", date(1880, 1, 1)),
        ("110105491231003", "male", date(1949, 12, 31)),
        ("110105491231004", "female", date(1949, 12, 31)),
    ],
)
def test_a_number_says_sex_and_date_of_birth(number: str, sex: str, born: date) -> None:
    assert holder(number) == Holder(sex, born)


def test_an_age_is_in_full_years() -> None:
    of = Holder("female", date(1980, 2, 29))
    days = [date(2015, 2, 28), date(2015, 3, 1), date(2016, 2, 29), date(1979, 12, 31)]
    assert [of.age(day) for day in days] == [34, 35, 36, -1]


@given(st.text(max_size=25))
def test_any_text_has_an_answer(text: str) -> None:
    assert is_id_number(text) in (True, False)
