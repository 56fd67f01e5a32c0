"""What must hold between the parts of a scheme: every name that is used is declared, once."""

from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any

from schemas.consolidated.measures import PERCENT
from schemas.consolidated.relations import forms_spoken_of, is_there, operands
from schemas.consolidated.report import REPORT_COLUMNS
from schemas.language import expression
from schemas.language.id_number import SEXES, Said
from schemas.language.linear import ratio_of
from schemas.models import (
    CODE,
    MUNICIPALITY,
    PUBLISHED_BESIDE,
    Form,
    Indicator,
    InId,
    Kind,
    Relation,
    Rule,
    Scheme,
)
from schemas.period import Period
from schemas.soundness.consolidated_checks import area_problems, consolidated_problems
from schemas.soundness.rule_checks import (
    Problem,
    formula_problems,
    relation_problems,
    rule_problems,
)
from schemas.yaml_lines import line_of


def cross_references(scheme: Scheme, folder: Path) -> Iterator[str]:
    """Every problem between the parts of a scheme, each with its file and line."""
    for name, entries in (
        ("form name", [form.name for form in scheme.forms]),
        ("form code", [form.code for form in scheme.forms]),
        ("period", [entry.id for entry in scheme.periods]),
    ):
        for repeated in sorted({entry for entry in entries if entries.count(entry) > 1}):
            yield f"scheme.yaml:1: {name} {repeated!r} is used twice"
    yield from _calendar_problems(scheme)
    yield from _list_problems(scheme)
    groups = _groups(scheme)
    broken: set[str] = set()
    for form in scheme.forms:
        path = form_file(form)
        if not (folder / path).is_file():
            yield f"forms: form {form.name} must be declared in {path}"
            continue
        for where, problem in _form_problems(scheme, form, groups):
            if where[0] in ("owed", "indicators", "consolidated"):
                broken.add(form.name)
            yield f"{path}:{line_of(folder / path, where)}: {problem}"
    yield from _relation_problems(scheme, folder, broken)
    yield from _repeated_rules(scheme, folder)


def all_problems(scheme: Scheme, folder: Path) -> Iterator[str]:
    """Every problem between the parts of a scheme, and what solving its rules finds."""
    yield from cross_references(scheme, folder)
    places = {rule.id: (path, index, rule) for path, index, rule in _rules(scheme)}
    found = dict.fromkeys(_contradictions(scheme))  # each once, however many eras it is true of
    yield from (_told(folder, *places[rule], problem) for rule, problem in found)


def _contradictions(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """What solving the rules of each era finds, of forms and rules that are sound otherwise."""
    from schemas.soundness.contradictions import form_contradictions, relation_contradictions

    groups = _groups(scheme)
    broken = {f.name for f in scheme.forms if any(_form_problems(scheme, f, groups))}
    relations = {
        relation.id
        for relation in scheme.relations
        if relation not in scheme.following  # what columns are gives no contradiction
        and relation.by is None  # what holds of some lines says nothing of all of them
        and not any(relation_problems(scheme, relation, broken))
        and broken.isdisjoint(forms_spoken_of(relation))
    }
    solved: set[Hashable] = set()  # an era asks anew only what changed
    forms = tuple(form for form in scheme.forms if form.name not in broken)
    for then in scheme.model_copy(update={"forms": forms}).of_all_eras():
        for form in then.forms:
            listed = tuple(then.codes(i) for i in form.indicators if i.code_list)
            if (form, listed) not in solved:
                solved.add((form, listed))
                yield from form_contradictions(then, form)
        sound = [r for r in then.relations if r.id in relations and is_there(r, then)]
        asked = (*sound, *(figure for relation in sound for figure in _figures(relation, then)))
        if asked not in solved:
            solved.add(asked)
            yield from relation_contradictions(then, sound)


def _figures(relation: Relation, scheme: Scheme) -> Iterator[Hashable]:
    """What solving a rule between forms takes from the forms that it speaks of."""
    for found in operands(relation, scheme).values():
        column = None if found.measure.indicator is None else found.form[found.measure.indicator]
        yield found.form.body, found.measure, column


def form_file(form: Form) -> str:
    """The file in which a form is declared, within the scheme's folder."""
    return f"forms/{form.name}.yaml"


def _groups(scheme: Scheme) -> set[str]:
    units = (scheme.municipality, *scheme.counties)
    return {"all"}.union(*(unit.groups for unit in units))


def _declared_relations(scheme: Scheme) -> Iterator[tuple[str, int, Relation]]:
    """Every rule between forms as it is declared, with its file and its place in it."""
    for name, file in scheme.rule_files.items():
        for index, relation in enumerate(file.rules):
            yield f"rules/{name}.yaml", index, relation


def _rules(scheme: Scheme) -> Iterator[tuple[str, int, Rule]]:
    """Every rule, those for each entry of a code list one by one, with file and place in it."""
    for form in scheme.forms:
        yield from ((form_file(form), index, rule) for index, rule in enumerate(form.rules))
    for path, index, relation in _declared_relations(scheme):
        yield from ((path, index, stated) for stated in scheme.stated(relation))


def _relation_problems(scheme: Scheme, folder: Path, broken: set[str]) -> Iterator[str]:
    for path, index, declared in _declared_relations(scheme):
        of_codes = (
            list(relation_problems(scheme, stated, broken)) for stated in scheme.stated(declared)
        )
        first = next(filter(None, of_codes), [])  # the other codes have the same problems
        for key, problem in (*_each_problems(scheme, declared), *first):
            line = line_of(folder / path, ("rules", index, key))
            yield f"{path}:{line}: rule {declared.id}: {problem}"


def _each_problems(scheme: Scheme, relation: Relation) -> Iterator[tuple[str, str]]:
    if relation.each is None:
        return
    if relation.each not in scheme.code_lists:
        yield "each", f"code list {relation.each!r} is not in codelists.yaml"
    if CODE not in relation.check:
        yield "check", f"it is a rule for each of {relation.each}, and says nothing of {CODE}"


def _repeated_rules(scheme: Scheme, folder: Path) -> Iterator[str]:
    seen: set[str] = set()
    for path, index, rule in _rules(scheme):
        if rule.id in seen:
            yield _told(folder, path, index, rule, "another rule has this id")
        seen.add(rule.id)


def _told(folder: Path, path: str, index: int, rule: Rule, problem: str) -> str:
    return f"{path}:{line_of(folder / path, ('rules', index))}: rule {rule.id}: {problem}"


def _list_problems(scheme: Scheme) -> Iterator[str]:
    for name, code_list in scheme.code_lists.items():
        for code in code_list.codes:
            if code.unit is not None and code.unit not in scheme.units:
                where = f"codelists.yaml:1: {name}.{code.code}"
                yield f"{where}: unit {code.unit!r} is not in units.yaml"
    shares = [group for form in scheme.forms for group in form.consolidated if group.shares]
    for form in scheme.forms:
        for each in (each for group in form.consolidated for each in group.distinct):
            if each.unit not in scheme.units:
                where = f"forms/{form.name}.yaml:1: {each.name}"
                yield f"{where}: unit {each.unit!r} is not in units.yaml"
    if shares and PERCENT not in scheme.units:
        yield f"units.yaml:1: shares of lines are printed in the unit {PERCENT!r}, which is missing"


def _calendar_problems(scheme: Scheme) -> Iterator[str]:
    known = {form.name for form in scheme.forms}
    for entry in scheme.periods:
        for name in sorted(set(entry.calls or ()) - known):
            yield f"scheme.yaml:1: period {entry.id} calls for {name!r}, which is no form"


def _form_problems(scheme: Scheme, form: Form, groups: set[str]) -> Iterator[Problem]:
    yield from _owed_problems(form, groups)
    if form.name in PUBLISHED_BESIDE:
        yield ("name",), f"the name {form.name!r} is that of another published table"
    if (form.body == "fixed") != (form.fixed_by is not None):
        yield (
            ("body",),
            "a fixed body names the coded column of its lines in fixed_by",
        )
    if form.line.unit not in scheme.units:
        yield ("line",), f"unit {form.line.unit!r} is not in units.yaml"
    names = [indicator.name for indicator in form.indicators]
    for index, indicator in enumerate(form.indicators):
        if indicator.name in names[:index]:
            yield ("indicators", index), f"{indicator.name}: another column has this name"
        for problem in _indicator_problems(scheme, form, indicator):
            yield ("indicators", index), f"{indicator.name}: {problem}"
    if form.report and set(form.by_name) != set(REPORT_COLUMNS):
        yield ("report",), f"the columns of the report are {', '.join(REPORT_COLUMNS)}"
    yield from rule_problems(scheme, form)
    yield from consolidated_problems(form)
    yield from area_problems(form, {other.name: other for other in scheme.forms})


def _owed_problems(form: Form, groups: set[str]) -> Iterator[Problem]:
    for index, owed in enumerate(form.owed):
        if owed.group not in groups:
            yield ("owed", index), f"no county is in the group {owed.group!r}"
        yield from _periods(("owed", index), (owed.since, owed.until))
    if form.of_municipality and {owed.group for owed in form.owed} != {MUNICIPALITY}:
        yield ("owed",), "a form is owed by the municipality or by counties, not by both"


def _periods(where: tuple[Any, ...], periods: tuple[str | None, ...]) -> Iterator[Problem]:
    for period in periods:
        try:
            if period is not None:
                Period.parse(period)
        except ValueError as error:
            yield where, str(error)


def _indicator_problems(scheme: Scheme, form: Form, indicator: Indicator) -> Iterator[str]:
    if indicator.unit is not None and indicator.unit not in scheme.units:
        yield f"unit {indicator.unit!r} is not in units.yaml"
    if (indicator.kind == "code") != (indicator.code_list is not None):
        yield "a column of kind code, and no other, names a code_list"
    if indicator.code_list is not None and indicator.code_list not in scheme.code_lists:
        yield f"code list {indicator.code_list!r} is not in codelists.yaml"
    if indicator.numeric and (indicator.unit is None) == (indicator.unit_from is None):
        yield "a number needs a unit, or else a column for it in unit_from"
    if indicator.unit_from is not None:
        yield from _unit_column_problems(scheme, form, indicator.unit_from)
    yield from _aggregation_problems(indicator)
    if indicator.in_id is not None:
        yield from _in_id_problems(scheme, form, indicator, indicator.in_id)
    if indicator.computed is not None:
        yield from formula_problems(scheme, form, indicator)


def _aggregation_problems(indicator: Indicator) -> Iterator[str]:
    if indicator.nature is not None and (not indicator.numeric or indicator.aggregation == "ratio"):
        yield "only a number that is counted or measured has a nature"
    if indicator.aggregation != "none" and not indicator.numeric:
        yield f"a column of kind {indicator.kind} cannot be aggregated"
    if indicator.aggregation == "ratio":
        try:
            ratio_of(expression.parse_value(indicator.computed or "0"))
        except ValueError as error:
            yield str(error)


def _in_id_problems(scheme: Scheme, form: Form, indicator: Indicator, in_id: InId) -> Iterator[str]:
    number = form.by_name.get(in_id.column)
    if number is None or number.format != "id_number":
        yield f"{in_id.column!r} is no column of ID numbers of {form.name}"
    kinds: Mapping[Said, Kind] = {"sex": "code", "birth_date": "date", "age": "integer"}
    if indicator.kind != kinds[in_id.says]:
        yield f"an ID number says the {in_id.says} to a column of kind {kinds[in_id.says]}"
    listed = scheme.code_lists.get(indicator.code_list or "")
    if listed is not None and in_id.says == "sex":
        missing = [sex for sex in SEXES if sex not in {code.code for code in listed.codes}]
        if missing:
            yield f"its list {indicator.code_list!r} lacks the code {' and '.join(missing)}"


def _unit_column_problems(scheme: Scheme, form: Form, name: str) -> Iterator[str]:
    if name not in form.by_name or form[name].kind != "code":
        yield f"{name!r} is not a coded column of {form.name} to take the unit from"
    elif name == form.fixed_by:
        code_list = scheme.code_lists.get(form[name].code_list or "")
        for code in code_list.codes if code_list else ():
            if code.unit is None:
                yield f"the printed line {code.code!r} has no unit"
