"""Rules that are asked for each value of a key: lines of one form against lines of another.

Every value that the judged filing has is a row of one frame, with the figures of the lines that
have this value in each form. They are worked out for all values at once, so that the registers of
a whole municipality take a second or two.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pandas as pd

from expectations.engine import Engine
from expectations.frames import FILING, columns_of, owners_of
from expectations.key_groups import group_diagnoses
from expectations.key_slips import KeySlips
from expectations.keyed_figures import Beside, Keyed, Where, keyed_figures
from expectations.known import Known
from expectations.relation_case import RelationCase, Taken
from expectations.relation_findings import relation_finding
from expectations.rule import Outcome, plain_value
from expectations.screen import outcomes, told
from expectations.suites import keyed_suite
from schemas.consolidated.figures import Figure, Source, reach
from schemas.consolidated.measures import Measure
from schemas.filing import ROW, Checked, Filing
from schemas.findings import CheckResult, Finding
from schemas.models import Relation, Scheme
from schemas.period import Period
from schemas.place import MOST_LINES
from schemas.rules.statement import Statement


def validate_keyed(
    engine: Engine, returns: Sequence[Sequence[Filing]], scheme: Scheme, known: Known
) -> list[list[Checked]]:
    """How the rules for each value of a key came out for the filings of each file."""
    of_form: dict[tuple[str, str], dict[Where, Beside]] = defaultdict(dict)
    for file, filings in enumerate(returns):
        for place, filing in enumerate(filings):
            of_form[filing.form, filing.period][file, place] = filing, filings
    found: dict[Where, Checked] = {}
    for relation in (rule for rule in scheme.whole.relations if rule.by is not None):
        judged: dict[Where, Keyed] = {}
        for (form, period), of_period in of_form.items():
            then = scheme.at(Period.parse(period))
            if form == relation.form and relation.id in (rule.id for rule in then.relations):
                judged |= keyed_figures(relation, of_period, then, known)
        for where, checked in zip(
            judged, _checked(engine, relation, [*judged.values()]), strict=True
        ):
            found[where] = found.get(where, Checked((), ())).and_also(checked)
    return [
        [found.get((file, place), Checked((), ())) for place in range(len(filings))]
        for file, filings in enumerate(returns)
    ]


def _checked(engine: Engine, relation: Relation, judged: Sequence[Keyed]) -> Iterator[Checked]:
    """How a rule came out for each filing that it judges."""
    if not judged:
        return
    parts = {id(keyed.of_all): keyed.of_all for keyed in judged}
    frame = pd.concat([*parts.values()], ignore_index=True)
    statement = Statement(relation.comparison, relation.condition, _reaches(judged))
    failing: list[int] = []
    if len(frame):
        (failing,) = engine.unexpected(keyed_suite(relation, statement), frame).values()
    came_out = told(outcomes(statement, frame), failing)
    ends = np.cumsum([0, *(len(keyed.keys) for keyed in judged)]).tolist()
    for keyed, (first, end) in zip(judged, pairwise(ends), strict=True):
        passed, failed, undetermined = (
            int((came_out[first:end] == kind).sum())
            for kind in (Outcome.PASS, Outcome.FAIL, Outcome.UNDETERMINED)
        )
        found: list[Finding] = []
        if failed:
            found = _findings(keyed, statement, keyed.figures[came_out[first:end] == Outcome.FAIL])
        result = CheckResult(
            check=relation.id,
            statement=relation.label,
            severity=relation.gravity,
            passed=passed,
            failed=failed,
            undetermined=undetermined,
        )
        yield Checked(tuple(found), (result,))


def _reaches(judged: Sequence[Keyed]) -> dict[str, Decimal]:
    """How far the figures of a key may lie from the true ones: as for its most lines."""
    together: dict[tuple[str, int], tuple[Keyed, list[Filing]]] = {}
    for keyed in judged:
        for name, (operand, filing) in keyed.taken.items():
            if filing is not None:
                together.setdefault((name, id(operand)), (keyed, []))[1].append(filing)
    found: dict[str, Decimal] = {}
    for (name, _), (keyed, filings) in together.items():
        operand, _ = keyed.taken[name]
        if reach(operand.measure, operand.form, 1):
            lines = columns_of(filings, [keyed.by]).assign(**{FILING: owners_of(filings)})
            most = max(lines.value_counts().tolist(), default=0)
            width = reach(operand.measure, operand.form, most)
            found[name] = max(width, found.get(name, Decimal(0)))
    return {name: width for name, width in found.items() if width}


def _findings(keyed: Keyed, statement: Statement, failed: pd.DataFrame) -> list[Finding]:
    """A finding for each key, or one for all of many."""
    shown = failed.iloc[: MOST_LINES + 1]
    values = zip(*(shown[name].tolist() for name in shown.columns), strict=True)
    cases = [
        _case(keyed, str(key), dict(zip(shown.columns, of_key, strict=True)))
        for key, of_key in zip(shown.index, values, strict=True)
    ]
    found = [relation_finding(case) for case in cases]
    if len(found) <= MOST_LINES:
        return [*_diagnosed(keyed, cases, found)]
    filing, column = keyed.filing, found[0].indicator or keyed.by
    rows = filing.frame.loc[filing.frame[keyed.by].isin(failed.index), ROW].tolist()
    together = {
        "cells": tuple(cell for finding in found[:MOST_LINES] for cell in finding.cells[:1]),
        "areas": filing.places.areas(column, rows),
        "lines": len(failed),
        "diagnoses": group_diagnoses(keyed, statement, failed.index),
    }
    return [found[0].model_copy(update=together)]


def _diagnosed(
    keyed: Keyed, cases: Sequence[RelationCase], found: Sequence[Finding]
) -> Iterator[Finding]:
    """Findings of single keys with what they probably come from."""
    if not found:
        return
    forms = {operand.form.name: operand.form for operand, _ in keyed.taken.values()}
    forms[keyed.form.name] = keyed.form
    slips = KeySlips(keyed.by, keyed.filing, keyed.other, forms)
    for case, finding in zip(cases, found, strict=True):
        assert case.key is not None, case.relation.id
        diagnoses = slips.diagnoses(case, str(case.key[1]))
        yield finding.model_copy(update={"diagnoses": diagnoses})


def _case(keyed: Keyed, key: str, figures: Mapping[str, object]) -> RelationCase:
    of_key = keyed.by, key
    taken = {}
    for name, (operand, filing) in keyed.taken.items():
        value = plain_value(figures[name])
        if filing is None or not isinstance(value, Decimal):
            continue
        measure: Measure = replace(operand.measure, where=(*operand.measure.where, of_key))
        in_file = filing if any(filing is other for other in keyed.in_file) else None
        taken[name] = Taken(
            replace(operand, measure=measure),
            Source.of(filing),
            Figure(value, reach(measure, operand.form, 1)),
            in_file,
        )
    return RelationCase(keyed.relation, keyed.form, keyed.filing, taken, of_key)
