"""Load a scheme folder and check that it holds together, reporting every problem at once."""

import csv
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from schemas import expression
from schemas.errors import SchemeError
from schemas.models import CodeList, Form, Indicator, OrgUnit, Scheme, Unit
from schemas.period import Period
from schemas.text import Text

Model = TypeVar("Model", bound=BaseModel)

CATALOG = Path(__file__).parent / "catalog"


def load_scheme(folder: Path) -> Scheme:
    """The scheme in a folder: scheme.yaml, org_units.csv, units.yaml, codelists.yaml, forms/*.yaml.

    Raises SchemeError with every problem found, each with its file and line.
    """
    loader = _Loader(folder)
    head = loader.yaml("scheme.yaml")
    units = loader.org_units("org_units.csv")
    forms = [loader.model(Form, path) for path in sorted(folder.glob("forms/*.yaml"))]
    parts = {
        **(head if isinstance(head, dict) else {}),
        "municipality": next((unit for unit in units if "municipality" in unit.groups), None),
        "counties": tuple(unit for unit in units if "municipality" not in unit.groups),
        "units": loader.mapping(Unit, folder / "units.yaml"),
        "code_lists": loader.mapping(CodeList, folder / "codelists.yaml"),
        "forms": tuple(sorted((f for f in forms if f is not None), key=lambda form: form.code)),
        "fingerprint": fingerprint(folder),
    }
    scheme = loader.validate(Scheme, parts, folder / "scheme.yaml")
    if scheme is not None:
        loader.problems.extend(_cross_references(scheme, folder))
    if scheme is None or loader.problems:
        raise SchemeError(loader.problems)
    return scheme


def fingerprint(folder: Path) -> str:
    """A digest of every file of a scheme folder that decides what is read and checked."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".yaml", ".csv")):
        relative = path.relative_to(folder)
        if relative.parts[0] != "sample":
            digest.update(f"{relative.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


class _Loader:
    """Reads the files of one folder and collects problems with file and line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        if not (folder / "scheme.yaml").is_file():
            raise SchemeError([f"{folder}: no scheme.yaml there; name a scheme folder"])

    def yaml(self, name: str) -> Any:
        path = self.folder / name
        try:
            return yaml.safe_load(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.problems.append(f"{name}: the file is missing")
        except yaml.YAMLError as error:
            self.problems.append(f"{name}: not YAML: {' '.join(str(error).split())}")
        return None

    def model(self, kind: type[Model], path: Path) -> Model | None:
        data = self.yaml(str(path.relative_to(self.folder)))
        return None if data is None else self.validate(kind, data, path)

    def mapping(self, kind: type[Model], path: Path) -> dict[str, Model]:
        data = self.yaml(path.name)
        found = {}
        for name, value in (data or {}).items():
            if (entry := self.validate(kind, value, path, (name,))) is not None:
                found[name] = entry
        return found

    def validate(
        self, kind: type[Model], data: Any, path: Path, prefix: tuple[str, ...] = ()
    ) -> Model | None:
        try:
            return kind.model_validate(data)
        except ValidationError as error:
            for problem in error.errors():
                where = (*prefix, *problem["loc"])
                place = f"{path.relative_to(self.folder)}:{_line(path, where)}"
                dotted = ".".join(str(part) for part in where)
                self.problems.append(f"{place}: {dotted}: {problem['msg']}")
            return None

    def org_units(self, name: str) -> list[OrgUnit]:
        path = self.folder / name
        if not path.is_file():
            self.problems.append(f"{name}: the file is missing")
            return []
        units = []
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                try:
                    units.append(_org_unit(row))
                except (KeyError, ValidationError) as error:
                    self.problems.append(f"{name}:{number}: {' '.join(str(error).split())}")
        return units


def _org_unit(row: dict[str, str]) -> OrgUnit:
    return OrgUnit(
        code=row["code"],
        name=Text(zh=row["name"], en=row["english_name"]),
        short_name=row["short_name"],
        traditional_name=row["traditional_name"],
        old_names=tuple(row["old_names"].split()),
        old_code=row["old_code"],
        groups=frozenset(row["groups"].split()),
    )


def _line(path: Path, where: tuple[Any, ...]) -> int:
    """The line of a value in a YAML file, or of the nearest enclosing one."""
    node = yaml.compose(path.read_text(encoding="utf-8"))
    line = 1
    for part in where:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next((v for k, v in node.value if k.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            found = node.value[part] if part < len(node.value) else None
        if found is None:
            break
        node, line = found, found.start_mark.line + 1
    return line


def _cross_references(scheme: Scheme, folder: Path) -> Iterator[str]:
    for name, entries in (
        ("form name", [form.name for form in scheme.forms]),
        ("form code", [form.code for form in scheme.forms]),
        ("rule", [rule.id for form in scheme.forms for rule in form.rules]),
        ("county code", [unit.code for unit in scheme.counties]),
        ("spelling of a county", [s for unit in scheme.counties for s in unit.spellings]),
        ("period", [entry.id for entry in scheme.periods]),
    ):
        for repeated in sorted({entry for entry in entries if entries.count(entry) > 1}):
            yield f"scheme.yaml:1: {name} {repeated!r} is used twice"
    groups = {"all"}.union(*(unit.groups for unit in scheme.counties))
    for form in scheme.forms:
        path = folder / "forms" / f"{form.name}.yaml"
        if not path.is_file():
            yield f"forms: form {form.name} must be declared in forms/{form.name}.yaml"
            continue
        for where, problem in _form_problems(scheme, form, groups):
            yield f"forms/{path.name}:{_line(path, where)}: {problem}"


def _form_problems(
    scheme: Scheme, form: Form, groups: set[str]
) -> Iterator[tuple[tuple[Any, ...], str]]:
    for index, owed in enumerate(form.owed):
        if owed.group not in groups:
            yield ("owed", index), f"no county is in the group {owed.group!r}"
        yield from _periods(("owed", index), (owed.since, owed.until))
    if (form.body == "fixed") != (form.fixed_by is not None):
        yield ("body",), "a fixed body names the coded column of its lines in fixed_by, others do not"
    if form.line.unit not in scheme.units:
        yield ("line",), f"unit {form.line.unit!r} is not in units.yaml"
    for index, indicator in enumerate(form.indicators):
        for problem in _indicator_problems(scheme, form, indicator):
            yield ("indicators", index), f"{indicator.name}: {problem}"
    for index, rule in enumerate(form.rules):
        if not rule.id.startswith(f"{form.code}-"):
            yield ("rules", index), f"rule {rule.id} must begin with {form.code}-"
        for problem in _unknown_names(form, rule.check, expression.parse_comparison):
            yield ("rules", index, "check"), f"rule {rule.id}: {problem}"
        if rule.when is not None:
            for problem in _unknown_names(form, rule.when, expression.parse_comparison):
                yield ("rules", index, "when"), f"rule {rule.id}: {problem}"
    yield from _consolidated_problems(form)


def _periods(
    where: tuple[Any, ...], periods: tuple[str | None, ...]
) -> Iterator[tuple[tuple[Any, ...], str]]:
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
    if indicator.numeric and indicator.unit is None:
        yield "a number needs a unit"
    if indicator.aggregation != "none" and not indicator.numeric:
        yield f"a column of kind {indicator.kind} cannot be aggregated"
    if indicator.computed is not None:
        yield from _unknown_names(form, indicator.computed, expression.parse_value)
    if indicator.aggregation == "ratio":
        try:
            expression.ratio(expression.parse_value(indicator.computed or "0"))
        except ValueError as error:
            yield str(error)


def _unknown_names(
    form: Form, text: str, parse: Callable[[str], expression.Node | expression.Comparison]
) -> Iterator[str]:
    try:
        for name in expression.names(parse(text)):
            if name not in form.by_name:
                yield f"{name!r} is not a column of {form.name}"
    except ValueError as error:
        yield str(error)


def _consolidated_problems(form: Form) -> Iterator[tuple[tuple[Any, ...], str]]:
    for index, group in enumerate(form.consolidated):
        for name in (*group.where, *([group.by] if group.by else [])):
            if name not in form.by_name:
                yield ("consolidated", index), f"{name!r} is not a column of {form.name}"
        by = form.by_name.get(group.by or "")
        if by is not None and by.kind != "code":
            yield ("consolidated", index), f"{group.by!r} has no code list to repeat the block by"
        for name in group.measures:
            known = name == form.line.name or name in form.by_name
            if not known:
                yield ("consolidated", index), f"{name!r} is neither a column nor the line's name"
            elif name in form.by_name and form[name].aggregation == "none":
                yield ("consolidated", index), f"{name!r} has no aggregation"
