"""Every rule of the scheme can be broken: for each there is a return that fails it.

Returns are those of the sample, in which a cell or two are changed, or which are compared with
other figures than those of the sample.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import NamedTuple

import pytest

from expectations.between import validate_between
from expectations.rule import Outcome, outcome
from expectations.screen import outcomes
from schemas.consolidated.figures import Figure, Figures, Lines, Source, figure
from schemas.consolidated.measures import Measure
from schemas.consolidated.relations import Sources, spoken_of
from schemas.filing import NIL, ROW, Filing, typed_frame
from schemas.language.expression import Value
from schemas.models import Form, Indicator, Relation, Rule, Scheme
from schemas.period import Period
from schemas.rules.formulas import completed
from schemas.rules.statement import Statement, rule_statement
from schemas.sample import sample_lines
from schemas.scheme import CATALOG

Line = dict[str, Value | None]
Returns = Mapping[str, Mapping[str, Sequence[Line]]]

ASKED_OF = Period.parse("2003H1")  # so that later dates break what is said of the period
MOST_LINES = 40  # of a form are changed
DAYS = (date(2015, 6, 1), date(2015, 6, 4))
PERIODS = ("2018", "2018H2", "2018-06", "2003H1", "2004", "2004H2")
OTHER_FIGURES = tuple(map(Decimal, (0, 1, 200, 10**9)))


@pytest.fixture(scope="module")
def sample(scheme: Scheme) -> Mapping[str, Returns]:
    """By period, county and form the lines of the sample, with their computed columns."""
    return {
        period: {
            county: {
                name: [completed(scheme.form(name), line) for line in lines]
                for name, lines in forms.items()
            }
            for county, forms in sample_lines(
                scheme, CATALOG / scheme.id, Period.parse(period)
            ).items()
        }
        for period in ("2003H1", "2015")
    }


def lines_of(sample: Mapping[str, Returns], form: Form) -> list[Line]:
    return [
        line
        for returns in sample.values()
        for forms in returns.values()
        for line in forms.get(form.name, ())
    ]


def filing(
    scheme: Scheme, form: Form, lines: Sequence[Line], county: str = "141031", period: str = "2015"
) -> Filing:
    return Filing(
        form=form.name,
        county=county,
        period=period,
        sheet=form.sheet_name,
        frame=typed_frame(form, [{ROW: n, NIL: None, **line} for n, line in enumerate(lines, 9)]),
        columns={indicator.name: f"A{n}" for n, indicator in enumerate(form.indicators)},
    )


# --- rules inside a form --------------------------------------------------------------------------


def test_every_rule_of_a_form_fails_on_some_line(
    scheme: Scheme, sample: Mapping[str, Returns]
) -> None:
    rules = [(form, rule.asked_of(ASKED_OF)) for form in scheme.forms for rule in form.rules]
    assert len(rules) > 150
    unbroken = [
        rule.id
        for form, rule in rules
        if not any(broken_lines(scheme, form, rule, lines_of(sample, form)))
    ]
    assert unbroken == []


def broken_lines(scheme: Scheme, form: Form, rule: Rule, lines: Sequence[Line]) -> Iterator[bool]:
    """For each line that a change or two make break a rule, whether the suite sees it."""
    statement = rule_statement(form, rule)
    for line in lines[:MOST_LINES]:
        for changed in changes(scheme, form, statement, line):
            if outcome(statement, changed) is Outcome.FAIL:
                yield outcomes(statement, filing(scheme, form, [changed]).frame)[0] == Outcome.FAIL


def changes(scheme: Scheme, form: Form, statement: Statement, line: Line) -> Iterator[Line]:
    columns = [form[name] for name in statement.operands]
    for indicator in columns:
        for value in values(scheme, indicator, line[indicator.name]):
            yield {**line, indicator.name: value}
    for one, other in product(columns, columns):
        for value, another in product(
            values(scheme, one, line[one.name]), values(scheme, other, line[other.name])
        ):
            yield {**line, one.name: value, other.name: another}


def values(scheme: Scheme, indicator: Indicator, stated: Value | None) -> Sequence[Value | None]:
    match stated:
        case Decimal():
            return (Decimal(0), stated + 1, stated - 1, stated * 10 + 1, Decimal(10**9), None)
        case date():
            return (stated - timedelta(4000), stated + timedelta(4000), *DAYS, None)
        case _ if indicator.code_list is not None:
            blank = () if indicator.required else (None,)
            return [*(code.code for code in scheme.codes(indicator).codes), *blank]
    match indicator.kind:
        case "text":
            return ("甲",)
        case "date":
            return DAYS
    return (Decimal(0), Decimal(10**6))


# --- rules between forms, periods and levels ------------------------------------------------------


def test_every_rule_between_forms_fails_for_some_county(
    scheme: Scheme, sample: Mapping[str, Returns]
) -> None:
    sources = Sources(scheme)
    waiting = [relation for relation in scheme.relations if relation.by is None]
    assert len(waiting) > 95
    while waiting:
        taken: dict[str, Broken] = {}
        for relation in waiting:
            found = broken_return(sources, scheme, relation, sample, taken)
            if found is not None:
                taken[found.filing.county] = found
        assert taken, [relation.id for relation in waiting]
        accepted = {k: v for broken in taken.values() for k, v in broken.accepted.items()}
        checked = validate_between([[b.filing] for b in taken.values()], scheme, accepted)
        for broken, (of_filing,) in zip(taken.values(), checked, strict=True):
            assert broken.relation.id in {finding.rule for finding in of_filing.findings}
        done = {broken.relation.id for broken in taken.values()}
        waiting = [relation for relation in waiting if relation.id not in done]


class Broken(NamedTuple):
    """A return and the accepted figures beside which it breaks a rule."""

    relation: Relation
    filing: Filing
    accepted: Figures


def broken_return(
    sources: Sources,
    scheme: Scheme,
    relation: Relation,
    sample: Mapping[str, Returns],
    but: Collection[str],
) -> Broken | None:
    """A return of a county of whom nothing is taken yet, for one of some periods."""
    form = scheme.form(relation.form)
    for county, lines in returns_of(scheme, form, sample):
        if county in but:
            continue
        came = filing(scheme, form, lines, county)
        for period in PERIODS:
            judged = replace(came, period=period)
            if (accepted := breaking_figures(sources, scheme, relation, judged)) is not None:
                return Broken(relation, judged, accepted)
    return None


def returns_of(
    scheme: Scheme, form: Form, sample: Mapping[str, Returns]
) -> Iterator[tuple[str, Sequence[Line]]]:
    """Those of the sample, and then with all lines of a list under the same code."""
    coded = [i for i in form.indicators if i.code_list is not None and i.name != form.fixed_by]
    alike = [(i.name, code.code) for i in coded for code in scheme.codes(i).codes]
    for change in ({}, *({name: code} for name, code in alike)):
        for returns in sample.values():
            for county, forms in returns.items():
                if form.name in forms:
                    yield county, [{**line, **change} for line in forms[form.name]]


def breaking_figures(
    sources: Sources, scheme: Scheme, relation: Relation, came: Filing
) -> Figures | None:
    """The figures of other returns with which one breaks a rule; None where it speaks of none."""
    period = Period.parse(came.period)
    own: Line = {}
    others: dict[str, tuple[Source, Measure]] = {}
    for name in spoken_of(relation):
        for operand, at in sources.of(name, period)[:1]:
            source = Source(operand.form.name, came.county, at.id)
            if not owes(scheme, operand.form, came.county, at):
                continue
            if source == Source.of(came):
                stated = figure(operand.measure, Lines(operand.form, came.frame))
                own[name] = stated.value if stated.complete else None
            else:
                others[name] = source, operand.measure
    if not others or {*own, *others} != {*spoken_of(relation)}:
        return None
    statement = Statement(relation.comparison, relation.condition)
    for chosen in product(OTHER_FIGURES, repeat=len(others)):
        if outcome(statement, {**own, **dict(zip(others, chosen, strict=True))}) is Outcome.FAIL:
            figures = zip(others.values(), chosen, strict=True)
            return {known: Figure(value, Decimal(0)) for known, value in figures}
    return None


def owes(scheme: Scheme, form: Form, county: str, period: Period) -> bool:
    filer = scheme.filer(form, scheme.county(county))
    return filer in scheme.owing(form, period)


Damage = tuple[str, Callable[[Sequence[Line]], list[Line]], str]
"""The form that is damaged, how, and the form that lies beside it."""

DAMAGES: Sequence[Damage] = (
    ("hh_member", lambda lines: [x for x in lines if x["hh_no"] != lines[0]["hh_no"]], "R14"),
    ("hh_member", lambda lines: [*lines[1:], {**lines[0], "hh_no": "不在册"}], "R14"),
    ("hh_member", lambda lines: [{**line, "relation": "head"} for line in lines], "R14"),
    ("relocation_list", lambda lines: all_with(lines, persons=Decimal(20)), "R15"),
    ("reimbursement", lambda lines: all_with(lines, project_code="不在库"), "R06"),
    ("reimbursement", lambda lines: [*lines, {**lines[0], "claim_no": Decimal(9)}], "R06"),
    ("reimbursement", lambda lines: all_with(lines, cum_paid=Decimal(10**6)), "R06"),
    ("village_team", lambda lines: all_with(lines, paired_households=Decimal(10**6)), "R16"),
)


def all_with(lines: Sequence[Line], **change: Value | None) -> list[Line]:
    return [{**line, **change} for line in lines]


def test_every_rule_for_each_key_fails_for_some(
    scheme: Scheme, sample: Mapping[str, Returns]
) -> None:
    filed = {
        county: forms for county, forms in sample["2015"].items() if forms.get("relocation_list")
    }
    returns = [
        [
            filing(scheme, scheme.form(name), damage(forms[name]), county),
            filing(scheme, (beside := scheme.form(code)), forms[beside.name], county),
        ]
        for (name, damage, code), (county, forms) in zip(DAMAGES, filed.items(), strict=False)
    ]
    checked = validate_between(returns, scheme, {})
    failed = {f.rule for of_file in checked for of_one in of_file for f in of_one.findings}
    rules = {relation.id for relation in scheme.relations if relation.by is not None}
    assert len(rules) == 10
    assert rules <= failed
