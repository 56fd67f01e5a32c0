"""Which figures of a form have a plan: those whose share of it the form itself asks for.

A percentage of one column in another is the completion of a plan where the first says what has
come about (it has a nature in time) and the second does not: a plan, a quota, what was allotted.
"""

from collections.abc import Mapping

from schemas.consolidated.measures import PERCENT, Measure, measures
from schemas.language.linear import linear
from schemas.models import Form, Scheme


def plans(form: Form, scheme: Scheme) -> Mapping[str, str]:
    """By the name of a measure, that of the measure which is its plan."""
    known = measures(form, scheme)
    sums = {(m.indicator, m.where): m.name for m in known if m.aggregation == "sum"}
    found: dict[str, str] = {}
    for measure in known:
        pair = _completion(form, measure)
        if pair is None:
            continue
        done, plan = (sums.get((name, measure.where)) for name in pair)
        if done is not None and plan is not None:
            found[done] = plan
    return found


def _completion(form: Form, measure: Measure) -> tuple[str, str] | None:
    """The columns of which a measure is the completion: what was done and what was planned."""
    if measure.aggregation != "ratio" or measure.ratio is None or measure.unit != PERCENT:
        return None
    done, plan = (linear(part) for part in (measure.ratio.numerator, measure.ratio.denominator))
    if len(done) != 1 or len(plan) != 1:
        return None
    pair = next(iter(done)), next(iter(plan))
    natures = tuple(form[name].nature for name in pair)
    return pair if natures[0] is not None and natures[1] is None else None
