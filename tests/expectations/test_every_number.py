"""Whichever computed number of the sample is wrong, it is found, and its causes are looked for."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from expectations.validate import validate
from schemas.filing import NIL, ROW, Filing, typed_frame
from schemas.language.expression import Value
from schemas.models import Form, Scheme
from schemas.period import Period
from schemas.rules.formulas import completed
from schemas.sample import sample_lines
from schemas.scheme import CATALOG

Line = dict[str, Value | None]

MOST_LINES = 6
PERIOD = Period.parse("2015")


def with_each_result_wrong(scheme: Scheme) -> Iterator[tuple[str, Filing]]:
    """A filing for each computed column of each form, wrong in its first line."""
    sample = sample_lines(scheme, CATALOG / scheme.id, PERIOD)
    seen: set[str] = set()
    for county, forms in sample.items():
        for name in forms.keys() - seen:
            seen.add(name)
            form = scheme.at(PERIOD).form(name)
            lines = [completed(form, line) for line in forms[name][:MOST_LINES]]
            results = [each.name for each in form.indicators if each.computed is not None]
            for result in results if lines else ():
                value = lines[0].get(result)
                if isinstance(value, Decimal):
                    wrong = lines[0] | {result: value * 3 + 7}
                    yield result, filing(form, county, [wrong, *lines[1:]])


def filing(form: Form, county: str, lines: Sequence[Line]) -> Filing:
    return Filing(
        form=form.name,
        county=county,
        period=PERIOD.id,
        sheet=form.sheet_name,
        frame=typed_frame(form, [{ROW: n, NIL: None, **line} for n, line in enumerate(lines, 9)]),
        columns={each.name: f"A{n}" for n, each in enumerate(form.indicators)},
    )


def test_a_wrong_result_is_found_whatever_it_is(scheme: Scheme) -> None:
    changed = list(with_each_result_wrong(scheme))
    assert len(changed) == 31
    checked = validate([filing for _, filing in changed], scheme)
    for (name, filing), result in zip(changed, checked, strict=True):
        code = scheme.form(filing.form).code
        assert f"{code}.{name}.formula" in {finding.rule for finding in result.findings}
