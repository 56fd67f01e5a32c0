"""The lines of many filings of one form in one frame, so that they are checked as one batch."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schemas.filing import Filing

FILING = "filing"
"""Column: the number of the filing in the batch that a line belongs to."""


def gathered(filings: Sequence[Filing]) -> pd.DataFrame:
    """All lines of some filings of one form, in order, numbered from 0, with their FILING."""
    frame = pd.concat([filing.frame for filing in filings], ignore_index=True)
    lengths = [len(filing.frame) for filing in filings]
    return frame.assign(**{FILING: np.repeat(np.arange(len(filings)), lengths)})
