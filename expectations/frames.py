"""The lines of many filings of one form in one frame, so that they are checked as one batch."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.filing import Filing, column_of

FILING = "filing"
"""Column: the number of the filing in the batch that a line belongs to."""


def gathered(filings: Sequence[Filing]) -> pd.DataFrame:
    """All lines of some filings of one form, in order, numbered from 0, with their FILING."""
    frame = pd.concat([filing.frame for filing in filings], ignore_index=True)
    return frame.assign(**{FILING: owners_of(filings)})


def columns_of(filings: Sequence[Filing], names: Iterable[str]) -> pd.DataFrame:
    """Some columns of the lines of some filings, in order, numbered from 0.

    Taken column by column, which is much faster than to take a part of each frame.
    """
    frames = [filing.frame for filing in filings]
    return pd.DataFrame({name: column_of(frames, name) for name in names})


def owners_of(filings: Sequence[Filing]) -> npt.NDArray[np.int64]:
    """The number of the filing that each of these lines is of."""
    return np.repeat(np.arange(len(filings)), [len(filing.frame) for filing in filings])
