"""The register of a municipality: all its checks, beside GX's built-in ones on the same frames.

The frames are those of the sample register at full size, 423,000 persons in 17 counties, where one
person of each county is in the next one, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import great_expectations.expectations as gxe
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.expectations.expectation import Expectation

from expectations.across import validate_across
from expectations.between import validate_between
from expectations.engine import Engine
from expectations.frames import FILING, gathered
from expectations.validate import validate
from schemas.consolidated.across import Held
from schemas.filing import NIL, ROW, Filing, typed_frame
from schemas.findings import Finding
from schemas.language.expression import Value
from schemas.layout import column_letter
from schemas.models import Form, Scheme
from schemas.period import Period
from schemas.sample.filled import Filled
from schemas.sample.generate import filled_forms, sample_lines
from schemas.sample.people import households
from schemas.sample.register import Register
from schemas.sample.spec import FOLDER, load_sample
from schemas.scheme import CATALOG, load_model, load_scheme
from tests.bench.measure import Figure, fastest, most_memory

_FOLDER = CATALOG / "linfen"
_MOST = 3.0
_REPETITIONS = 2
_FIRST_ROW = 8
_OF_A_PERSON = ("member_name", "id_no", "sex", "labour", "work_months")


def checking() -> Iterator[Figure]:
    """Seconds for all checks of the register, for GX's own, and their ratio."""
    scheme = load_scheme(_FOLDER)
    returns = register(scheme, Decimal(1))
    ours, builtin = fastest(
        _REPETITIONS, lambda: all_checks(scheme, returns), lambda: built_in(scheme, returns)
    )
    persons = sum(len(f.frame) for file in returns for f in file if f.form == "hh_member")
    yield Figure(f"all checks of {persons:,} persons", ours, "s")
    yield Figure("not null, range, set, unique of GX", builtin, "s")
    yield Figure("all checks / four of GX", ours / builtin, "×", _MOST)
    yield Figure("memory at most, with the lines", most_memory(), "MiB")


def register(scheme: Scheme, share: Decimal) -> list[list[Filing]]:
    """The register's forms of each county, and so much of their full size."""
    declared = load_model(Register, _FOLDER, f"{FOLDER}/register.yaml")
    period = Period.parse(declared.period)
    sample = load_sample(_FOLDER, period)
    filled = Filled(scheme, sample_lines(scheme, _FOLDER, period))
    forms = [scheme.form(name) for name in declared.forms]
    returns = []
    lent: dict[str, Value | None] | None = None
    for county in scheme.counties:
        size = int(filled.figure(declared.households, county) * share)
        persons = int(filled.figure(declared.persons, county) * share)
        people = {county.code: households(county, size, period.end, persons)}
        alone = scheme.model_copy(update={"counties": (county,)})
        of_county = filled_forms(alone, period, sample, forms, people)[county.code]
        lines = {name: [dict(line) for line in of_form] for name, of_form in of_county.items()}
        if lent is not None:
            lines["hh_member"][-1] |= lent
        lent = {name: lines["hh_member"][0][name] for name in _OF_A_PERSON}
        returns.append([_filing(scheme, f, county.code, period, lines[f.name]) for f in forms])
    return returns


def _filing(
    scheme: Scheme, form: Form, county: str, period: Period, lines: Sequence[Mapping[str, object]]
) -> Filing:
    rows = [{**line, ROW: _FIRST_ROW + n, NIL: None} for n, line in enumerate(lines)]
    return Filing(
        form=form.name,
        county=county,
        period=period.id,
        sheet=form.sheet_name,
        frame=typed_frame(form, rows),
        columns={i.name: column_letter(n) for n, i in enumerate(form.indicators)},
    )


def all_checks(scheme: Scheme, returns: Sequence[Sequence[Filing]]) -> list[Finding]:
    """Everything that a night checks of the register."""
    checked = validate([filing for of_file in returns for filing in of_file], scheme)
    for beside in (validate_between(returns, scheme, {}), validate_across(returns, scheme, Held())):
        checked += [one for of_file in beside for one in of_file]
    return [finding for one in checked for finding in one.findings]


def built_in(scheme: Scheme, returns: Sequence[Sequence[Filing]]) -> None:
    """What of it GX has expectations for: required columns, limits, code lists, keys."""
    engine = Engine()
    for form in {filing.form: scheme.form(filing.form) for filing in returns[0]}.values():
        frame = gathered([f for of_file in returns for f in of_file if f.form == form.name])
        engine.unexpected(ExpectationSuite(form.name, [*_built_in(form, scheme)]), frame)


def _built_in(form: Form, scheme: Scheme) -> Iterator[Expectation]:
    for number, indicator in enumerate(form.indicators):
        column, name = indicator.name, f"{number}"
        if indicator.required:
            yield gxe.ExpectColumnValuesToNotBeNull(column=column, meta={"id": f"{name} there"})
        if indicator.kind == "integer" and (indicator.minimum, indicator.maximum) != (None, None):
            yield gxe.ExpectColumnValuesToBeBetween(
                column=column,
                min_value=None if indicator.minimum is None else float(indicator.minimum),
                max_value=None if indicator.maximum is None else float(indicator.maximum),
                meta={"id": f"{name} range"},
            )
        if indicator.code_list is not None:
            codes = [entry.code for entry in scheme.codes(indicator).codes]
            yield gxe.ExpectColumnValuesToBeInSet(
                column=column, value_set=codes, meta={"id": f"{name} codes"}
            )
        if indicator.one_county:
            yield gxe.ExpectColumnValuesToBeUnique(column=column, meta={"id": f"{name} unique"})
    keys = [FILING, *(key.name for key in form.key_indicators)]
    yield gxe.ExpectCompoundColumnsToBeUnique(column_list=keys, meta={"id": "keys"})
