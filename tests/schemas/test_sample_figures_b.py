"""The sample's figures of finance, schooling, industry and area development against the printed."""

from collections.abc import Mapping

import pytest

from schemas.language import expression
from schemas.language.id_number import check_character
from schemas.models import Scheme
from schemas.rules.formulas import totals
from tests.schemas.conftest import Returns
from tests.schemas.test_sample_figures import of_form, printed


@pytest.fixture(scope="module")
def returns_of_2015(returns: Mapping[str, Returns]) -> Returns:
    return returns["2015"]


def test_mutual_funds_are_in_54_townships(
    facts: dict[str, dict[str, str]], returns_of_2015: Returns
) -> None:
    townships = {
        (code, line["township"])
        for code, forms in returns_of_2015.items()
        for line in forms.get("mutual_fund", ())
    }
    assert len(townships) == printed(facts["F0694"]) == 54


def test_each_student_is_granted_5000_yuan(
    facts: dict[str, dict[str, str]], returns_of_2015: Returns
) -> None:
    grants = [
        expression.number(line["grant_amount"])
        for forms in returns_of_2015.values()
        for line in forms.get("education", ())
    ]
    assert set(grants) == {printed(facts["F0741"])}
    total = sum(grant for grant in grants if grant is not None)
    assert total == printed(facts["F0740"]) * 10_000 == 6_225_000


def test_students_have_valid_id_numbers_that_nobody_else_has(returns_of_2015: Returns) -> None:
    for forms in (forms for forms in returns_of_2015.values() if "education" in forms):
        students = [str(line["id_no"]) for line in forms["education"]]
        members = {str(line["id_no"]) for line in forms["hh_member"]}
        assert len({*students}) == len(students)
        assert members.isdisjoint(students)
        for number in students:
            assert check_character(number[:17]) == number[17]
            assert number[6:10] in ("1996", "1997")


def test_outputs_of_different_units_have_no_total(scheme: Scheme, returns_of_2015: Returns) -> None:
    form = scheme.form("R27")
    daning = next(unit.code for unit in scheme.counties if unit.name.zh == "大宁县")
    found = totals(form, of_form(form, returns_of_2015, daning))
    assert "quantity" not in found
    assert found["total_investment"] == 5500
