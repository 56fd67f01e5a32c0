"""Expect no two lines to have the same key."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.custom.line_metric import LineMetric
from expectations.custom.lines_expectation import LinesExpectation


def _are_unique(keys: pd.DataFrame) -> npt.NDArray[np.bool_]:
    whole = keys.notna().all(axis=1)
    return (~(keys.duplicated(keep=False) & whole)).to_numpy(dtype=bool)


class KeysAreUnique(LineMetric):
    """True on every line whose key no other line has, or that lacks part of its key."""

    metric_name = "huizong.keys_are_unique"
    satisfied = staticmethod(_are_unique)


class ExpectKeysToBeUnique(LinesExpectation):
    """Expect that no two lines have the same values in all columns of `column_list`."""

    metric_dependencies: ClassVar[tuple[str, ...]] = (KeysAreUnique.metric_name,)
