import pytest

from schemas.layout import column_numbers
from schemas.models import Form, Rule, Scheme
from schemas.rules.column_numbers import in_names, unknown_numbers
from schemas.text import Text

LABEL = Text(zh="关系", en="A relation")


def named(form: Form, check: str) -> str:
    rule = Rule(id=f"{form.code}-x", check=check, label=LABEL)
    return in_names(form.model_copy(update={"rules": (rule,)})).rules[0].check


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("6=1+4", "stock_now=stock_prev+built_ytd"),
        ("（6）＝（1）＋（4）", "(stock_now)=(stock_prev)+(built_ytd)"),
        ("4≥5", "built_ytd≥sealed"),
        ("4 ≤ 1.5 × 2", "built_ytd≤1.5×plan_year"),
        ("7=4÷2×100%", "plan_pct=built_ytd÷plan_year×100"),
        ("9 > 0", "residue_households>0"),
        ("9 <= 1 * stock_now", "9 <= 1 * stock_now"),
    ],
)
def test_a_statement_without_names_speaks_of_columns_by_number(
    scheme: Scheme, printed: str, written: str
) -> None:
    assert named(scheme.form("biogas"), printed) == written


def test_a_number_that_no_column_has_is_left_and_reported(scheme: Scheme) -> None:
    form = scheme.form("biogas")
    assert named(form, "6=1+40") == "6=1+40"
    assert unknown_numbers("6=1+40", form) == ["40"]
    assert unknown_numbers("sealed <= 40", form) == []


def test_a_formula_may_be_written_in_column_numbers(scheme: Scheme) -> None:
    form = scheme.form("biogas")
    columns = tuple(
        column.model_copy(update={"computed": "1+4"}) if column.name == "stock_now" else column
        for column in form.indicators
    )
    read = in_names(form.model_copy(update={"indicators": columns}))
    assert read["stock_now"].computed == "stock_prev+built_ytd"


def test_the_numbers_are_those_that_the_sheet_prints(scheme: Scheme) -> None:
    numbers = column_numbers(scheme.form("mutual_fund"))
    assert (numbers["township"], numbers["village"], numbers["households"]) == ("甲", "乙", "1")
    # The first column of a form with one line is the county's name.
    assert column_numbers(scheme.form("lookback"))["stage"] == "乙"


@pytest.mark.parametrize(
    ("exhaustive", "check"),
    [(True, "transferred = away + local"), (False, "away + local ≤ transferred")],
)
def test_parts_make_up_the_whole_or_no_more_than_it(exhaustive: bool, check: str) -> None:
    rule = Rule.model_validate(
        {
            "id": "R29-parts",
            "whole": "transferred",
            "parts": ["away", "local"],
            "exhaustive": exhaustive,
            "label": LABEL,
        }
    )
    assert rule.check == check


def test_the_rules_of_linfen_know_only_names(scheme: Scheme) -> None:
    rules = {rule.id: rule.check for rule in scheme.form("biogas").rules}
    assert rules["R04-period"] == "built_period≤built_ytd"
    assert rules["R04-sealed"] == "sealed ≤ built_ytd"
