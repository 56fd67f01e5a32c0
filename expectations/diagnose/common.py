"""Failures that most units have alike: then the rule, or the hierarchy, is the likelier fault."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

LEAST_UNITS = 6
"""Of fewer units than this "most" says nothing."""


def is_common(gaps: Mapping[str, Sequence[Decimal]], units: int) -> bool:
    """Whether more than half of the units fail a rule, all of them in the same direction.

    `gaps` has for each unit that fails by how much its left sides are above the right ones;
    `units` is how many units the rule could be decided for.
    """
    sides = {gap > 0 for of_unit in gaps.values() for gap in of_unit}
    return units >= LEAST_UNITS and 2 * len(gaps) > units and len(sides) == 1
