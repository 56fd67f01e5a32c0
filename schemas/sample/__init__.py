"""Sample returns of a scheme: made up, but true to every printed total.

`sample_lines` makes the lines from the declaration in the scheme's `sample` folder; `write_sample`
writes them as the workbooks that counties would send, clean or with declared faults.
"""

from schemas.sample.generate import sample_lines
from schemas.sample.write import write_sample

__all__ = ["sample_lines", "write_sample"]
