"""ID numbers of a whole column: what one must be and what it says, of a register at once."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.language.id_number import CHECKS, SEXES, WEIGHTS, holder

_LENGTH = len(WEIGHTS) + 1
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0])
"""The days that each month has every year, by its number; none of a month 0 or 13."""
_FIRST_DAY = date(1970, 1, 1).toordinal()  # from which numpy counts days


@dataclass(frozen=True)
class Holders:
    """What the numbers of a column say of whose they are, in their order.

    `known` marks those that are ID numbers; of the others nothing is said. `male` is false for
    women; `born` is the date of birth as a number: 19491231.
    """

    known: npt.NDArray[np.bool_]
    male: npt.NDArray[np.bool_]
    born: npt.NDArray[np.int64]

    def ages(self, on: date) -> npt.NDArray[np.int64]:
        """The full years of each on a day."""
        return (int(f"{on:%Y%m%d}") - self.born) // 10_000

    @property
    def birth_dates(self) -> npt.NDArray[np.int64]:
        """The dates of birth as ordinals; anything where nothing is known."""
        born = np.where(self.known, self.born, 19700101)
        months = (born // 10_000 - 1970) * 12 + born // 100 % 100 - 1
        first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
        return np.asarray(first + born % 100 - 1 + _FIRST_DAY)


def are_id_numbers(texts: "pd.Series[str]") -> npt.NDArray[np.bool_]:
    """What `is_id_number` says of each text, in their order."""
    return holders(texts).known


def holders(texts: "pd.Series[str]") -> Holders:
    """What `holder` says of each text, in their order; of a missing one nothing is known.

    Nearly all are 18 plain characters and right: that is shown of all of them at once, and only
    those of which it cannot be shown are looked at one by one.
    """
    plain = (texts.str.len() == _LENGTH).to_numpy(dtype=bool, na_value=False)
    characters = texts[plain].to_numpy(dtype=f"U{_LENGTH}").view(np.uint32).reshape(-1, _LENGTH)
    digits = characters[:, :-1] - np.uint32(ord("0"))  # what is below 0 wraps to far above 9
    known, male = np.zeros(len(texts), dtype=bool), np.zeros(len(texts), dtype=bool)
    born = np.zeros(len(texts), dtype=np.int64)
    known[plain] = _are_right(digits, characters[:, -1])
    male[plain] = digits[:, 16] % 2 == 1
    born[plain] = digits[:, 6:14] @ 10 ** np.arange(7, -1, -1)
    for place in np.flatnonzero(~known & texts.notna().to_numpy()):
        found = holder(texts.iloc[place])
        if found is not None:
            known[place] = True
            male[place] = found.sex == SEXES[True]
            born[place] = int(f"{found.birth_date:%Y%m%d}")
    return Holders(known, male, born)


def _are_right(
    digits: npt.NDArray[np.uint32], last: npt.NDArray[np.uint32]
) -> npt.NDArray[np.bool_]:
    """Of rows of digits and their last code points whether they have a date and that check."""
    checks = np.array([ord(check) for check in CHECKS])
    check = checks[digits @ np.array(WEIGHTS, np.uint32) % len(CHECKS)]
    right: npt.NDArray[np.bool_] = (
        (digits <= 9).all(axis=1) & _are_dates(digits[:, 6:14]) & (last == check)
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
