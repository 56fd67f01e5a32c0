"""ID numbers of a whole column: what one number must be, decided for a register at once."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.id_number import CHECKS, WEIGHTS, is_id_number

_LENGTH = len(WEIGHTS) + 1
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0])
"""The days that each month has every year, by its number; none of a month 0 or 13."""


def are_id_numbers(texts: "pd.Series[str]") -> npt.NDArray[np.bool_]:
    """What `is_id_number` says of each text, in their order; none may be missing.

    Nearly all are 18 plain characters and right: that is shown of all of them at once, and only
    those of which it cannot be shown are looked at one by one.
    """
    right = (texts.str.len() == _LENGTH).to_numpy(dtype=bool, copy=True)
    characters = texts[right].to_numpy(dtype=f"U{_LENGTH}").view(np.uint32).reshape(-1, _LENGTH)
    right[right] = _are_right(characters)
    right[~right] = [is_id_number(text) for text in texts[~right]]
    return right


def _are_right(characters: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Of rows of code points whether they are digits with a date and their check character."""
    digits = characters[:, :-1] - np.uint32(ord("0"))  # what is below 0 wraps to far above 9
    checks = np.array([ord(check) for check in CHECKS])
    check = checks[digits @ np.array(WEIGHTS, np.uint32) % len(CHECKS)]
    right: npt.NDArray[np.bool_] = (
        (digits <= 9).all(axis=1) & _are_dates(digits[:, 6:14]) & (characters[:, -1] == check)
    )
    return right


def _are_dates(digits: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Whether eight digits are a day that every year has."""
    year = digits[:, :4] @ np.array([1000, 100, 10, 1], np.uint32)
    month = digits[:, 4] * 10 + digits[:, 5]
    day = digits[:, 6] * 10 + digits[:, 7]
    dates: npt.NDArray[np.bool_] = (
        (year > 0) & (day > 0) & (day <= _DAYS[np.minimum(month, len(_DAYS) - 1)])
    )
    return dates
