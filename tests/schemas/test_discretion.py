"""What findings quote of returns that name persons, and what they keep to themselves."""

from decimal import Decimal

import pytest

from schemas.discretion import discreet
from schemas.findings import CellRef, Change, Diagnosis, Finding, Mechanism, Severity
from schemas.models import Scheme
from schemas.text import Text

ID, DISABLED, PHONE = "14263219700101123X", "14263219700101123443", "13903571234"


@pytest.mark.parametrize("form", ["hh_register", "hh_member"])
@pytest.mark.parametrize("person", [ID, ID.lower(), ID.replace("X", "4"), DISABLED, PHONE])
def test_a_person_in_the_column_of_a_key_is_not_told(few: Scheme, form: str, person: str) -> None:
    repeated = found("key-repeated", stated=person, lines="2")
    assert discreet(repeated, few.form(form)).parameters == {"stated": "…", "lines": "2"}
    statement = Text(zh=f"{person}户的成员", en=f"Members of {person}")
    related = found("relation-failed", statement=statement, substituted=f"{person}: 3 = 4")
    assert discreet(related, few.form(form)).parameters == {
        "statement": Text(zh="…户的成员", en="Members of …"),
        "substituted": "…: 3 = 4",
    }


@pytest.mark.parametrize("key", ["1410310001", "141031000100012", "1410310001000100123"])
def test_a_key_is_told_however_long(few: Scheme, key: str) -> None:
    repeated = found("key-repeated", stated=key, lines="2")
    assert discreet(repeated, few.form("hh_member")).parameters["stated"] == key


@pytest.mark.parametrize(("said", "told"), [("141031000100012", 1), (ID, 0), (PHONE, 0)])
def test_a_key_that_was_mistyped_is_told_unless_it_is_a_person(
    few: Scheme, said: str, told: int
) -> None:
    cell = CellRef(sheet="R14", address="A8")
    label = Text(zh="户编号", en="Household number")
    change = Change(cell=cell, column=label, stated=said, proposed="141031000100021")
    slip = Diagnosis(mechanism=Mechanism.TYPING, changes=(change,), satisfied=1, failed=1)
    related = found("relation-failed").model_copy(update={"diagnoses": (slip,)})
    assert len(discreet(related, few.form("hh_register")).diagnoses) == told


@pytest.mark.parametrize("said", ["= 105", "≥ 3", "≈ 243", "≤ 2.5", "7", "2015-12-31"])
def test_a_number_is_told_with_its_sign(few: Scheme, said: str) -> None:
    assert discreet(found(expected=said), few.form("hh_member")).expected == said


@pytest.mark.parametrize("said", [f"= {ID}", f"≈ {PHONE}", "= 张三丰"])
def test_a_person_is_not_told_with_a_sign_either(few: Scheme, said: str) -> None:
    assert discreet(found(expected=said), few.form("hh_member")).expected is None


def found(code: str = "rule-failed", expected: str | None = None, **told: Text | str) -> Finding:
    return Finding(
        code=code,
        severity=Severity.ERROR,
        expected=expected,
        difference=Decimal(1),
        parameters=told,
    )
