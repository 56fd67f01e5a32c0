"""A fault put into a real workbook: written, typed over, read back."""

from datetime import date
from decimal import Decimal

from schemas.filing import Filing
from schemas.layout import address, lay_out
from schemas.models import Scheme
from schemas.reading.reader import read_submission
from schemas.sample.overtype import overtype
from schemas.template.template import write_workbook
from tests.bench_checks.faults import Fault

_ON = date(2030, 1, 1)


def read_back(fault: Fault, scheme: Scheme) -> Filing:
    """The filing that is read from the county's workbook after the wrong values were typed in.

    What the workbook computes stays as it was stored.
    """
    clean = fault.clean
    some = scheme.model_copy(update={"forms": (scheme.form(clean.form.name),)})
    content = write_workbook(
        some, some.county(clean.county), clean.period, {clean.form.name: clean.lines}
    )
    layout = lay_out(clean.form, some, len(clean.lines))
    for name, number in fault.wrong:
        row = layout.total_row if number == len(clean.lines) else layout.lines[number]
        wrong = fault.faulty[name, number]
        assert row is not None, name
        assert isinstance(wrong, Decimal), name
        where = address(row, layout.column(name))
        content = overtype(content, clean.form.sheet_name, where, wrong)
    (filing,) = read_submission("return.xlsx", content, some, _ON).filings
    return filing
