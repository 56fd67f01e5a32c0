"""A fault that two rules see is told once: the stronger stays and names the other."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from expectations.between import validate_between
from expectations.reduction import reduced
from expectations.validate import validate
from schemas import messages
from schemas.filing import Checked, Filing
from schemas.models import Scheme
from tests.expectations.conftest import VALID

Make = Callable[..., Filing]


def rules(checked: Checked) -> list[str]:
    return [str(finding.rule) for finding in checked.findings]


def members(make: Make, scheme: Scheme, *lines: int) -> Checked:
    """How the rules between the registers come out where households of 4 have so many members."""
    homes = [{**VALID["hh_register"][0], "hh_no": f"H{n}"} for n in range(len(lines))]
    person = {**VALID["hh_member"][0], "relation": "child"}
    people = [
        {**person, "hh_no": f"H{n}", "person_no": f"P{n}{k}", "relation": "child" if k else "head"}
        for n, count in enumerate(lines)
        for k in range(count)
    ]
    filings = [make("hh_register", lines=homes), make("hh_member", lines=people)]
    ((_, checked),) = validate_between([filings], scheme, {})
    return checked


def test_the_rule_for_all_households_is_named_at_the_household_that_breaks_it(
    filing: Make, scheme: Scheme
) -> None:
    checked = members(filing, scheme, 4, 3)
    assert sorted(rules(checked)) == ["R15-members", "R15-size"]
    told = reduced(scheme, checked)
    (finding,) = told.findings
    assert (finding.rule, list(finding.also)) == ("R15-size", ["R15-members"])
    assert messages.fact(finding, "zh").endswith("(因此“家庭成员行数等于各户家庭人口之和”也不符)")
    assert messages.fact(finding, "en").endswith(
        '(so that "There are as many members as the households have persons" does not hold either)'
    )
    # What was checked, and how it came out, stays.
    assert told.results == checked.results


def test_households_that_break_it_together_explain_it_together(
    filing: Make, scheme: Scheme
) -> None:
    found = reduced(scheme, members(filing, scheme, 4, 3, 2)).findings
    assert [(finding.rule, [*finding.also]) for finding in found] == [
        ("R15-size", ["R15-members"]),
        ("R15-size", []),
    ]


def test_households_that_even_out_are_told_as_they_are(filing: Make, scheme: Scheme) -> None:
    assert rules(reduced(scheme, members(filing, scheme, 5, 3))) == ["R15-size", "R15-size"]


def test_a_limit_of_the_cell_is_stronger_than_a_comparison_with_nothing(
    filing: Make, scheme: Scheme
) -> None:
    (checked,) = validate([filing("training", {}, {}, {}, {"quota": -5})], scheme)
    assert {"R10-quota", "R10.quota.minimum"} <= set(rules(checked))
    told = reduced(scheme, checked)
    assert "R10-quota" not in rules(told)
    finding = next(found for found in told.findings if found.rule == "R10.quota.minimum")
    assert [*finding.also] == ["R10-quota"]
    assert (finding.severity, finding.difference) == ("error", Decimal(-5))


def test_differences_at_other_cells_are_two_faults(filing: Make, scheme: Scheme) -> None:
    two = filing("training", {"quota": 298}, {}, {}, {"quota": -2})
    (checked,) = validate([two], scheme)
    assert len([rule for rule in rules(reduced(scheme, checked)) if rule == "R10-quota"]) == 1


def test_a_rule_on_trial_hides_no_other(filing: Make, scheme: Scheme) -> None:
    (checked,) = validate([filing("training", {}, {}, {}, {"quota": -5})], scheme)
    trial = [
        found.model_copy(update={"trial": found.rule == "R10.quota.minimum"})
        for found in checked.findings
    ]
    told = reduced(scheme, replace(checked, findings=tuple(trial)))
    assert {"R10-quota", "R10.quota.minimum"} <= set(rules(told))
