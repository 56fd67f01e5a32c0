from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import screen
from expectations.rule import Outcome, judge, plain_value
from schemas.language.expression import parse_comparison
from schemas.rules.statement import Statement

CHECKS = [
    "x = y + n",
    "x = y - m",
    "x <= y",
    "x < 1.5 * n",
    "x >= n * y",
    "x > m / n",
    "x = n / m * 100",
    "x != y",
    "n = m",
    "n * m <= n + m",
    "x / y <= 2",
    "x = y / (n - m) * 100",
    "present(x)",
]
CONDITIONS = [None, "n > 0", "word = 'yes'", "word != 'yes'", "x = 1"]

counts = st.one_of(st.none(), st.integers(-3, 3), st.integers(-(10**6), 10**6), st.just(2**53 + 1))
amounts = st.one_of(
    st.none(),
    st.decimals(-4, 4, places=2),
    st.decimals(-(10**6), 10**6, places=4),
    st.sampled_from([Decimal("0.005"), Decimal("0.015"), Decimal("33.33")]),
)
widths = st.sampled_from([Decimal(0), Decimal("0.005"), Decimal("0.00005")])
lines = st.tuples(amounts, amounts, counts, counts, st.sampled_from([None, "yes", "no"]))


def frame_of(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    x, y, n, m, word = (list(column) for column in zip(*rows, strict=True))
    return pd.DataFrame(
        {
            "x": pd.Series(x, dtype="object"),
            "y": pd.Series(y, dtype="object"),
            "n": pd.Series(n, dtype="Int64"),
            "m": pd.Series(m, dtype="Int64"),
            "word": pd.Series(word, dtype="str"),
        }
    )


def exactly(statement: Statement, frame: pd.DataFrame) -> list[Outcome]:
    columns = {name: [plain_value(v) for v in frame[name].tolist()] for name in frame.columns}
    return [
        judge(statement, {name: values[i] for name, values in columns.items()}).outcome
        for i in range(len(frame))
    ]


@settings(max_examples=150, deadline=None)
@given(
    check=st.sampled_from(CHECKS),
    when=st.sampled_from(CONDITIONS),
    x=widths,
    y=widths,
    rows=st.lists(lines, min_size=1, max_size=12),
)
def test_screening_whole_columns_gives_the_exact_verdict_on_every_line(
    check: str, when: str | None, x: Decimal, y: Decimal, rows: list[tuple[object, ...]]
) -> None:
    condition = None if when is None else parse_comparison(when)
    statement = Statement(parse_comparison(check), condition, {"x": x, "y": y})
    frame = frame_of(rows)
    assert screen.outcomes(statement, frame).tolist() == exactly(statement, frame)


@settings(max_examples=100, deadline=None)
@given(
    check=st.sampled_from(CHECKS),
    rows=st.lists(st.tuples(lines, widths, widths), min_size=1, max_size=12),
)
def test_lines_may_each_be_as_precise_as_they_are(
    check: str, rows: list[tuple[tuple[object, ...], Decimal, Decimal]]
) -> None:
    frame = frame_of([line for line, _, _ in rows])
    own = {"x": [x for _, x, _ in rows], "y": [y for _, _, y in rows]}
    comparison = parse_comparison(check)
    alone = [
        exactly(Statement(comparison, None, {"x": x, "y": y}), frame.iloc[[number]])
        for number, (_, x, y) in enumerate(rows)
    ]
    found = screen.outcomes(Statement(comparison), frame, own).tolist()
    assert found == [outcome for (outcome,) in alone]


def test_a_difference_that_floating_point_cannot_see_is_seen() -> None:
    statement = Statement(parse_comparison("x = y + 0.1"), None, {})
    rows = [(Decimal("0.3"), Decimal("0.2")), (Decimal("0.30000000000000000001"), Decimal("0.2"))]
    frame = frame_of([(*row, 1, 1, None) for row in rows])
    assert screen.outcomes(statement, frame).tolist() == [Outcome.PASS, Outcome.FAIL]


def test_dates_are_screened_as_days() -> None:
    frame = pd.DataFrame(
        {
            "a": pd.Series([date(2015, 3, 2), date(2015, 3, 1), None], dtype="object"),
            "b": pd.Series([date(2015, 3, 1)] * 3, dtype="object"),
        }
    )
    statement = Statement(parse_comparison("a - b >= 1"))
    expected = [Outcome.PASS, Outcome.FAIL, Outcome.UNDETERMINED]
    assert screen.outcomes(statement, frame).tolist() == expected


def test_a_frame_without_lines_has_no_outcomes() -> None:
    frame = frame_of([(None, None, None, None, None)]).iloc[:0]
    assert screen.outcomes(Statement(parse_comparison("x = n / m")), frame).dtype == np.int8
