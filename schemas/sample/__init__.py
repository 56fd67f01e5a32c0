"""Sample returns of a scheme: made up, but true to every printed total.

`sample_lines` makes the lines from the declaration in the scheme's `sample` folder; `write_sample`
writes them as the workbooks that counties would send, clean or with declared faults.
"""

from schemas.sample.generate import sample_lines
from schemas.sample.months import sampled_months, sampled_quarters
from schemas.sample.register import write_register
from schemas.sample.spec import sampled_periods
from schemas.sample.write import write_sample

__all__ = [
    "sample_lines",
    "sampled_months",
    "sampled_periods",
    "sampled_quarters",
    "write_register",
    "write_sample",
]
