"""A total that counts something twice, or not at all."""

from collections.abc import Sequence
from decimal import Decimal


def is_miscounted(total: Decimal, parts: Sequence[Decimal], tolerance: Decimal) -> bool:
    """Whether a total is that of its parts and a subtotal of them again, or one part more or less.

    False where it is right.
    """
    right = sum(parts, Decimal(0))
    gap = total - right
    if abs(gap) <= tolerance or len(parts) < 2:
        return False
    if abs(gap - right) <= tolerance:
        return True
    return any(part and abs(abs(gap) - abs(part)) <= tolerance for part in parts)
