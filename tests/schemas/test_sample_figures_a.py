"""The sample of projects, villages, teams and publicity against the printed figures."""

from collections import Counter
from decimal import Decimal

import pytest

from schemas.consolidated.measures import measures
from schemas.language import expression
from schemas.language.expression import Value
from schemas.models import Form, Scheme
from schemas.period import Period
from tests.schemas.conftest import Returns
from tests.schemas.test_sample_figures import (
    Line,
    figure,
    holds,
    of_form,
    printed,
)

FORMS = ("R03", "R05", "R06", "R08", "R11", "R12", "R13", "R16", "R17", "R19", "R20", "R21")
PERIODS = ("2003H1", "2015")


def municipal(scheme: Scheme, returns: Returns, code: str, name: str) -> Decimal | None:
    form = scheme.form(code)
    return figure(scheme, form, name, of_form(form, returns))


def counties(scheme: Scheme, returns: Returns, form: Form, **where: Value) -> set[str]:
    """The names of the counties with a line that has these values."""
    return {
        scheme.county(code).name.zh
        for code in returns
        if any(
            all(line[name] == value for name, value in where.items())
            for line in of_form(form, returns, code)
        )
    }


def test_eleven_of_the_twelve_sites_are_reported_as_the_city_s_own_is_no_county_s(
    scheme: Scheme, facts: dict[str, dict[str, str]], returns: dict[str, Returns]
) -> None:
    assert municipal(scheme, returns["2003H1"], "R12", "sites") == printed(facts["F0054"]) - 1 == 11
    assert municipal(scheme, returns["2003H1"], "R12", "down_hours") == 0
    assert printed(facts["F0055"]) == 24


def test_press_articles_are_unknown_where_the_report_leaves_them_blank(
    scheme: Scheme, facts: dict[str, dict[str, str]], returns: dict[str, Returns]
) -> None:
    assert facts["F0043"]["value"] == ""
    lines = of_form(scheme.form("R13"), returns["2003H1"])
    assert [line["press"] for line in lines] == [None] * 17


def test_organic_bases_are_in_yaodu_and_the_ten_poor_counties_which_plan(
    scheme: Scheme, facts: dict[str, dict[str, str]], returns: dict[str, Returns]
) -> None:
    form, poor = scheme.form("R05"), {c.name.zh for c in scheme.counties if "poor" in c.groups}
    assert counties(scheme, returns["2003H1"], form) == poor | {"尧都区"}
    assert counties(scheme, returns["2003H1"], form, cert_stage="planning") == poor
    assert printed(facts["F0050"]) == printed(facts["F0051"]) == len(poor)


def test_science_projects_are_in_the_four_printed_counties(
    scheme: Scheme, facts: dict[str, dict[str, str]], returns: dict[str, Returns]
) -> None:
    names = counties(scheme, returns["2003H1"], scheme.form("R11"), kind="project")
    assert names == {"隰县", "吉县", "大宁县", "古县"}
    assert len(names) == printed(facts["F0060"])


def test_teams_are_in_all_17_counties_and_each_poor_village_has_one_with_a_first_secretary(
    scheme: Scheme, facts: dict[str, dict[str, str]], returns: dict[str, Returns]
) -> None:
    assert len(counties(scheme, returns["2015"], scheme.form("R19"))) == printed(facts["F0702"])
    for code in returns["2015"]:
        register = of_form(scheme.form("R16"), returns["2015"], code)
        teams = of_form(scheme.form("R19"), returns["2015"], code)
        with_secretary = [line for line in teams if line["first_secretary"] == "yes"]
        assert places(with_secretary) == places(register)
        helped = {place(line): expression.number(line["paired_households"]) for line in teams}
        for line in register:
            poor = expression.number(line["poor_households"])
            assert poor is not None
            assert (helped[place(line)] or 0) <= poor


def place(line: Line) -> tuple[Value | None, Value | None]:
    return line["township"], line["village"]


def places(lines: list[Line]) -> Counter[tuple[Value | None, Value | None]]:
    return Counter(place(line) for line in lines)


def test_look_back_starts_from_the_households_that_are_paired(
    scheme: Scheme, facts: dict[str, dict[str, str]], returns: dict[str, Returns]
) -> None:
    to_check = municipal(scheme, returns["2015"], "R17", "to_check")
    assert to_check == municipal(scheme, returns["2015"], "R20", "households") == 140_600
    assert municipal(scheme, returns["2015"], "R17", "verified_lines") == 17


def test_households_to_move_are_households_of_the_register(
    scheme: Scheme, returns: dict[str, Returns]
) -> None:
    listed = of_form(scheme.form("R03"), returns["2015"])
    register = {line["hh_no"]: line for line in of_form(scheme.form("R14"), returns["2015"])}
    assert len(listed) == 9 * 12
    for line in listed:
        household = register[line["hh_no"]]
        assert line["id_no"] == household["head_id"]
        assert line["persons"] == household["persons"]


@pytest.mark.parametrize("period", PERIODS)
def test_claims_are_on_projects_of_the_library_and_numbered_without_a_gap(
    period: str, scheme: Scheme, returns: dict[str, Returns]
) -> None:
    library = {line["project_code"]: line for line in of_form(scheme.form("R06"), returns[period])}
    drawn: dict[Value | None, list[Line]] = {}
    for line in of_form(scheme.form("R08"), returns[period]):
        drawn.setdefault(line["project_code"], []).append(line)
    assert drawn
    for code, claims in drawn.items():
        assert [line["claim_no"] for line in claims] == list(range(1, len(claims) + 1))
        paid = [expression.number(line["paid"]) or Decimal(0) for line in claims]
        assert [line["cum_paid"] for line in claims] == [
            sum(paid[: n + 1]) for n in range(len(paid))
        ]
        granted = expression.number(library[code]["fiscal_special"])
        assert granted is not None
        assert sum(paid) <= granted


def test_villages_of_a_county_have_names_of_their_own(
    scheme: Scheme, returns: dict[str, Returns]
) -> None:
    for code in returns["2015"]:
        teams = of_form(scheme.form("R19"), returns["2015"], code)
        assert len({line["village"] for line in teams}) == len(teams)


@pytest.mark.parametrize("code", FORMS)
def test_every_rule_holds_on_every_line(
    code: str, scheme: Scheme, returns: dict[str, Returns]
) -> None:
    forms = {period: scheme.at(Period.parse(period)).form(code) for period in PERIODS}
    broken = Counter(
        (period, rule.id)
        for period, form in forms.items()
        for line in of_form(form, returns[period])
        for rule in form.rules
        if (rule.condition is None or holds(rule.condition, line))
        and holds(rule.comparison, line) is False
    )
    assert broken == {}


@pytest.mark.parametrize("code", FORMS)
def test_a_table_fits_on_one_sheet_and_the_county_is_no_column(code: str, scheme: Scheme) -> None:
    form = scheme.form(code)
    assert 5 <= len(measures(form, scheme)) <= 25
    assert "county_code" not in form.by_name


@pytest.mark.parametrize(
    ("code", "personal"),
    [
        ("R03", {"head_name", "id_no"}),
        ("R12", {"owner"}),
        ("R19", {"secretary"}),
    ],
)
def test_names_and_numbers_of_people_are_personal(
    code: str, personal: set[str], scheme: Scheme
) -> None:
    marked = {each.name for each in scheme.form(code).indicators if each.personal}
    assert marked == personal
