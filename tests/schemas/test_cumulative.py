"""The rules that follow from a column that is counted since January."""

from schemas.consolidated.relations import operands
from schemas.models import Scheme


def test_every_cumulative_column_has_a_rule_unless_a_declared_one_says_more(
    scheme: Scheme,
) -> None:
    following = {rule.id: rule for rule in scheme.following}
    for form in scheme.forms:
        for indicator in form.indicators:
            if indicator.nature != "cumulative" or form.of_municipality:
                continue
            figure = f"{form.name}.{indicator.name}"
            declared = [rule for rule in scheme.relations if rule not in scheme.following]
            said = any(f"previous_in_year({figure})" in rule.check for rule in declared)
            own = f"{form.code}-{indicator.name.replace('_', '-')}-not-less" in following
            assert own or said or indicator.unit_from is not None, figure
            assert not (own and said), figure


def test_of_lines_in_different_units_the_scheme_says_it_line_by_line(scheme: Scheme) -> None:
    ids = {rule.id for rule in scheme.relations if rule not in scheme.following}
    lines = {form: scheme.codes(scheme.form(form)["item"]).codes for form in ("R09", "R37")}
    for code in lines["R09"]:
        assert f"R09-since-january-{code.code.replace('_', '-')}" in ids
    for code in lines["R37"]:
        assert f"R37-not-less-{code.code.replace('_', '-')}" in ids


def test_such_a_rule_asks_for_a_reason_and_refuses_nothing(scheme: Scheme) -> None:
    assert scheme.following
    for rule in scheme.following:
        assert rule.severity == "warning"
        assert len(operands(rule, scheme)) == 2


def test_forms_of_the_city_and_forms_of_once_a_year_have_none(scheme: Scheme) -> None:
    with_rules = {rule.form for rule in scheme.following}
    assert not any(scheme.form(name).of_municipality for name in with_rules)
    assert {"hh_register", "education", "plan_targets", "prior_published"}.isdisjoint(with_rules)
