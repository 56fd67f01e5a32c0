"""What is written into a template is read back: the same values, types and cells."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from schemas.filing import ROW, records, typed_frame
from schemas.language.expression import Value
from schemas.layout import column_letter, lay_out
from schemas.models import Form, Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.rules.formulas import completed
from schemas.scheme import CATALOG
from schemas.template.template import write_workbook
from schemas.text import Language
from tests.schemas.strategies import LANGUAGES, forms, lines_of, stated

FORMS = sorted(path.stem for path in (CATALOG / "linfen" / "forms").glob("*.yaml"))
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_read_back(
    scheme: Scheme,
    form: Form,
    period: Period,
    lines: Sequence[dict[str, Value | None]],
    language: Language,
) -> None:
    county = scheme.owing(form, period)[-1]
    content = write_workbook(scheme, county, period, {form.name: lines}, language)
    reading = read_submission("return.xlsx", content, scheme, date(2030, 1, 1))
    (filing,) = reading.filings
    assert (reading.findings, filing.findings) == ((), ())
    assert (filing.form, filing.county, filing.period) == (form.name, county.code, period.id)
    assert records(filing.frame, form) == [completed(form, line) for line in lines]
    assert filing.frame.dtypes.equals(typed_frame(form, []).dtypes)
    layout = lay_out(form, scheme, len(lines))
    columns = {c.indicator.name: column_letter(c.index) for c in layout.columns if c.indicator}
    assert filing.columns == columns
    assert filing.frame[ROW].tolist() == [row + 1 for row in layout.lines[: len(lines)]]


@pytest.mark.parametrize("name", FORMS)
def test_every_form_reads_back_what_was_filled_in(scheme: Scheme, name: str) -> None:
    always = scheme.form(name)
    period = next(p.period for p in scheme.periods if scheme.owing(always, p.period))
    alone = scheme.model_copy(update={"forms": (always,)})
    form = alone.at(period).form(name)

    @settings(PATIENT, max_examples=4)
    @given(lines_of(form, scheme), LANGUAGES)
    def check(lines: list[dict[str, Value | None]], language: Language) -> None:
        assume(stated(form, lines))
        assert_read_back(alone, form, period, lines, language)

    check()


def test_a_form_that_nobody_has_thought_of_does_too(scheme: Scheme) -> None:
    @settings(PATIENT, max_examples=15)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        form = data.draw(forms(scheme))
        lines = data.draw(lines_of(form, scheme))
        assume(stated(form, lines))
        alone = scheme.model_copy(update={"forms": (form,)})
        assert_read_back(alone, form, Period.parse("2015"), lines, data.draw(LANGUAGES))

    check()
