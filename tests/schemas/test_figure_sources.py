"""Which rules between forms there are in a period, and which figures they can speak of."""

import pytest

from schemas.consolidated.relations import Sources, forms_spoken_of, is_there, operand
from schemas.life import Dated
from schemas.models import Relation, RuleFile, Scheme
from schemas.period import Period
from schemas.text import Text

WORDS = Text(zh="话", en="Words")


def changed(scheme: Scheme, *relations: Relation, **life: str) -> Scheme:
    """The scheme with other relations, and with a life of 本年任务 in the form of reduction."""
    dated = {"why": WORDS, **life} if life else {}
    forms = tuple(
        form.model_copy(
            update={
                "indicators": tuple(
                    column.model_copy(update=dated) if column.name == "task" else column
                    for column in form.indicators
                )
            }
        )
        if form.name == "reduction"
        else form
        for form in scheme.forms
    )
    return scheme.model_copy(
        update={"forms": forms, "rule_files": {"some": RuleFile(rules=relations)}}
    )


def relation(check: str, **more: object) -> Relation:
    return Relation.model_validate(
        {"id": "R18-some", "form": "reduction", "check": check, "label": WORDS, **more}
    )


def test_a_rule_that_begins_later_is_not_there_before(scheme: Scheme) -> None:
    later = relation("reduction.task ≥ 0", since="2016", why=WORDS)
    assert isinstance(later, Dated)
    dated = changed(scheme, later)
    assert later not in dated.at(Period.parse("2015")).relations
    assert later in dated.at(Period.parse("2016")).relations


def test_a_figure_is_not_taken_from_a_time_when_it_was_not_there(scheme: Scheme) -> None:
    grown = relation("reduction.task ≥ last_year(reduction.task)")
    dated = changed(scheme, grown, since="2015")
    sources = Sources(dated)
    name = "last_year(reduction.task)"
    assert sources.of(name, Period.parse("2015")) == []
    assert [source.id for _, source in sources.of(name, Period.parse("2016"))] == ["2015"]
    assert not is_there(grown, dated.at(Period.parse("2014")))
    assert is_there(grown, dated.at(Period.parse("2015")))


def test_what_a_relation_speaks_of(scheme: Scheme) -> None:
    members = next(rule for rule in scheme.relations if rule.id == "R15-members")
    assert forms_spoken_of(members) == {"hh_member", "hh_register"}
    heads = operand("count(hh_member, relation == 'head')", scheme)
    assert [label.zh for label in heads.measure.labels] == ["户主", "人数"]
    assert (heads.measure.unit, heads.measure.where) == ("person", (("relation", "head"),))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sum(hh_register.net_income_pc)", "there is no sum of hh_register.net_income_pc"),
        ("sum(area_dev.quantity)", "are in different units"),
        ("count(hh_register, head_name == 'x')", "is personal"),
        ("count(pv, capacity_kw == 'x')", "cannot be chosen by capacity_kw"),
        ("max(pv.status)", "there is no max of pv.status"),
    ],
)
def test_what_is_no_figure_of_a_form(scheme: Scheme, name: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        operand(name, scheme)
