"""What must hold of the consolidated table that a form declares."""

from collections.abc import Iterator

from schemas import expression
from schemas.models import Form, Indicator, MeasureGroup
from schemas.rule_checks import Problem


def consolidated_problems(form: Form) -> Iterator[Problem]:
    """What is wrong with the columns of a consolidated table."""
    for index, group in enumerate(form.consolidated):
        for problem in (*_limit_problems(form, group), *_measure_problems(form, group)):
            yield ("consolidated", index), problem


def _limit_problems(form: Form, group: MeasureGroup) -> Iterator[str]:
    shares = [name for share in group.shares for name in share.where]
    for name in (*group.where, *shares, *([group.by] if group.by else [])):
        if name not in form.by_name:
            yield f"{name!r} is not a column of {form.name}"
    by = form.by_name.get(group.by or "")
    if by is not None and by.kind != "code":
        yield f"{group.by!r} has no code list to repeat the block by"


def _measure_problems(form: Form, group: MeasureGroup) -> Iterator[str]:
    for name in group.measures:
        if name == form.line.name:
            continue
        if name not in form.by_name:
            yield f"{name!r} is neither a column nor the line's name"
        elif form[name].aggregation == "none":
            yield f"{name!r} has no aggregation"
        elif not _of_one_unit(form, form[name], group):
            yield f"{name!r} would add up different units"
    for rank in group.ranks:
        if rank.of not in form.by_name or rank.of not in group.measures:
            yield f"{rank.name!r} ranks by {rank.of!r}, which is no column of the same block"


def _of_one_unit(form: Form, indicator: Indicator, group: MeasureGroup) -> bool:
    """Whether every measure of the group that takes an indicator is in one unit."""
    try:
        parts = expression.names(expression.parse_value(indicator.computed or indicator.name))
    except ValueError:
        return True  # told where the arithmetic is checked
    columns = {form[n].unit_from for n in (indicator.name, *parts) if n in form.by_name} - {None}
    return all(
        (group.by == column and not group.total) or column in group.where for column in columns
    )
