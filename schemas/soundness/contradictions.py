"""Rules that contradict each other, that can never fail, that can never hold.

What the ranges, code lists and formulas of the columns leave open is a space; each rule must be
able to fail in it and to hold in it together with all the others.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from schemas.consolidated.relations import Operand, operands, spoken_of
from schemas.dates import LATEST
from schemas.language.expression import Comparison, Name, Word
from schemas.models import Form, Indicator, Relation, Rule, Scheme
from schemas.soundness.feasibility import Clause, Space


def form_contradictions(scheme: Scheme, form: Form) -> Iterator[tuple[str, str]]:
    """What is wrong with the rules of a form of one era, each with the id of the rule."""
    space = Space()
    for indicator in form.indicators:
        _add_column(space, scheme, form, indicator)
    for indicator in form.indicators:
        if indicator.formula is not None:
            formula = Comparison(Name(indicator.name), "=", indicator.formula)
            space.facts += [limit for way in space.clause(formula) for limit in way]
    yield from _contradictions(space, form.rules)


def relation_contradictions(
    scheme: Scheme, relations: Sequence[Relation]
) -> Iterator[tuple[str, str]]:
    """What is wrong with rules between forms of one era, each with the id of the rule.

    Rules that share no figure, also not by way of others, cannot contradict each other: they are
    solved apart, else a single contradiction among hundreds of rules takes minutes.
    """
    for together in _sharing_figures(relations):
        space = Space()
        for relation in together:
            for found in operands(relation, scheme).values():
                _add_figure(space, found)
        yield from _contradictions(space, together)


def _sharing_figures(relations: Sequence[Relation]) -> list[list[Relation]]:
    """The rules in groups, of which no two speak of the same figure."""
    groups: list[tuple[set[str], list[Relation]]] = []
    for relation in relations:
        figures = set(spoken_of(relation))
        joined = [group for group in groups if not figures.isdisjoint(group[0])]
        groups = [group for group in groups if group not in joined]
        of = [rule for _, rules in joined for rule in rules]
        groups.append((figures.union(*(known for known, _ in joined)), [*of, relation]))
    return [rules for _, rules in groups]


# --- the space ---------------------------------------------------------------------------------


def _add_column(space: Space, scheme: Scheme, form: Form, indicator: Indicator) -> None:
    name = indicator.name
    required = indicator.required and indicator.computed is None
    space.add(f"present({name})", int(required), 1, whole=True)
    if indicator.numeric:
        low, high = _end(indicator.minimum, -math.inf), _end(indicator.maximum, math.inf)
        space.add(name, low, high, whole=indicator.kind == "integer")
        space.reaches[name] = float(indicator.half_width)
    elif indicator.kind == "date":
        space.add(name, indicator.earliest.toordinal(), LATEST.toordinal(), whole=True)
    elif indicator.code_list is not None:
        codes = [code.code for code in scheme.codes(indicator).codes]
        space.add_codes(name, codes, required=required)
    else:
        words = dict.fromkeys(_words_for(name, form.rules))
        space.add_codes(name, [*words], required=False)


def _words_for(name: str, rules: Sequence[Rule]) -> Iterator[str]:
    for rule in rules:
        for statement in filter(None, (rule.comparison, rule.condition)):
            sides = {statement.left, statement.right}
            if Name(name) in sides:
                yield from (side.value for side in sides if isinstance(side, Word))


def _add_figure(space: Space, operand: Operand) -> None:
    measure = operand.measure
    counted = measure.aggregation in ("count", "distinct")
    low, high, whole = 0.0, math.inf, counted
    if measure.indicator is not None and not counted:
        indicator = operand.form[measure.indicator]
        low, high = _end(indicator.minimum, -math.inf), _end(indicator.maximum, math.inf)
        whole = indicator.kind == "integer"
        if measure.aggregation == "sum" and operand.form.body != "single":
            # Any number of lines, none at all among them.
            low, high = (0.0 if low >= 0 else -math.inf), (0.0 if high <= 0 else math.inf)
    space.add(operand.name, low, high, whole=whole)


def _end(limit: Decimal | None, without: float) -> float:
    return without if limit is None else float(limit)


# --- the questions -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Stated:
    """A rule as clauses: what it asks, where it applies, and how it fails."""

    rule: Rule
    asked: Clause
    applies: tuple[Clause, ...]
    failed: Clause

    @classmethod
    def of(cls, rule: Rule, space: Space) -> "_Stated":
        held, failed = space.clause(rule.comparison), space.failure(rule.comparison)
        if rule.condition is None:
            return cls(rule, held, (), failed)
        exempt = space.clause(rule.condition, holds=False)
        return cls(rule, [*exempt, *held], (space.clause(rule.condition),), failed)


def _contradictions(space: Space, rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    sound: list[_Stated] = []
    for one in (_Stated.of(rule, space) for rule in rules):
        problem = _alone(space, one)
        if problem is None:
            sound.append(one)
        else:
            yield one.rule.id, problem
    told: set[frozenset[str]] = set()
    for one in sound:
        conflict = _conflict(space, one, [other for other in sound if other is not one])
        ids = frozenset({one.rule.id, *(other.rule.id for other in conflict)})
        if conflict and ids not in told:
            told.add(ids)
            named = " and ".join(other.rule.id for other in conflict)
            yield one.rule.id, f"contradicts {named}: {one.rule.check}"


def _alone(space: Space, one: _Stated) -> str | None:
    """What is wrong with a rule whatever the others say."""
    if not space.satisfiable([one.asked, *one.applies]):
        if not space.satisfiable(one.applies):
            return f"its condition is never met: {one.rule.when}"
        return f"can never hold: {one.rule.check}"
    if not space.satisfiable([one.failed, *one.applies]):
        return f"can never fail: {one.rule.check}"
    return None


def _possible(space: Space, one: _Stated, others: Sequence[_Stated]) -> bool:
    """Whether a rule can apply and hold together with others."""
    return space.satisfiable([one.asked, *one.applies, *(other.asked for other in others)])


def _conflict(space: Space, one: _Stated, others: Sequence[_Stated]) -> list[_Stated]:
    """A smallest part of the others that a rule cannot hold together with; none if it can.

    Where the others contradict each other without it, that is not its fault.
    """
    if _possible(space, one, others):
        return []
    kept = list(others)
    for other in others:
        fewer = [each for each in kept if each is not other]
        if not _possible(space, one, fewer):
            kept = fewer
    return kept if space.satisfiable([other.asked for other in kept]) else []
