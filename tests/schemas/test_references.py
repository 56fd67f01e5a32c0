from decimal import Decimal

import pytest

from schemas.consolidated.relations import operand
from schemas.language import expression
from schemas.language.references import Reference
from schemas.models import Scheme
from schemas.period import Period


def parsed(text: str) -> Reference:
    (name,) = expression.names(expression.parse_comparison(f"{text} = 0"))
    assert expression.names(expression.parse_comparison(f"{name} = 0")) == (name,)
    return Reference.parse(name)


def test_a_published_figure_of_a_form() -> None:
    assert parsed("training.person_times") == Reference("training", "person_times")


def test_a_sum_over_chosen_lines() -> None:
    assert parsed("sum(pv.income where status = 'grid' and capacity_kw = 100)") == Reference(
        "pv", "income", "sum", (("status", "grid"), ("capacity_kw", Decimal(100)))
    )


def test_a_count_of_lines_in_another_period() -> None:
    assert parsed("previous(count(hh_register))") == Reference(
        "hh_register", None, "count", (), "previous"
    )


@pytest.mark.parametrize(
    ("shift", "period", "taken_from"),
    [
        ("previous", "2016H1", ["2015H2"]),
        ("previous", "2015-03", ["2015-02"]),
        ("previous_in_year", "2015-03", ["2015-02"]),
        ("previous_in_year", "2015-01", []),
        ("last_year", "2015Q3", ["2014Q3"]),
        ("last_year_end", "2003H1", ["2002", "2002H2", "2002Q4", "2002-12"]),
        ("plan", "2015-03", ["2015", "2015-03"]),
        ("plan", "2015", ["2015"]),
    ],
)
def test_the_period_that_a_figure_is_taken_from(
    shift: str, period: str, taken_from: list[str]
) -> None:
    reference = parsed(f"{shift}(biogas.stock_now)")
    assert [found.id for found in reference.periods(Period.parse(period))] == taken_from


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lastyear(a.b)", "no function 'lastyear'"),
        ("previous(last_year(a.b))", "stands around all of it"),
        ("previous(a)", "not a figure: 'a'"),
        ("a.b.c", "not a figure: 'a.b.c'"),
        ("count(a.b)", "count(…) takes a form"),
        ("sum(a)", "sum(…) takes a form.column"),
        ("sum(a.b where c > 1)", "chosen by column = value"),
    ],
)
def test_what_names_no_figure_is_refused_with_a_reason(text: str, said: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011  # said below
        parsed(text)
    assert said in str(raised.value)


def test_no_rule_names_a_rank(scheme: Scheme) -> None:
    with pytest.raises(
        ValueError, match=r"assessment\.rank is a rank: it changes with the returns"
    ):
        operand("assessment.rank", scheme)
