"""What a wrong total does to the municipal figure, which is made of the lines."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from expectations.effects import with_effects
from expectations.validate import validate
from schemas.filing import Filing, Total
from schemas.findings import CellRef, Finding, Mechanism
from schemas.models import Scheme

MakeFiling = Callable[..., Filing]


def found(scheme: Scheme, filing: Filing) -> Finding:
    (checked,) = validate([filing], scheme)
    (finding,) = with_effects(scheme, filing, checked).findings
    return finding


def written(indicator: str, value: str) -> Total:
    return Total(indicator, Decimal(value), CellRef(sheet="表", address="Z12"))


@pytest.mark.parametrize("stated", ["9100", "51000", "1500"])  # the lines make 5100
def test_a_slip_in_the_total_alone_moves_nothing(
    scheme: Scheme, filing: MakeFiling, stated: str
) -> None:
    finding = found(scheme, filing("relocation_survey", totals=(written("persons", stated),)))
    assert finding.difference == Decimal(stated) - 5100
    assert [change.cell and change.cell.address for change in finding.diagnoses[0].changes] == [
        "Z12"
    ]
    assert finding.effect == 0


def test_a_slip_in_a_line_moves_the_figure_by_what_the_line_is_too_much(
    scheme: Scheme, filing: MakeFiling
) -> None:
    finding = found(scheme, filing("relocation_survey", totals=(written("persons", "5200"),)))
    likely = [(d.mechanism, d.changes[0].stated, d.changes[0].proposed) for d in finding.diagnoses]
    assert (Mechanism.TYPING, "1600", "1700") in likely
    assert finding.effect == -100  # whichever line it is


def test_where_nothing_explains_it_the_lines_are_held_against_the_total(
    scheme: Scheme, filing: MakeFiling
) -> None:
    of_totals = filing("relocation_survey", totals=(written("persons", "7777"),))
    (checked,) = validate([of_totals], scheme)
    unexplained = checked.findings[0].model_copy(update={"diagnoses": ()})
    (finding,) = with_effects(scheme, of_totals, replace(checked, findings=(unexplained,))).findings
    assert (finding.difference, finding.effect) == (Decimal(2677), Decimal(-2677))


def test_the_effect_that_a_check_states_itself_stays(scheme: Scheme, filing: MakeFiling) -> None:
    of_check = filing("biogas", {"stock_now": "9999"})
    (checked,) = validate([of_check], scheme)
    stated = [finding.effect for finding in checked.findings]
    assert [f.effect for f in with_effects(scheme, of_check, checked).findings] == stated
    assert any(effect for effect in stated)
