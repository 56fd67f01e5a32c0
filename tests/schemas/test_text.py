from hypothesis import given
from hypothesis import strategies as st

from schemas.text import normalise, normalise_digits


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_headings_compare_without_width_blanks_and_breaks() -> None:
    assert normalise("低收入困难家庭\u3000\u3000(户)") == normalise("低收入\n困难家庭（户）")


def test_characters_that_look_like_zero_are_zero() -> None:
    assert normalise_digits("二〇〇三") == "二00三"
    assert normalise_digits("２ΟО○") == "2000"
