from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from expectations.id_numbers import are_id_numbers, holders
from schemas.language.id_number import Holder, check_character, holder, is_id_number

_DIGITS = st.text("0123456789", min_size=17, max_size=17)
_DATES = st.dates().map(lambda date: f"110105{date.year:04}{date.month:02}{date.day:02}002")
_WITH_CHECKS = (_DIGITS | _DATES).map(lambda body: body + check_character(body))
_MANGLED = st.builds(
    lambda number, at, letter: number[:at] + letter + number[at + 1 :],
    _WITH_CHECKS,
    st.integers(0, 18),
    st.sampled_from(["", "x", " ", "１", "²", "٣", "/", ":", "7", "\U0001d7d8", "\0"]),
)


@given(st.lists(_WITH_CHECKS | _MANGLED | st.text(max_size=21), max_size=12))
def test_a_column_is_decided_as_each_of_its_numbers(numbers: list[str]) -> None:
    column = pd.Series(numbers, dtype="str")
    assert are_id_numbers(column).tolist() == [is_id_number(number) for number in numbers]


@given(st.lists(_WITH_CHECKS | _MANGLED | st.none(), max_size=12), st.dates())
def test_a_column_says_what_each_of_its_numbers_says(numbers: list[str | None], on: date) -> None:
    found = holders(pd.Series(numbers, dtype="str"))
    said = [None if number is None else holder(number) for number in numbers]
    assert found.known.tolist() == [one is not None for one in said]
    sexes = ["male" if male else "female" for male in found.male]
    born = [date.fromordinal(day) for day in found.birth_dates]
    for one, sex, birth_date, age in zip(said, sexes, born, found.ages(on), strict=True):
        if one is not None:
            assert (one, one.age(on)) == (Holder(sex, birth_date), age)


def test_a_leap_day_and_what_is_written_otherwise_are_looked_at_singly() -> None:
    body = "11010519480229002"
    numbers = [body + check_character(body), "110105491231002", "11010519491231002x"]
    assert are_id_numbers(pd.Series(numbers, dtype="str")).all()
