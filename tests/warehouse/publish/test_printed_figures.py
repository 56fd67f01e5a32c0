"""Figures as they are printed."""

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from warehouse.publish.figures import plain, printed

PLACES = 2
STATED = st.decimals(Decimal("-1e9"), Decimal("1e9"), places=PLACES)


@given(st.lists(STATED, min_size=1, max_size=17))
@example([Decimal("50.23"), Decimal("5.24")])
def test_printed_parts_add_up_to_the_printed_total(parts: list[Decimal]) -> None:
    def read(value: Decimal) -> Decimal:
        return Decimal(printed(value, PLACES).replace(",", ""))

    assert sum(map(read, parts)) == read(sum(parts, Decimal(0)))


def test_a_digit_less_would_part_them() -> None:
    one, other = Decimal("5.023"), Decimal("0.524")
    figures = (one, other, one + other)
    assert [plain(each, PLACES) for each in figures] == ["5.02", "0.52", "5.55"]
    assert [plain(each, PLACES + 1) for each in figures] == ["5.023", "0.524", "5.547"]
