"""The sample returns of the whole scheme, written as workbooks, are read back as they were made."""

from collections.abc import Mapping
from datetime import date

import pytest

from schemas.filing import records
from schemas.models import Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.rules.formulas import completed
from schemas.template.template import write_workbook
from tests.schemas.conftest import Returns

JANUARY = date(2016, 1, 5)


@pytest.mark.parametrize("period", [Period.parse("2003H1"), Period.parse("2015")], ids=str)
def test_every_third_sample_return_is_read_without_a_word(
    scheme: Scheme, returns: Mapping[str, Returns], period: Period
) -> None:
    for code, forms in list(returns[period.id].items())[::3]:
        content = write_workbook(scheme, scheme.county(code), period, forms)
        name = f"{period}/{code}-{scheme.county(code).name.zh}.xlsx"
        reading = read_submission(name, content, scheme, JANUARY)
        assert (reading.county, reading.period, reading.findings) == (code, period.id, ())
        assert [each.form for each in reading.filings] == [
            form.name for form in scheme.forms_owed(scheme.county(code), period)
        ]
        assert [each.findings for each in reading.filings] == [()] * len(reading.filings)
        for each in reading.filings:
            form = scheme.at(Period.parse(each.period)).form(each.form)
            whole: list[Mapping[str, object]] = [completed(form, line) for line in forms[form.name]]
            assert records(each.frame, form) == whole
            assert each.declared_nil == (not forms[form.name])
