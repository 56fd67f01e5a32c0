import pickle
from functools import cached_property
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.text import Closed, normalise, normalise_digits


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_headings_compare_without_width_blanks_and_breaks() -> None:
    assert normalise("低收入困难家庭\u3000\u3000(户)") == normalise("低收入\n困难家庭（户）")


def test_characters_that_look_like_zero_are_zero() -> None:
    assert normalise_digits("二〇〇三") == "二00三"
    assert normalise_digits("２ΟО○") == "2000"


class _Part:
    """Sent, it makes its whole work something out, as another thread may at that moment."""

    def __init__(self, whole: "list[_Whole]") -> None:
        self.whole = whole

    def __reduce__(self) -> tuple[type[list[object]], tuple[()]]:
        assert self.whole[0].worked_out == 1
        return list, ()


class _Whole(Closed):
    part: Any
    last: int = 0

    @cached_property
    def worked_out(self) -> int:
        return 1


def test_a_model_can_be_sent_while_something_is_worked_out_of_it() -> None:
    wholes: list[_Whole] = []
    wholes.append(_Whole(part=_Part(wholes), last=2))
    sent = pickle.loads(pickle.dumps(wholes[0]))
    assert (sent.part, sent.last) == ([], 2)
    assert "worked_out" not in sent.__dict__
