"""What must hold of the consolidated table that a form declares."""

from collections.abc import Iterator, Mapping

from schemas.language import expression
from schemas.models import Areas, Form, Indicator, MeasureGroup
from schemas.soundness.rule_checks import Problem


def consolidated_problems(form: Form) -> Iterator[Problem]:
    """What is wrong with the columns of a consolidated table."""
    for index, group in enumerate(form.consolidated):
        for problem in (*_limit_problems(form, group), *_measure_problems(form, group)):
            yield ("consolidated", index), problem


def area_problems(form: Form, others: Mapping[str, Form]) -> Iterator[Problem]:
    """What is wrong with the counts by area that a form asks for."""
    if form.areas is not None:
        for problem in (*_counted_problems(form, form.areas), *_named_by(form, form.areas, others)):
            yield ("areas",), problem


def _counted_problems(form: Form, asked: Areas) -> Iterator[str]:
    for name in asked.counts:
        known = form.by_name.get(name)
        if name != form.line.name and (known is None or known.aggregation != "sum"):
            yield f"{name!r} is neither the line's name nor a column that is added up"
    for name in asked.across:
        if name not in form.by_name or form[name].kind != "code":
            yield f"{name!r} is no column of codes of {form.name}"


def _named_by(form: Form, asked: Areas, others: Mapping[str, Form]) -> Iterator[str]:
    """What is wrong with where the area of a line stands."""
    source = form
    if asked.through is not None:
        if asked.through not in others or asked.key not in form.by_name:
            yield "through names another form, and key a column of both"
            return
        source = others[asked.through]
        if source.areas is None or source.areas.by != asked.by:
            yield f"{source.name} itself has to be counted by {asked.by!r}"
        if asked.key not in {key.name for key in source.key_indicators}:
            yield f"{asked.key!r} is no key of the lines of {source.name}"
    by = source.by_name.get(asked.by)
    if by is None or by.kind not in ("text", "code") or by.personal:
        yield f"{asked.by!r} is no column of texts or codes of {source.name} that may be shown"


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
    for each in group.distinct:
        if each.of not in form.by_name or form[each.of].numeric:
            yield f"{each.name!r} counts {each.of!r}, which is no column of codes, texts or dates"
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
