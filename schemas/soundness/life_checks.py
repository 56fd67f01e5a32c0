"""What must hold of the dates in a scheme: nothing speaks of what is not there at the time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from schemas.language import expression
from schemas.language.expression import Comparison, Node
from schemas.life import Changed, Dated, Renamed
from schemas.models import COUNTIES, UNITS, Code, CodeList, Form, Indicator, OrgUnit, Scheme
from schemas.soundness.rule_checks import Problem
from schemas.text import normalise
from schemas.yaml_lines import line_of

R = TypeVar("R", bound=Renamed)


def life_problems(scheme: Scheme, folder: Path) -> Iterator[str]:
    """Every problem of the dates in a scheme, each with its file and line."""
    for form in scheme.forms:
        path = folder / "forms" / f"{form.name}.yaml"
        if path.is_file():
            for where, problem in _form_problems(scheme, form):
                yield f"forms/{path.name}:{line_of(path, where)}: {problem}"
    for name, problems in (
        ("codelists.yaml", _code_problems(scheme)),
        ("units.yaml", _unit_problems(scheme)),
    ):
        yield from (f"{name}:{line_of(folder / name, where)}: {told}" for where, told in problems)
    for problem in (*_merger_problems(scheme), *_name_problems(scheme)):
        yield f"org_units.csv: {problem}"


def _days(scheme: Scheme) -> tuple[date, ...]:
    """A day of every era of the scheme."""
    return (date.min, *scheme.changes)


# --- forms ---------------------------------------------------------------------------------------


def _form_problems(scheme: Scheme, form: Form) -> Iterator[Problem]:
    yield from ((("formerly",), problem) for problem in _order_problems(form.formerly))
    for index, indicator in enumerate(form.indicators):
        for problem in _column_problems(form, indicator):
            yield ("indicators", index), f"{indicator.name}: {problem}"
    for index, rule in enumerate(form.rules):
        statements = filter(None, (rule.check, rule.when))
        used = [name for text in statements for name in _names(text, expression.parse_comparison)]
        for name in used:
            if name in form.by_name and not _within(rule, form[name]):
                yield ("rules", index), f"rule {rule.id} {_outlives(form[name])}"
    by = form.by_name.get(form.fixed_by or "")
    if by is not None and by.turns:
        yield ("fixed_by",), f"{by.name} makes the lines of the form and has no dates"
    yield from _heading_problems(scheme, form)


def _renamed_problems(renamed: Renamed) -> Iterator[str]:
    yield from _order_problems(renamed.formerly)
    for former in renamed.formerly:
        if not renamed.begins <= former.ends < renamed.ends:
            yield f"it was not called {former.label.zh!r} until {former.until}: outside its life"


def _order_problems(formerly: Sequence[Changed]) -> Iterator[str]:
    if any(after.ends <= before.ends for before, after in pairwise(formerly)):
        yield "what was so formerly stands in the order of time, each until a later period"


def _column_problems(form: Form, indicator: Indicator) -> Iterator[str]:
    yield from _renamed_problems(indicator)
    used = _names(indicator.computed, expression.parse_value) if indicator.computed else ()
    number = None if indicator.in_id is None else indicator.in_id.column
    for name in (*used, *filter(None, [indicator.unit_from, number])):
        if name in form.by_name and not _within(indicator, form[name]):
            yield f"it {_outlives(form[name])}"


def _heading_problems(scheme: Scheme, form: Form) -> Iterator[Problem]:
    """Two columns under the same group must not have the same heading at the same time."""

    def headings(indicator: Indicator, day: date) -> Iterator[str]:
        group = normalise(indicator.group.zh if indicator.group else "")
        label = indicator.label_on(day)
        words = {normalise(word) for word in (label.zh, label.en, *indicator.synonyms)}
        return (f"{group}|{word}" for word in words)

    for index, other in _alike(scheme, form.indicators, headings):
        name, first = form.indicators[index].name, form.indicators[other].name
        yield ("indicators", index), f"{name} has the heading of {first}"


def _names(text: str, parse: Callable[[str], Node | Comparison]) -> tuple[str, ...]:
    """The columns that arithmetic speaks of; what cannot be read is told by the other checks."""
    try:
        return expression.names(parse(text))
    except ValueError:
        return ()


def _within(user: Dated, used: Dated) -> bool:
    return used.begins <= user.begins and user.ends <= used.ends


def _outlives(indicator: Indicator) -> str:
    life = " ".join(
        f"{word} {period}"
        for word, period in (("since", indicator.since), ("until", indicator.until))
        if period
    )
    return f"speaks of {indicator.name!r}, which is only there {life}; give it the same dates"


# --- code lists ----------------------------------------------------------------------------------


def _code_problems(scheme: Scheme) -> Iterator[Problem]:
    """Two entries must not be spelled alike at the same time; counties are looked at as such."""
    for name, codes in scheme.code_lists.items():
        if name in (COUNTIES, UNITS):
            continue
        for index, code in enumerate(codes.codes):
            for problem in _renamed_problems(code):
                yield (name, "codes", index), f"{code.code}: {problem}"
        for index, problem in _spelled_alike(scheme, codes):
            yield (name, "codes", index), problem


def _unit_problems(scheme: Scheme) -> Iterator[Problem]:
    """Two units must not be written alike: a cell that names one could mean the other."""
    units = scheme.code_lists[UNITS]
    for index, problem in _spelled_alike(scheme, units):
        yield (units.codes[index].code,), problem


def _spelled_alike(scheme: Scheme, codes: CodeList) -> Iterator[tuple[int, str]]:
    def spellings(code: Code, day: date) -> Iterator[str]:
        label = code.label_on(day)
        return map(normalise, (code.code, label.zh, label.en, *code.synonyms))

    for index, other in _alike(scheme, codes.codes, spellings):
        yield index, f"{codes.codes[index].code} is spelled as {codes.codes[other].code} is"


def _alike(
    scheme: Scheme, entries: Sequence[R], spellings: Callable[[R, date], Iterable[str]]
) -> Iterator[tuple[int, int]]:
    """Every entry that is at some time spelled as one before it, each once, with that one."""
    told: set[int] = set()
    for day in _days(scheme):
        seen: dict[str, int] = {}
        for index, entry in enumerate(entries):
            if not entry.holds(day):
                continue
            firsts = {seen.setdefault(spelling, index) for spelling in spellings(entry, day)}
            if (first := min(firsts)) != index and index not in told:
                told.add(index)
                yield index, first


# --- counties ------------------------------------------------------------------------------------


def _merger_problems(scheme: Scheme) -> Iterator[str]:
    by_code = {unit.code: unit for unit in scheme.counties}
    for unit in scheme.counties:
        if unit.successor is None:
            continue
        successor = by_code.get(unit.successor)
        if unit.until is None:
            yield f"{unit.code} has a successor and no until"
        elif successor is None:
            yield f"{unit.code}: its successor {unit.successor!r} is no county"
        elif not successor.holds(unit.ends + timedelta(days=1)):
            yield f"{unit.code}: its successor {unit.successor} is not there when it ends"


def _name_problems(scheme: Scheme) -> Iterator[str]:
    told: dict[str, None] = {}
    for day in _days(scheme):
        units = [unit.on(day) for unit in scheme.counties if unit.holds(day)]
        told |= dict.fromkeys(_repeated(units))
    for spelling in told:
        yield f"spelling of a county {spelling!r} is used twice"


def _repeated(units: Iterable[OrgUnit]) -> Iterator[str]:
    seen: set[str] = set()
    for unit in units:
        yield from sorted(seen & unit.spellings)
        seen |= unit.spellings
