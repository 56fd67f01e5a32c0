"""The sample's figures of finance, schooling, industry and area development against the printed."""

import csv
from pathlib import Path

import pytest

from schemas import expression
from schemas.formulas import totals
from schemas.id_number import check_character
from schemas.models import Scheme
from schemas.period import Period
from schemas.sample import sample_lines
from schemas.scheme import CATALOG
from tests.schemas.test_sample_figures import Returns, figure, of_form, printed

LINFEN = CATALOG / "linfen"
FACTS = Path(__file__).parents[1] / "data" / "facts.csv"

MUNICIPAL: dict[str, tuple[str, str]] = {
    "F0685": ("R23", "task"),
    "F0686": ("R23", "lent_ytd"),
    "F0688": ("R23", "households"),
    "F0690": ("R23", "farm_lent"),
    "F0691": ("R23", "farm_households"),
    "F0695": ("R24", "funds"),
    "F0696": ("R24", "lent_cum"),
    "F0697": ("R24", "recovery_pct"),
    "F0739": ("R25", "students"),
    "F0678": ("R26", "plan_year"),
    "F0680": ("R26", "projects"),
    "F0681": ("R26", "plan_total"),
    "F0682": ("R26", "done_year"),
}
COUNTY: dict[str, tuple[str, str]] = {
    "F0671": ("R27", "total_investment"),
    "F0672": ("R27", "total_investment"),
    "F0673": ("R27", "mu_quantity"),
    "F0674": ("R27", "head_quantity"),
    "F0675": ("R27", "done_pct"),
}
COUNTIES_WITH_LINES = {
    "F0679": "industry",
    "F0689": "microcredit",
    "F0693": "mutual_fund",
    "F0742": "education",
}


@pytest.fixture(scope="module")
def facts() -> dict[str, dict[str, str]]:
    with FACTS.open(encoding="utf-8", newline="") as file:
        return {row["fact_id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def returns(scheme: Scheme) -> Returns:
    return sample_lines(scheme, LINFEN, Period.parse("2015"))


@pytest.mark.parametrize("fact_id", MUNICIPAL)
def test_municipal_figure_is_the_printed_one(
    fact_id: str, scheme: Scheme, facts: dict[str, dict[str, str]], returns: Returns
) -> None:
    code, name = MUNICIPAL[fact_id]
    form = scheme.form(code)
    assert figure(scheme, form, name, of_form(form, returns)) == printed(facts[fact_id])


@pytest.mark.parametrize("fact_id", COUNTY)
def test_county_figure_is_the_printed_one(
    fact_id: str, scheme: Scheme, facts: dict[str, dict[str, str]], returns: Returns
) -> None:
    code, name = COUNTY[fact_id]
    form, fact = scheme.form(code), facts[fact_id]
    county = next(unit.code for unit in scheme.counties if unit.name.zh == fact["place"])
    lines = of_form(form, returns, county)
    assert figure(scheme, form, name, lines) == printed(fact)


@pytest.mark.parametrize("fact_id", COUNTIES_WITH_LINES)
def test_as_many_counties_have_lines_as_printed(
    fact_id: str, facts: dict[str, dict[str, str]], returns: Returns
) -> None:
    name = COUNTIES_WITH_LINES[fact_id]
    counties = [code for code, forms in returns.items() if forms.get(name)]
    assert len(counties) == printed(facts[fact_id])


def test_investment_in_industry_is_101_percent_of_the_plan(
    scheme: Scheme, facts: dict[str, dict[str, str]], returns: Returns
) -> None:
    form = scheme.form("R26")
    share = figure(scheme, form, "done_pct", of_form(form, returns))
    assert share is not None
    assert round(share) == printed(facts["F0683"]) == 101


def test_small_loans_are_185_percent_of_the_task(scheme: Scheme, returns: Returns) -> None:
    form = scheme.form("R23")  # the printed "?85%" has lost its first digit
    share = figure(scheme, form, "done_pct", of_form(form, returns))
    assert share is not None
    assert int(share) == 185


def test_mutual_funds_are_in_54_townships(
    facts: dict[str, dict[str, str]], returns: Returns
) -> None:
    townships = {
        (code, line["township"])
        for code, forms in returns.items()
        for line in forms.get("mutual_fund", ())
    }
    assert len(townships) == printed(facts["F0694"]) == 54


def test_each_student_is_granted_5000_yuan(
    facts: dict[str, dict[str, str]], returns: Returns
) -> None:
    grants = [
        expression.number(line["grant_amount"])
        for forms in returns.values()
        for line in forms["education"]
    ]
    assert set(grants) == {printed(facts["F0741"])}
    total = sum(grant for grant in grants if grant is not None)
    assert total == printed(facts["F0740"]) * 10_000 == 6_225_000


def test_students_have_valid_id_numbers_that_nobody_else_has(returns: Returns) -> None:
    for forms in returns.values():
        students = [str(line["id_no"]) for line in forms["education"]]
        members = {str(line["id_no"]) for line in forms["hh_member"]}
        assert len({*students}) == len(students)
        assert members.isdisjoint(students)
        for number in students:
            assert check_character(number[:17]) == number[17]
            assert number[6:10] in ("1996", "1997")


def test_outputs_of_different_units_have_no_total(scheme: Scheme, returns: Returns) -> None:
    form = scheme.form("R27")
    daning = next(unit.code for unit in scheme.counties if unit.name.zh == "大宁县")
    found = totals(form, of_form(form, returns, daning))
    assert "quantity" not in found
    assert found["total_investment"] == 5500
