from hypothesis import given
from hypothesis import strategies as st

from warehouse.publish.figures import balanced, display_lines
from warehouse.publish.headers import depth, spans

labels = st.sampled_from(["甲", "乙", "丙"])
paths = st.lists(st.lists(labels, min_size=1, max_size=4), min_size=1, max_size=12)


@given(paths)
def test_header_cells_cover_the_header_and_never_overlap(columns: list[list[str]]) -> None:
    covered = [
        (row, column)
        for span in spans(columns)
        for row in range(span.first_row, span.last_row + 1)
        for column in range(span.first_column, span.last_column + 1)
    ]
    assert len(covered) == len(set(covered)) == depth(columns) * len(columns)


@given(paths)
def test_every_column_ends_in_its_innermost_label(columns: list[list[str]]) -> None:
    leaves = [span for span in spans(columns) if span.leaf]
    assert [span.text for span in leaves] == [path[-1] for path in columns]
    assert {span.last_row for span in leaves} == {depth(columns) - 1}


def test_equal_groups_that_are_not_neighbours_stay_apart() -> None:
    found = [
        (s.first_column, s.last_column, s.text) for s in spans([["甲", "一"], ["乙"], ["甲", "二"]])
    ]
    assert found == [(0, 0, "甲"), (0, 0, "一"), (1, 1, "乙"), (2, 2, "甲"), (2, 2, "二")]


@given(st.text(st.sampled_from("贫困村个数ab "), min_size=1, max_size=30), st.integers(4, 20))
def test_breaking_a_label_loses_nothing_but_blanks_and_adds_no_line(text: str, width: int) -> None:
    broken = balanced(text, width)
    assert broken.replace("\n", "").replace(" ", "") == text.replace(" ", "")
    assert broken.count("\n") < display_lines(text, width)
