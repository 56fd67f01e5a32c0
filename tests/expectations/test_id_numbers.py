import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from expectations.id_numbers import are_id_numbers
from schemas.id_number import check_character, is_id_number

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


def test_a_leap_day_and_what_is_written_otherwise_are_looked_at_singly() -> None:
    body = "11010519480229002"
    numbers = [body + check_character(body), "110105491231002", "11010519491231002x"]
    assert are_id_numbers(pd.Series(numbers, dtype="str")).all()
