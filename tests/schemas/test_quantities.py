import pytest

from schemas.language.expression import parse_comparison
from schemas.models import Scheme
from schemas.soundness.quantities import in_form, mismatches


def said(scheme: Scheme, form: str, statement: str) -> list[str]:
    return [*mismatches(parse_comparison(statement), in_form(scheme.form(form), scheme))]


@pytest.mark.parametrize(
    ("form", "statement", "problem"),
    [
        ("training", "completed + person_times <= 5", "adds person and person_time"),
        ("training", "completed - person_times <= 5", "subtracts person and person_time"),
        ("training", "completed <= person_times", "compares person with person_time"),
        ("training", "subsidy = quota", "compares wan_yuan with person"),
        ("training", "kind > 'farmer'", "words are only equal or not"),
        ("training", "kind + 1 = 2", "calculates with words"),
        ("training", "kind = 'framer'", "there is no such code: 'framer'"),
        ("fund_arrival", "arrived_on + issued_on = 1", "adds dates"),
        ("fund_arrival", "arrived_on >= 2015", "compares a date with a number"),
        ("fund_arrival", "2 * arrived_on >= issued_on", "multiplies or divides dates"),
        ("pv", "kind = status", "the two code lists have no code alike"),
    ],
)
def test_what_cannot_be_compared(scheme: Scheme, form: str, statement: str, problem: str) -> None:
    (found,) = said(scheme, form, statement)[:1]
    assert problem in found


@pytest.mark.parametrize(
    ("form", "statement"),
    [
        ("training", "completed <= 1 * person_times"),
        ("training", "subsidy = quota * 0.1"),
        ("training", "completed / quota <= 1"),
        ("training", "quota <= 600"),
        ("fund_arrival", "arrived_on - issued_on <= 30"),
        ("fund_arrival", "arrived_on >= issued_on + 1"),
        ("pv", "present(grid_date)"),
    ],
)
def test_what_can_be_compared(scheme: Scheme, form: str, statement: str) -> None:
    assert said(scheme, form, statement) == []
