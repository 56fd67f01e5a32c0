"""What can be said of rules without any data: small forms, decided by hand."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.language.expression import evaluate, number, parse_comparison
from schemas.models import Form, Indicator, MeasureGroup, Relation, Rule, Scheme
from schemas.soundness.contradictions import form_contradictions, relation_contradictions
from schemas.soundness.feasibility import Space
from schemas.text import Text

WORDS = Text(zh="词", en="Words")
A, B = (
    Indicator(name=n, label=WORDS, kind="integer", unit="count", minimum=Decimal(0)) for n in "ab"
)
TOTAL = Indicator(name="total", label=WORDS, kind="integer", unit="count", computed="a + b")
KIND = Indicator(name="kind", label=WORDS, kind="code", code_list="pv_kind")


def verdicts(scheme: Scheme, *rules: tuple[str, str | None]) -> list[str]:
    form = scheme.form("biogas").model_copy(
        update={
            "indicators": (A, B, TOTAL, KIND),
            "rules": tuple(
                Rule(id=f"R04-r{n}", check=check, when=when, label=WORDS)
                for n, (check, when) in enumerate(rules)
            ),
            "consolidated": (MeasureGroup(measures=()),),
        }
    )
    assert isinstance(form, Form)
    return [f"{rule} {problem}" for rule, problem in form_contradictions(scheme, form)]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([("a <= b", None)], []),
        ([("a <= total", None)], ["R04-r0 can never fail: a <= total"]),
        ([("a > total", None)], ["R04-r0 can never hold: a > total"]),
        ([("a > 3", None), ("a < 4", None)], ["R04-r0 contradicts R04-r1: a > 3"]),
        ([("a > 3", None), ("a < 5", None)], []),
        ([("a <= b", "kind = 'village'"), ("a > b", "kind = 'ground'")], []),
        (
            [("a <= b", "kind = 'village'"), ("a > b", "kind != 'ground'")],
            ["R04-r0 contradicts R04-r1: a <= b"],
        ),
        ([("a <= b", "a < 0")], ["R04-r0 its condition is never met: a < 0"]),
        ([("a = 0", "total = 0")], ["R04-r0 can never fail: a = 0"]),
        ([("kind = 'village'", "a > 0"), ("a > 0", None)], []),
        ([("present(a)", None)], ["R04-r0 can never fail: present(a)"]),
        (
            [("a + b >= 10", None), ("a <= 4", None), ("b <= 5", None)],
            ["R04-r0 contradicts R04-r1 and R04-r2: a + b >= 10"],
        ),
        ([("a * b <= 100", None)], []),
    ],
)
def test_what_is_said_of_rules(
    scheme: Scheme, rules: Sequence[tuple[str, str | None]], said: list[str]
) -> None:
    assert verdicts(scheme, *rules) == said


coefficients = st.integers(-3, 3)
statements = st.builds(
    "{} * a + {} * b {} {}".format,
    coefficients,
    coefficients,
    st.sampled_from(["<=", ">=", "=", "<", ">", "!="]),
    st.integers(-8, 8),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(statements, min_size=1, max_size=4))
def test_the_solver_agrees_with_trying_every_value(texts: list[str]) -> None:
    space = Space()
    for name in "ab":
        space.add(name, 0, 6, whole=True)
    parsed = [parse_comparison(text) for text in texts]
    holds = {
        "<=": lambda x, y: x <= y,
        ">=": lambda x, y: x >= y,
        "=": lambda x, y: x == y,
        "<": lambda x, y: x < y,
        ">": lambda x, y: x > y,
        "!=": lambda x, y: x != y,
    }

    def all_hold(a: int, b: int) -> bool:
        values = {"a": Decimal(a), "b": Decimal(b)}
        return all(
            holds[p.comparator](number(evaluate(p.left, values)), number(evaluate(p.right, values)))
            for p in parsed
        )

    possible = any(all_hold(a, b) for a in range(7) for b in range(7))
    assert space.satisfiable([space.clause(p) for p in parsed]) == possible


def test_a_contradiction_among_all_rules_of_a_scheme_is_found_with_its_other_side(
    scheme: Scheme,
) -> None:
    opposite = Relation(
        id="R18-opposite",
        form="reduction",
        check="reduction.task > plan(plan_targets.lifted_target)",
        label=WORDS,
    )
    rules = [rule for rule in (*scheme.relations, opposite) if rule.by is None]
    told = dict(relation_contradictions(scheme, rules))
    assert told["R18-issued"].startswith("contradicts R18-opposite: reduction.task = plan(")
    assert set(told) <= {"R18-issued", "R18-opposite", "R09-issued-lifted"}
