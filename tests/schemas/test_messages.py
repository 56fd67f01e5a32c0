import re
from decimal import Decimal

import pytest

from schemas import messages
from schemas.findings import CellRef, Finding, Severity
from schemas.text import Text

FIELDS = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("code", sorted(messages.catalogue()))
def test_both_languages_tell_the_same_parameters(code: str) -> None:
    message = messages.catalogue()[code]
    assert set(FIELDS.findall(message.fact.zh)) == set(FIELDS.findall(message.fact.en))


def test_a_message_states_the_numbers_in_the_language_asked_for() -> None:
    finding = Finding(
        code="total-differs",
        severity=Severity.ERROR,
        cells=(CellRef(sheet="R01 移民调查摸底表", address="C12"),),
        difference=Decimal(1),
        parameters={
            "column": Text(zh="贫困村个数", en="Poor villages"),
            "observed": "105",
            "expected": "104",
            "difference": "1",
        },
    )
    assert messages.fact(finding, "zh") == "“贫困村个数”的合计是105，但按各行计算是104，相差1。"
    assert messages.fact(finding, "en").startswith(
        "The total of Poor villages is 105, but its lines"
    )


def test_a_finding_for_many_lines_says_how_many() -> None:
    finding = Finding(
        code="value-missing",
        severity=Severity.ERROR,
        lines=400,
        parameters={"column": Text(zh="家庭人口", en="Persons")},
    )
    assert "400行" in messages.fact(finding, "zh")


def test_the_same_fault_has_the_same_key_and_another_cell_another_key() -> None:
    def at(address: str) -> str:
        cells = (CellRef(sheet="R04", address=address),)
        return Finding(code="value-missing", severity=Severity.ERROR, cells=cells).key

    assert at("C7") == at("C7") != at("C8")
