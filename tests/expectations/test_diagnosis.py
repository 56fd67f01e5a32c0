"""What the failures of a filing are said to come from, and to whom the saying is bound."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from expectations.validate import validate
from schemas import causes
from schemas.filing import Filing, Total
from schemas.findings import CellRef, Finding
from schemas.models import Rule, Scheme
from schemas.text import Text

MakeFiling = Callable[..., Filing]
Changes = list[tuple[str, str, str]]


def findings(scheme: Scheme, filing: Filing) -> dict[str, Finding]:
    (checked,) = validate([filing], scheme)
    return {str(finding.rule): finding for finding in checked.findings}


def total(indicator: str, value: str, address: str) -> Total:
    return Total(indicator, Decimal(value), CellRef(sheet="表", address=address))


def told(finding: Finding) -> list[tuple[str, int, int, int, Changes]]:
    return [
        (
            each.mechanism.value,
            each.satisfied,
            each.failed,
            each.answers,
            [
                (str(change.cell).partition("!")[2], change.stated, change.proposed)
                for change in each.changes
            ],
        )
        for each in finding.diagnoses
    ]


def test_digits_exchanged_in_one_of_the_parts(scheme: Scheme, filing: MakeFiling) -> None:
    (found,) = findings(scheme, filing("biogas", {"stock_prev": 8400})).values()
    assert told(found) == [("typing", 1, 1, 1, [("A8", "8400", "4800")])]
    assert causes.diagnosis(found, "zh") == (
        "可能是录入笔误：A8“上年末累计”由8400改为4800后，1项不符中有1项相符。"
    )


def test_a_rule_on_trial_says_nothing_of_causes(scheme: Scheme, filing: MakeFiling) -> None:
    """To 4000 no slip would keep; counties are told of the one that the other rules tell."""
    label = Text(zh="试行", en="on trial")
    rule = Rule.model_validate(
        {"id": "R04-new", "check": "stock_prev <= 4000", "label": label, "trial": True}
    )
    forms = (
        form.model_copy(update={"rules": (*form.rules, rule)}) if form.name == "biogas" else form
        for form in scheme.forms
    )
    on_trial = scheme.model_copy(update={"forms": tuple(forms)})
    found = findings(on_trial, filing("biogas", {"stock_prev": 8400}))
    assert found["R04-new"].trial
    assert found["R04-new"].diagnoses == ()
    (other,) = [each for rule, each in found.items() if rule != "R04-new"]
    assert told(other) == [("typing", 1, 1, 1, [("A8", "8400", "4800")])]


def test_equally_good_answers_are_all_given(scheme: Scheme, filing: MakeFiling) -> None:
    (found,) = findings(scheme, filing("biogas", {"stock_now": 5041})).values()
    answers = [change for *_, changes in told(found) for change in changes]
    # 241 built would be a slip too, but not the 80.00 per cent of 300 that are stated.
    assert answers == [("A8", "4800", "4801"), ("F8", "5041", "5040")]
    assert {each.answers for each in found.diagnoses} == {2}
    assert causes.diagnosis(found, "en") == (
        "2 explanations fit equally well, each satisfying 1 of 1 failed checks; the numbers alone"
        " cannot tell which: (1) a typing slip: A8 Stock at the end of last year from 4800 to 4801,"
        " or F8 Stock at the end of the period from 5041 to 5040."
        " To decide, look at the source documents of A8, F8."
    )


def test_one_wrong_cell_explains_its_line_and_its_column(
    scheme: Scheme, filing: MakeFiling
) -> None:
    stated = filing(
        "relocation_survey", {"persons": 6100}, totals=(total("persons", "5100", "D12"),)
    )
    found = findings(scheme, stated)
    assert set(found) == {"R01-band-100", "R01-household-size-high", "R01.totals"}
    for finding in found.values():
        assert told(finding) == [("typing", 3, 3, 1, [("D8", "6100", "1600")])]


def test_what_a_notice_says_of_a_right_figure_keeps_no_slip_from_being_told(
    scheme: Scheme, filing: MakeFiling
) -> None:
    # 1080 persons of ten villages are fewer than 151 to a village, which is for information only.
    stated = filing(
        "relocation_survey", {}, {}, {"persons": 1800}, totals=(total("persons", "4380", "D12"),)
    )
    found = findings(scheme, stated)["R01.totals"]
    assert told(found) == [("typing", 1, 1, 1, [("D10", "1800", "1080")])]


def test_a_total_share_is_worked_out_from_the_sums(scheme: Scheme, filing: MakeFiling) -> None:
    stated = filing("relocation_progress", totals=(total("paid_pct", "66.76", "M9"),))
    found = findings(scheme, stated)["R02.totals"]
    assert told(found) == [("typing", 1, 1, 1, [("M9", "66.76", "66.67")])]


def test_neighbours_moved_along_are_as_likely_as_two_exchanged(
    scheme: Scheme, filing: MakeFiling
) -> None:
    stated = filing("reduction", {"lifted": 20, "returned": 2000, "new": 30})
    found = findings(scheme, stated)["R18.end_persons.formula"]
    assert [(each.mechanism.value, each.answers) for each in found.diagnoses] == [
        ("swap", 1),
        ("shift", 1),
    ]


def test_a_wrong_total_is_told_from_a_wrong_line(scheme: Scheme, filing: MakeFiling) -> None:
    stated = filing("relocation_survey", totals=(total("persons", "5010", "D12"),))
    found = findings(scheme, stated)["R01.totals"]
    assert told(found) == [("typing", 1, 1, 1, [("D12", "5010", "5100")])]


def test_an_amount_in_another_unit_explains_quotients_too(
    scheme: Scheme, filing: MakeFiling
) -> None:
    written = filing(
        "fund_arrival",
        {"arrived": Decimal("805000.0000")},
        totals=(total("arrived", "161", "H10"),),
    )
    found = findings(scheme, written)
    assert set(found) == {
        "R07.balance.formula",
        "R07.arrival_pct.formula",
        "R07-arrived",
        "R07.totals",
    }
    for finding in found.values():
        assert told(finding) == [("unit", 4, 4, 1, [("H8", "805000.0000", "80.5000")])]


def test_neighbouring_amounts_exchanged(scheme: Scheme, filing: MakeFiling) -> None:
    swapped = {"paid": Decimal("50.2500"), "spent": Decimal("60.0000")}
    found = findings(scheme, filing("fund_arrival", swapped))
    changes = [("I8", "50.2500", "60.0000"), ("J8", "60.0000", "50.2500")]
    assert {name: told(finding) for name, finding in found.items()} == {
        "R07.balance.formula": [("swap", 2, 2, 1, changes)],
        "R07-spent": [("swap", 2, 2, 1, changes)],
    }


def test_a_negative_count_that_should_be_positive(scheme: Scheme, filing: MakeFiling) -> None:
    found = findings(scheme, filing("biogas", {"stock_prev": -4800}))
    assert {name: told(finding) for name, finding in found.items()} == {
        "R04.stock_prev.minimum": [("sign", 2, 2, 1, [("A8", "-4800", "4800")])],
        "R04.stock_now.formula": [("sign", 2, 2, 1, [("A8", "-4800", "4800")])],
    }


def test_a_number_above_a_limit_is_not_said_to_be_negative(
    scheme: Scheme, filing: MakeFiling
) -> None:
    late = {"arrived_on": date(2015, 4, 4), "delay_days": 34}
    (found,) = findings(scheme, filing("fund_arrival", late)).values()
    assert found.diagnoses == ()


@pytest.mark.parametrize("persons", [1000, 7000])
def test_a_line_that_could_not_be_otherwise_leaves_only_the_total(
    scheme: Scheme, filing: MakeFiling, persons: int
) -> None:
    # 4100 persons less or 1900 more on any one line would break the limits of its band.
    stated = filing("relocation_survey", totals=(total("persons", str(persons), "D12"),))
    found = findings(scheme, stated)["R01.totals"]
    assert told(found) == [("location", 1, 1, 1, [("D12", str(persons), "5100")])]


def test_of_many_equal_answers_some_are_shown(scheme: Scheme, filing: MakeFiling) -> None:
    # Any of five lines or the total can be wrong.
    stated = filing("training", totals=(total("person_times", "7777", "D13"),))
    found = findings(scheme, stated)["R10.totals"]
    assert [(each.mechanism, each.answers) for each in found.diagnoses] == [("location", 6)] * 4
    told_of_six = causes.diagnosis(found, "en")
    assert told_of_six.startswith("6 explanations fit equally well, each satisfying 1 of 1 failed ")
    assert "which: (1) one wrong place, in 6 ways, such as: D8 Person-times from 500" in told_of_six


def test_personal_columns_are_never_proposed(scheme: Scheme, filing: MakeFiling) -> None:
    for finding in findings(scheme, filing("hh_register", {"head_id": "1"})).values():
        assert finding.diagnoses == ()


def test_days_between_dates_that_differ_are_told_without_a_running_total(
    scheme: Scheme, filing: MakeFiling
) -> None:
    found = findings(scheme, filing("fund_arrival", {"delay_days": 45}))
    assert set(found) == {"R07-delay", "R07.delay_days.formula"}
    assert [each.cells[0].address for each in found.values()] == ["M8", "M8"]
