from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from warehouse.publish.paper import pages

STUB = 14.0  # characters

columns = st.lists(
    st.tuples(st.floats(min_value=8, max_value=22), st.sampled_from("甲乙丙丁")),
    min_size=1,
    max_size=200,
)


def test_a_table_that_can_be_read_on_one_page_stays_on_one() -> None:
    assert pages(STUB, [8.0] * 20, [["项目", str(n)] for n in range(20)]) == [range(20)]


def test_a_wide_table_is_cut_between_its_groups() -> None:
    groups = [[f"指标{n // 6}", str(n)] for n in range(78)]
    assert pages(STUB, [9.0] * 78, groups) == [
        range(24),
        range(24, 48),
        range(48, 72),
        range(72, 78),
    ]


def test_a_group_wider_than_a_page_is_cut_within() -> None:
    found = pages(STUB, [20.0] * 40, [["一", str(n)] for n in range(40)])
    assert found == [range(11), range(11, 22), range(22, 33), range(33, 40)]


@given(columns)
def test_every_column_is_on_one_page_and_no_page_is_empty(table: list[tuple[float, str]]) -> None:
    found = pages(STUB, [width for width, _ in table], [[group, "数"] for _, group in table])
    assert [column for page in found for column in page] == list(range(len(table)))
    assert all(found)
    assert all(before.stop == after.start for before, after in pairwise(found))
