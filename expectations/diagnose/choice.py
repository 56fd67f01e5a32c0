"""All the best choices of a 0/1 problem, not only the one that the solver meets first.

Each answer found is cut off by a canonical cut (E. Balas and R. Jeroslow, 1972): not all of what it
chooses may be chosen again.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MOST_ANSWERS = 20
"""More equally good answers than this say nothing, and are not looked for."""

_NEAR = 1e-6


@dataclass(frozen=True)
class Within:
    """A sum of the variables with these coefficients lies between two limits, both included."""

    factors: Sequence[float]
    low: float = -math.inf
    high: float = math.inf


def best_choices(
    costs: Sequence[float], limits: Sequence[Within], reaches: Sequence[float] = ()
) -> list[frozenset[int]]:
    """The sets of 0/1 variables that are 1 in the solutions of least cost.

    `costs` are those of the 0/1 variables. After them come, in `limits`, as many others as there
    are `reaches`, each anything between minus and plus its reach, which cost nothing. Up to
    MOST_ANSWERS, in the order in which they are found; none where the limits cannot be met. After
    each answer the solver is asked for one that does not contain it, until that costs more.
    """
    # Half a second, and most nights have nothing to choose from.
    from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]

    choices, others = len(costs), len(reaches)
    cost = np.array([*costs, *[0.0] * others])
    bounds = Bounds(
        np.array([*[0.0] * choices, *(-r for r in reaches)]), np.array([*[1.0] * choices, *reaches])
    )
    kinds = np.array([1] * choices + [0] * others)
    asked = [*limits]
    found: list[frozenset[int]] = []
    least = math.inf
    while len(found) < MOST_ANSWERS:
        constraint = LinearConstraint(
            np.array([limit.factors for limit in asked]),
            np.array([limit.low for limit in asked]),
            np.array([limit.high for limit in asked]),
        )
        solved: Any = milp(cost, constraints=constraint, bounds=bounds, integrality=kinds)
        if not solved.success or (found and solved.fun > least + _NEAR):
            break
        least = solved.fun
        chosen = frozenset(int(i) for i in np.flatnonzero(solved.x[:choices] > 0.5))
        found.append(chosen)
        if not chosen:
            break
        cut = [float(i in chosen) for i in range(choices + others)]
        asked.append(Within(cut, high=len(chosen) - 1))
    return found
