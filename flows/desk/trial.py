"""What a rule finds in the returns that are accepted, to be looked at before it goes live."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from flows.house import House, look_into
from schemas.consolidated.figures import wanted
from schemas.consolidated.relations import forms_spoken_of
from schemas.errors import NotInScheme, SchemeError
from schemas.filing import Checked, Filing
from schemas.language.expression import names
from schemas.models import Form, Relation, Rule, Scheme
from warehouse.engine import reading as looking


@dataclass(frozen=True)
class Tried:
    """How a rule comes out over the accepted returns of a period.

    `passed`, `failed` and `undetermined` count lines, or figures of a county; `failing` are the
    counties, by code.
    """

    period: str
    returns: int
    passed: int
    failed: int
    undetermined: int
    failing: tuple[str, ...]


def tried(folder: Path, rule_id: str, period: str | None) -> tuple[House, Rule, list[Tried]]:
    """A rule and how it comes out in one period, or in every one that has accepted returns.

    Raises SchemeError when the scheme has no such rule, or it asks for what is personal.
    """
    from warehouse.lines.kept_lines import periods_of

    with look_into(str(folder)) as house, looking(house.engine) as connection:
        form, rule = _rule(house.scheme, rule_id)
        _require_impersonal(house.scheme.form(form), rule)
        periods = [period] if period else periods_of(connection, form)
        return house, rule, [_tried(connection, house.scheme, form, rule, p) for p in periods]


def _rule(scheme: Scheme, rule_id: str) -> tuple[str, Rule]:
    """A rule of a form, or between forms, with the form that it judges."""
    between = [rule for file in scheme.rule_files.values() for rule in file.rules]
    declared = [(form.name, rule) for form in scheme.forms for rule in form.rules]
    for form, rule in (*declared, *((rule.form, rule) for rule in between)):
        if rule.id == rule_id:
            return form, rule
    raise NotInScheme(f"no rule {rule_id!r} in the forms or in the folder rules")


def _require_impersonal(form: Form, rule: Rule) -> None:
    """A trial looks at nobody: what is kept of persons is not read for it."""
    asked = names(rule.comparison) + (names(rule.condition) if rule.condition else ())
    if any(name in form.by_name and form[name].personal for name in asked):
        raise SchemeError(
            [
                f"the rule {rule.id} asks for what is personal, and kept lines are not looked at "
                "for a trial; declare it with `trial: true`, and the next nights try it"
            ]
        )


def _tried(connection: Connection, scheme: Scheme, form: str, rule: Rule, period: str) -> Tried:
    from warehouse.lines.kept_lines import accepted_filings

    stated = scheme.stated(rule) if isinstance(rule, Relation) else ()
    names = {form}.union(*map(forms_spoken_of, stated))
    files: dict[str, list[Filing]] = defaultdict(list)
    for name in sorted(names):
        for filing in accepted_filings(connection, scheme, name, period):
            files[filing.county].append(filing)
    returns = [*files.values()]
    checked = _checked(connection, scheme, returns, between=bool(stated))
    ids = {rule.id, *(each.id for each in stated)}
    return _counted(period, returns, checked, form, ids)


def _checked(
    connection: Connection, scheme: Scheme, returns: Sequence[Sequence[Filing]], *, between: bool
) -> list[list[Checked]]:
    from expectations.between import validate_between
    from expectations.validate import validate
    from warehouse.consolidation.figures import accepted_figures

    filings = [filing for of_file in returns for filing in of_file]
    if between:
        figures = accepted_figures(connection, scheme, wanted(scheme, filings))
        return validate_between(returns, scheme, figures)
    checked = iter(validate(filings, scheme))
    return [[next(checked) for _ in of_file] for of_file in returns]


def _counted(
    period: str,
    returns: Sequence[Sequence[Filing]],
    checked: Sequence[Sequence[Checked]],
    form: str,
    ids: Collection[str],
) -> Tried:
    results = [
        (filing.county, result)
        for of_file, checks in zip(returns, checked, strict=True)
        for filing, one in zip(of_file, checks, strict=True)
        for result in one.results
        if filing.form == form and result.check in ids
    ]
    return Tried(
        period=period,
        returns=sum(filing.form == form for of_file in returns for filing in of_file),
        passed=sum(result.passed for _, result in results),
        failed=sum(result.failed for _, result in results),
        undetermined=sum(result.undetermined for _, result in results),
        failing=tuple(dict.fromkeys(county for county, result in results if result.failed)),
    )
