"""Figures that changed unlike those of the other counties: who is told, of which cell."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from expectations.change import validate_change
from schemas import causes, messages
from schemas.consolidated.change import series_of
from schemas.consolidated.figures import Figure, Figures, Source, wanted
from schemas.consolidated.relations import operand
from schemas.filing import Checked, Filing
from schemas.models import Scheme
from tests.expectations.conftest import YAODU

Make = Callable[..., Filing]


def others(scheme: Scheme, figure: str, period: str, values: Mapping[str, int]) -> Figures:
    found = operand(f"biogas.{figure}", scheme)
    return {
        (Source("biogas", county, period), found.measure): Figure(Decimal(value), Decimal(0))
        for county, value in values.items()
    }


@pytest.fixture
def known(scheme: Scheme) -> Figures:
    """Biogas of all counties a year before, and now of all but 尧都区: 2 to 10 per cent more."""
    codes = [unit.code for unit in scheme.counties]
    then = {code: 100 + 20 * n for n, code in enumerate(codes)} | {YAODU: 230}
    now = {
        code: value * (102 + n % 5 * 2) // 100
        for n, (code, value) in enumerate(then.items())
        if code != YAODU
    }
    return {
        **others(scheme, "built_ytd", "2003H1", then),
        **others(scheme, "built_ytd", "2004H1", now),
    }


def changed(scheme: Scheme, filing: Make, known: Figures, built: int) -> Checked:
    stated = replace(
        filing("biogas", {"built_ytd": built, "stock_now": 4800 + built}), period="2004H1"
    )
    ((checked,),) = validate_change([[stated]], scheme, known)
    return checked


def test_an_ordinary_change_passes(scheme: Scheme, filing: Make, known: Figures) -> None:
    checked = changed(scheme, filing, known, 240)
    assert checked.findings == ()
    (result,) = checked.results
    assert (result.check, result.passed, result.failed) == ("R04.built_ytd.change", 1, 0)


def test_ten_times_as_much_is_told_with_its_cell_and_effect(
    scheme: Scheme, filing: Make, known: Figures
) -> None:
    (found,) = changed(scheme, filing, known, 2400).findings
    assert (found.code, found.severity, found.rule) == (
        "change-unusual",
        "warning",
        "R04.built_ytd.change",
    )
    assert [cell.address for cell in found.cells] == ["D8"]
    assert (found.observed, found.expected) == ("2400", "≈ 243")
    assert found.difference == found.effect == Decimal(2157)
    assert messages.fact(found, "zh") == (
        "“本年建设·本年累计新建”本期2400，2003年上半年230，是其10.43倍；"
        "17个县(市、区)一般是1.06倍。"
    )
    assert causes.diagnosis(found, "zh").startswith("可能是录入笔误：D8")


def test_a_doubtful_change_is_a_notice_only(scheme: Scheme, filing: Make, known: Figures) -> None:
    (found,) = changed(scheme, filing, known, 278).findings
    assert (found.severity, found.diagnoses) == ("notice", ())


def test_a_county_of_which_nothing_was_known_is_not_compared(
    scheme: Scheme, filing: Make, known: Figures
) -> None:
    without = {key: figure for key, figure in known.items() if key[0].county != YAODU}
    assert changed(scheme, filing, without, 2400).findings == ()


def test_five_counties_say_nothing(scheme: Scheme, filing: Make, known: Figures) -> None:
    few = {YAODU, *(unit.code for unit in scheme.counties[1:5])}
    some = {key: figure for key, figure in known.items() if key[0].county in few}
    assert changed(scheme, filing, some, 2400).findings == ()


def test_what_is_compared_is_asked_for_only_where_there_is_an_earlier_period(
    scheme: Scheme, filing: Make
) -> None:
    asked = {(source.form, source.period) for source, _ in wanted(scheme, [filing("biogas")])}
    assert ("biogas", "2002H1") not in asked
    later = replace(filing("biogas"), period="2004H1")
    compared = {
        (source.county, source.period, measure.name)
        for source, measure in wanted(scheme, [later])
        if source.form == "biogas"
    }
    assert {(unit.code, "2003H1", "built_ytd") for unit in scheme.counties} <= compared
    assert (YAODU, "2004H1", "built_ytd") not in compared


def test_stocks_are_compared_with_the_period_before_and_flows_with_the_year_before(
    scheme: Scheme,
) -> None:
    series = {each.measure.name: each.before for each in series_of(scheme.form("biogas"), scheme)}
    assert series["stock_now"] == "previous(biogas.stock_now)"
    assert series["built_ytd"] == "last_year(biogas.built_ytd)"
    assert series_of(scheme.form("plan_targets"), scheme) == ()


def test_two_unusual_figures_that_were_exchanged(scheme: Scheme, filing: Make) -> None:
    codes = [unit.code for unit in scheme.counties]
    homes = {code: 20 + 2 * n for n, code in enumerate(codes)} | {YAODU: 30}
    users = {code: 1500 + 100 * n for n, code in enumerate(codes)} | {YAODU: 2000}
    now = {code: value for code, value in homes.items() if code != YAODU}
    uses = {code: value for code, value in users.items() if code != YAODU}
    known = {
        **others(scheme, "five_one_households", "2003H2", homes),
        **others(scheme, "residue_households", "2003H2", users),
        **others(scheme, "five_one_households", "2004H1", now),
        **others(scheme, "residue_households", "2004H1", uses),
    }
    line = {"five_one_households": 2000, "residue_households": 30}
    stated = replace(filing("biogas", line), period="2004H1")
    ((checked,),) = validate_change([[stated]], scheme, known)
    assert [finding.rule for finding in checked.findings] == [
        "R04.five_one_households.change",
        "R04.residue_households.change",
    ]
    for found in checked.findings:
        assert causes.diagnosis(found, "zh") == (
            "可能是两格填颠倒：H8“五个一示范户”由2000改为30，"
            "同时I8“沼渣沼液综合利用户”由30改为2000后，2项不符中有2项相符。"
        )


def test_slips_that_make_one_very_unusual_figure_usual_again(scheme: Scheme, filing: Make) -> None:
    codes = [unit.code for unit in scheme.counties]
    then = {code: 100 + 20 * n for n, code in enumerate(codes)} | {YAODU: 130}
    now = {code: value for code, value in then.items() if code != YAODU}
    known = {
        **others(scheme, "five_one_households", "2003H2", then),
        **others(scheme, "five_one_households", "2004H1", now),
    }
    stated = replace(filing("biogas", {"five_one_households": 13}), period="2004H1")
    ((checked,),) = validate_change([[stated]], scheme, known)
    (found,) = checked.findings
    assert {each.mechanism.value for each in found.diagnoses} == {"typing"}
    assert [each.changes[0].proposed for each in found.diagnoses] == ["130", "131", "132", "133"]
