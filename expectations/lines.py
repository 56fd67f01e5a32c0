"""Which lines of a frame fail which check of their form.

Great Expectations asks as many questions as a form has kinds of check, not as it has checks: every
expectation costs the same time, however little it asks. Its answer is the lines that break any
statement of a kind; which of the statements it was is then asked of those lines alone.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.custom.cells_hold_codes import no_code
from expectations.engine import Engine
from expectations.groups import CheckGroup, check_groups
from expectations.rule import Outcome
from expectations.screen import outcomes
from expectations.suites import lines_suite
from schemas.models import Form, Scheme
from schemas.rules.checks import Check


def failing_lines(
    engine: Engine, form: Form, scheme: Scheme, frame: pd.DataFrame
) -> Mapping[str, list[int]]:
    """The positions of the lines that fail, in order, for every check of a form by its id.

    The frame has the lines of any number of filings, as `gathered` puts them together.
    """
    groups = check_groups(form)
    marked = engine.unexpected(lines_suite(form, scheme), frame) if len(frame) else {}
    failing: dict[str, list[int]] = {}
    for group in groups:
        failing |= _told_apart(group, scheme, frame, marked.get(group.id, []))
    return failing


def _told_apart(
    group: CheckGroup, scheme: Scheme, frame: pd.DataFrame, positions: list[int]
) -> dict[str, list[int]]:
    if len(group.checks) == 1 or not positions:
        return {check.id: positions for check in group.checks}
    lines, where = frame.iloc[positions], np.array(positions, dtype=np.int64)
    return {check.id: where[_fails(check, scheme, lines)].tolist() for check in group.checks}


def _fails(check: Check, scheme: Scheme, lines: pd.DataFrame) -> npt.NDArray[np.bool_]:
    if check.kind == "codes":
        return no_code(lines[check.indicator.name], scheme.codes(check.indicator).all)
    failed: npt.NDArray[np.bool_] = outcomes(check.arithmetic, lines) == Outcome.FAIL
    return failed
