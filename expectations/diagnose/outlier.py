"""Counties whose change is unlike that of the others, for the few units of a municipality.

Modified z of log ratios after B. Iglewicz and D. Hoaglin (1993), and the effects of M.
Hidiroglou and J.-M. Berthelot (1986) as a second opinion that weighs small units less.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

import numpy as np

LEAST_UNITS = 6
"""Fewer comparable units than this have no statistics."""

WARNING, STRONG = 3.5, 5.0
"""Modified z above which a change is doubtful, and above which it is very doubtful."""

_NORMAL = 0.6745  # median absolute deviation of a standard normal variable
_LEAST_SPREAD = 0.01  # where most units change alike, a per cent is still nothing to tell
_HB_EXPONENT, _HB_FLOOR, _HB_WIDTH = 0.4, 0.05, 10.0


@dataclass(frozen=True)
class Outlier:
    """A unit whose ratio to its value before is unlike that of the others."""

    unit: str
    ratio: float
    typical: float
    modified_z: float
    seconded: bool

    @property
    def strong(self) -> bool:
        """Whether it is far out."""
        return abs(self.modified_z) > STRONG


def modified_z(
    values: Mapping[str, float], least_spread: Mapping[str, float] | None = None
) -> dict[str, float]:
    """How far each value is from the median, in robust standard deviations.

    The deviation of a unit is taken as no less than its `least_spread`.
    """
    middle = median(values.values())
    spread = median(abs(value - middle) for value in values.values())
    least = least_spread or {}
    return {
        unit: _score(value - middle, max(spread, least.get(unit, 0.0)))
        for unit, value in values.items()
    }


def _score(distance: float, spread: float) -> float:
    if not distance:
        return 0.0
    return _NORMAL * distance / spread if spread else math.inf


def effects(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """The size of each unit's change as Hidiroglou and Berthelot measure it."""
    ratios = {unit: after[unit] / before[unit] for unit in before}
    middle = median(ratios.values())
    return {
        unit: (1 - middle / ratio if ratio < middle else ratio / middle - 1)
        * max(before[unit], after[unit]) ** _HB_EXPONENT
        for unit, ratio in ratios.items()
    }


def outside(found: Mapping[str, float], width: float = _HB_WIDTH) -> frozenset[str]:
    """The units whose effect lies outside the bounds of Hidiroglou and Berthelot."""
    low, middle, high = np.quantile(list(found.values()), [0.25, 0.5, 0.75])
    floor = abs(_HB_FLOOR * middle)
    bottom = middle - width * max(middle - low, floor)
    top = middle + width * max(high - middle, floor)
    return frozenset(unit for unit, effect in found.items() if not bottom <= effect <= top)


def outliers(
    before: Mapping[str, float], after: Mapping[str, float], step: float = 0.0
) -> list[Outlier]:
    """The units whose change from `before` to `after` is doubtful, the most doubtful first.

    Only units with a positive value both times are compared; below LEAST_UNITS of them nothing is
    said. `step` is what the values are multiples of: from 2 to 3 persons is as near as they come.
    """
    scores = _scores(before, after, step)
    if not scores:
        return []
    then, now = {u: before[u] for u in scores}, {u: after[u] for u in scores}
    ratios = {unit: now[unit] / then[unit] for unit in scores}
    seconded = outside(effects(then, now))
    typical = math.exp(median(math.log(ratio) for ratio in ratios.values()))
    found = [
        Outlier(unit, ratios[unit], typical, score, unit in seconded)
        for unit, score in scores.items()
        if abs(score) > WARNING
    ]
    return sorted(found, key=lambda outlier: -abs(outlier.modified_z))


def is_usual(
    unit: str, before: Mapping[str, float], after: Mapping[str, float], step: float = 0.0
) -> bool | None:
    """Whether the change of one unit is not doubtful; None where it is not compared."""
    score = _scores(before, after, step).get(unit)
    return None if score is None else abs(score) <= WARNING


def _scores(
    before: Mapping[str, float], after: Mapping[str, float], step: float
) -> dict[str, float]:
    """The modified z of the log ratios of the comparable units; none where they are too few."""
    units = [u for u in before if before[u] > 0 and after.get(u, 0) > 0]
    if len(units) < LEAST_UNITS:
        return {}
    return modified_z(
        {unit: math.log(after[unit] / before[unit]) for unit in units},
        {u: max(_LEAST_SPREAD, step / 2 / before[u] + step / 2 / after[u]) for u in units},
    )
