"""The sample's consolidated figures against the printed ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from schemas.consolidated.measures import Measure, measures
from schemas.findings import Severity
from schemas.language import expression
from schemas.language.expression import Comparison, Value
from schemas.models import Form, Scheme
from schemas.period import Period
from schemas.rules.formulas import completed
from schemas.sample.spec import Total, load_sample
from schemas.scheme import CATALOG
from tests.facts import FACTORS
from tests.schemas.conftest import Returns

LINFEN = CATALOG / "linfen"
BANDS = ("le100", "p101_150", "p151_200", "p201_300")

Line = Mapping[str, Value | None]


def printed(fact: Mapping[str, str]) -> Decimal:
    return Decimal(fact["value"]) * FACTORS.get(fact["unit"], 1)


def of_form(form: Form, returns: Returns, county: str | None = None) -> list[Line]:
    """The completed lines of a form, of one county or of all."""
    codes = returns if county is None else [county]
    return [completed(form, line) for code in codes for line in returns[code].get(form.name, ())]


def figure(scheme: Scheme, form: Form, name: str, lines: Sequence[Line]) -> Decimal | None:
    """A measure over lines, worked out here by its definition alone."""
    measure = next(m for m in measures(form, scheme) if m.name == name)
    chosen = [line for line in lines if all(line[key] == value for key, value in measure.where)]
    if measure.aggregation == "count":
        return Decimal(len(chosen))
    if measure.ratio is not None:
        return _ratio(measure, chosen)
    values = [expression.number(line[str(measure.indicator)]) for line in chosen]
    return sum((value for value in values if value is not None), Decimal(0)) if values else None


def _ratio(measure: Measure, lines: Sequence[Line]) -> Decimal:
    assert measure.ratio is not None
    sides = []
    for node in (measure.ratio.numerator, measure.ratio.denominator):
        values = [expression.number(expression.evaluate(node, line)) for line in lines]
        sides.append(sum((value for value in values if value is not None), Decimal(0)))
    return sides[0] / sides[1] * measure.ratio.factor


def test_relocation_of_2003_is_in_two_counties_and_the_others_declare_nil(
    scheme: Scheme, returns: dict[str, Returns]
) -> None:
    sites = {
        scheme.county(code).name.zh: len(forms["relocation_progress"])
        for code, forms in returns["2003H1"].items()
        if "relocation_progress" in forms
    }
    assert len(sites) == 10
    assert {name: count for name, count in sites.items() if count} == {"汾西县": 5, "隰县": 4}


def test_relocation_of_2015_is_in_nine_of_the_ten_poor_counties(
    scheme: Scheme, facts: dict[str, dict[str, str]], returns: dict[str, Returns]
) -> None:
    counties = {
        scheme.county(code)
        for code, forms in returns["2015"].items()
        if forms.get("relocation_progress")
    }
    assert len(counties) == printed(facts["F0668"]) == 9
    assert all("poor" in county.groups for county in counties)


def test_pilot_counties_have_most_village_stations(
    scheme: Scheme, returns: dict[str, Returns]
) -> None:
    stations = Counter(
        scheme.county(code).name.zh
        for code, forms in returns["2015"].items()
        for line in forms.get("pv", ())
        if line["kind"] == "village"
    )
    assert {name for name, _ in stations.most_common(3)} == {"汾西县", "大宁县", "吉县"}
    sizes = Counter(
        line["capacity_kw"]
        for forms in returns["2015"].values()
        for line in forms.get("pv", ())
        if line["kind"] == "village"
    )
    assert sizes == {100: 113, 50: 14}


@pytest.mark.parametrize("period", ["2003H1", "2015"])
def test_every_county_has_every_form_it_owes(
    period: str, scheme: Scheme, returns: dict[str, Returns]
) -> None:
    for county in scheme.counties:
        owed = {form.name for form in scheme.forms_owed(county, Period.parse(period))}
        assert set(returns[period][county.code]) == owed


@pytest.mark.parametrize("period", ["2003H1", "2015"])
def test_a_fact_in_the_declaration_has_the_printed_value(
    period: str, facts: dict[str, dict[str, str]]
) -> None:
    sample, _ = load_sample(LINFEN, Period.parse(period))
    totals = [
        recipe
        for form in sample.forms.values()
        for block in form.blocks
        for recipe in (block.lines, *block.columns.values())
        if isinstance(recipe, Total) and recipe.fact
    ]
    assert totals
    approximate = {"F0036": 3960, "F0056": 214}  # nearly 4,000; more than 200
    for total in totals:
        fact = str(total.fact)
        assert total.total == approximate.get(fact, printed(facts[fact])), fact


def test_rules_hold_but_for_the_band_the_report_itself_breaks(
    scheme: Scheme, returns: dict[str, Returns]
) -> None:
    broken = Counter(
        (period, rule.id, rule.severity)
        for period, all_forms in returns.items()
        for form in scheme.at(Period.parse(period)).forms
        for line in of_form(form, all_forms)
        for rule in form.rules
        if (rule.condition is None or holds(rule.condition, line))
        and holds(rule.comparison, line) is False
    )
    assert broken == {
        # 128 persons per village are printed for the villages of 151-200 persons
        ("2003H1", "R01-band-151", Severity.NOTICE): 10,
        # the report names late arrival as a weakness
        ("2003H1", "R07-delay", Severity.NOTICE): 2,
        ("2015", "R07-delay", Severity.NOTICE): 1,
    }


def holds(comparison: Comparison, line: Line) -> bool | None:
    """Whether a statement holds on a line; None where an operand is unknown."""
    left = expression.evaluate(comparison.left, line)
    right = expression.evaluate(comparison.right, line)
    if left is None or right is None:
        return None
    if isinstance(left, str):
        return (left == right) is (comparison.comparator == "=")
    one, other = expression.number(left), expression.number(right)
    assert one is not None
    assert other is not None
    return {
        "=": one == other,
        "!=": one != other,
        "<=": one <= other,
        ">=": one >= other,
        "<": one < other,
        ">": one > other,
    }[comparison.comparator]


def test_every_value_fits_its_column(scheme: Scheme, returns: dict[str, Returns]) -> None:
    for all_forms in returns.values():
        for form in scheme.forms:
            for line in of_form(form, all_forms):
                for indicator in form.indicators:
                    value = line[indicator.name]
                    assert value is not None or not indicator.required, indicator.name
                    if isinstance(value, Decimal):
                        assert value == round(value, indicator.decimals), indicator.name
                        assert indicator.minimum is None or value >= indicator.minimum
                        assert indicator.maximum is None or value <= indicator.maximum


def test_keys_tell_the_lines_of_a_county_apart(scheme: Scheme, returns: dict[str, Returns]) -> None:
    for all_forms in returns.values():
        for code, forms in all_forms.items():
            for name, lines in forms.items():
                keys = [
                    tuple(line[key.name] for key in scheme.form(name).key_indicators)
                    for line in lines
                ]
                assert len(set(keys)) == len(keys), (code, name)


@pytest.mark.parametrize("period", ["2003H1", "2015"])
def test_dates_of_funds_lie_in_the_period_or_soon_after(
    period: str, returns: dict[str, Returns]
) -> None:
    span = Period.parse(period)
    dates = [
        line[name]
        for forms in returns[period].values()
        for line in forms.get("fund_arrival", ())
        for name in ("issued_on", "arrived_on")
        if line[name] is not None
    ]
    assert all(span.start <= day <= span.end for day in dates)  # type: ignore[operator]
