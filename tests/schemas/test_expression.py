from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.language import expression
from schemas.language.expression import (
    Binary,
    Comparison,
    Name,
    Node,
    Number,
    evaluate,
    parse_value,
    render,
    written,
)
from schemas.language.linear import ratio_of


def test_arithmetic_as_forms_print_it() -> None:
    parsed = expression.parse_comparison("stock_now ＝ stock_prev ＋ built × 2")
    assert parsed == Comparison(
        Name("stock_now"),
        "=",
        Binary("+", Name("stock_prev"), Binary("*", Name("built"), Number(Decimal(2)))),
    )
    assert expression.names(parsed) == ("stock_now", "stock_prev", "built")


@pytest.mark.parametrize(
    ("text", "comparator"),
    [("a ≤ b", "<="), ("a>=b", ">="), ("a ≠ b", "!="), ("a != b", "!="), ("a = b", "=")],
)
def test_comparators(text: str, comparator: str) -> None:
    assert expression.parse_comparison(text).comparator == comparator


@pytest.mark.parametrize(
    "text",
    [
        "a = ",
        "a + b",
        "a = b = c",
        "__import__('os')",
        "a.b.c = 1",
        "a[0] = 1",
        "f(a) = 1",
        "a ** 2 = 4",
    ],
)
def test_what_is_no_rule_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        expression.parse_comparison(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sex(a)", "female"),
        ("birth_date(a)", date(1949, 12, 31)),
        ("age(a, day('2015-12-30')) + 1", Decimal(66)),
        ("sex(b)", None),
        ("age(c, day('2015-12-30')) + 1", None),
    ],
)
def test_what_an_id_number_says(text: str, value: expression.Value | None) -> None:
    numbers = {"a": "11010519491231002X", "b": "110105194912310021", "c": None}
    assert evaluate(parse_value(text), numbers) == value


def test_unknown_operand_and_zero_divisor_give_unknown() -> None:
    node = parse_value("a / b * 100")
    assert evaluate(node, {"a": Decimal(1), "b": None}) is None
    assert evaluate(node, {"a": Decimal(1), "b": Decimal(0)}) is None
    assert evaluate(node, {"a": Decimal(0), "b": Decimal(0)}) is None
    assert evaluate(node, {"a": Decimal(1), "b": Decimal(8)}) == Decimal("12.5")


def test_sums_of_decimals_are_exact() -> None:
    node = parse_value("a + b + c")
    values = {"a": Decimal("0.1"), "b": Decimal("0.2"), "c": Decimal("-0.3")}
    assert evaluate(node, values) == 0


def test_dates_subtract_to_days() -> None:
    node = parse_value("arrived - issued")
    assert evaluate(node, {"arrived": date(2015, 3, 1), "issued": date(2015, 2, 1)}) == 28


def test_present_is_a_statement_of_its_own() -> None:
    parsed = expression.parse_comparison("present(grid_date)")
    assert evaluate(parsed.left, {"grid_date": None}) is False
    assert evaluate(parsed.left, {"grid_date": date(2015, 1, 1)}) is True


def test_ratio_shapes() -> None:
    ratio = ratio_of(parse_value("a / (b + c) * 100"))
    assert (ratio.numerator, ratio.factor) == (Name("a"), Decimal(100))
    with pytest.raises(ValueError, match="a / b"):
        ratio_of(parse_value("a + b"))


numbers = st.integers(0, 999).map(Decimal)
nodes: st.SearchStrategy[Node] = st.recursive(
    st.one_of(st.builds(Number, numbers), st.builds(Name, st.sampled_from("abc"))),
    lambda inner: st.builds(Binary, st.sampled_from("+-*"), inner, inner),
    max_leaves=8,
)


@given(nodes, st.fixed_dictionaries(dict.fromkeys("abc", numbers)))
def test_a_rendered_expression_means_the_same_when_read_again(
    node: Node, values: dict[str, Decimal]
) -> None:
    again = parse_value(render(node, lambda name: name))
    assert evaluate(again, values) == evaluate(node, values)


@given(nodes, nodes, st.sampled_from(["=", "<=", ">=", "<", ">", "!="]))
def test_a_written_statement_is_read_as_the_same_statement(
    left: Node, right: Node, comparator: expression.Comparator
) -> None:
    statement = Comparison(left, comparator, right)
    assert expression.parse_comparison(written(statement)) == statement


@pytest.mark.parametrize(
    "text",
    [
        "present(a)",
        "a = 'x'",
        "a != 'x'",
        "a >= 0.1",
        "a >= -5",
        "sex(a) = 'male'",
        "b = birth_date(a)",
        "age(a, day('2015-12-31')) >= 16",
        "b = age(a, end(period))",
    ],
)
def test_what_stands_in_a_written_statement_is_kept(text: str) -> None:
    statement = expression.parse_comparison(text)
    assert expression.parse_comparison(written(statement)) == statement


@pytest.mark.parametrize(
    "text", ["a / (b / c)", "a / (b * c)", "a / b / c", "a * (b / c)", "a - (b - c)", "-(a + b)"]
)
def test_brackets_stay_where_they_matter(text: str) -> None:
    values = {"a": Decimal(24), "b": Decimal(8), "c": Decimal(2)}
    again = parse_value(render(parse_value(text), lambda name: name))
    assert evaluate(again, values) == evaluate(parse_value(text), values)
