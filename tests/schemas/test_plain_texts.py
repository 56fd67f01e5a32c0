"""A column of plain texts, taken as it is, is what each of its cells says alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.models import Indicator
from schemas.text import Text
from schemas.typed.cells import Terms, TypedCell, plain_texts, type_cell

LABEL = Text(zh="栏", en="Column")
WORDS = Indicator(name="words", label=LABEL, kind="text")
KEY = WORDS.model_copy(update={"key": True})
ID_NUMBER = WORDS.model_copy(update={"format": "id_number"})
PHONE = WORDS.model_copy(update={"format": "phone"})
COUNT = Indicator(name="count", label=LABEL, kind="integer")

columns = st.sampled_from([WORDS, KEY, ID_NUMBER, PHONE])
near = st.text("0９9xXé王同上々①Ⅷ ·\u200b\u3000'.+Eß\u0301", max_size=4)


@given(columns, st.lists(st.one_of(near, st.text(max_size=3), st.just("")), max_size=4))
def test_plain_texts_are_read_like_cells(indicator: Indicator, cells: list[str]) -> None:
    values = plain_texts(cells, indicator)
    if values is not None:
        alone = [type_cell(cell, indicator, Terms()) for cell in cells]
        assert [TypedCell(value) for value in values] == alone


def test_names_and_numbers_are_plain() -> None:
    assert plain_texts(["薛伟", "", "王峰"], KEY) == ["薛伟", None, "王峰"]
    assert plain_texts(["14263619670420289x"], ID_NUMBER) == ["14263619670420289X"]


@pytest.mark.parametrize("cell", ["张 三", "１２", "\u200b张", 12.0, "行\ufa08"])
def test_what_is_folded_or_no_text_is_looked_at_by_itself(cell: str | float) -> None:
    assert plain_texts(["薛伟", cell], WORDS) is None


def test_numbers_are_no_texts() -> None:
    assert plain_texts(["12"], COUNT) is None
