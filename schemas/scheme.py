"""Load a scheme folder and check that it holds together, reporting every problem at once."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from schemas.errors import SchemeError
from schemas.models import (
    COUNTIES,
    MUNICIPALITY,
    UNITS,
    Code,
    CodeList,
    Form,
    RuleFile,
    Scheme,
    Unit,
    county_codes,
)
from schemas.org_units import read_org_units
from schemas.rules.column_numbers import in_names
from schemas.soundness.life_checks import life_problems
from schemas.soundness.scheme_checks import all_problems, cross_references
from schemas.yaml_lines import line_of

Model = TypeVar("Model", bound=BaseModel)

CATALOG = Path(__file__).parent / "catalog"


def load_scheme(folder: Path) -> Scheme:
    """The scheme in a folder: scheme.yaml, org_units.csv, units.yaml, codelists.yaml, forms, rules.

    Raises SchemeError with every problem found, each with its file and line.
    """
    return _load(folder, cross_references)


def load_scheme_thoroughly(folder: Path) -> Scheme:
    """The scheme in a folder, after checks that take a second: its rules are solved as well.

    Raises SchemeError with every problem found: those of `load_scheme`, and rules that contradict
    each other, can never fail or can never hold.
    """
    return _load(folder, all_problems)


def _load(folder: Path, problems: Callable[[Scheme, Path], Iterator[str]]) -> Scheme:
    loader = _Loader(folder)
    head = loader.yaml("scheme.yaml")
    units, unreadable = read_org_units(folder / "org_units.csv")
    loader.problems += unreadable
    forms = loader.models(Form, "forms")
    parts = {
        **(head if isinstance(head, dict) else {}),
        "municipality": next((unit for unit in units if MUNICIPALITY in unit.groups), None),
        "counties": (counties := tuple(u for u in units if MUNICIPALITY not in u.groups)),
        "units": (measured := loader.mapping(Unit, folder / "units.yaml")),
        "code_lists": {
            **loader.mapping(CodeList, folder / "codelists.yaml"),
            COUNTIES: county_codes(counties),
            UNITS: CodeList(codes=tuple(Code(code=n, label=u.label) for n, u in measured.items())),
        },
        "forms": tuple(sorted(map(in_names, forms.values()), key=_place)),
        "rule_files": loader.models(RuleFile, "rules"),
        "fingerprint": fingerprint(folder),
    }
    scheme = loader.validate(Scheme, parts, folder / "scheme.yaml")
    if scheme is not None:
        loader.problems += (*problems(scheme, folder), *life_problems(scheme, folder))
    if scheme is None or loader.problems:
        raise SchemeError(loader.problems)
    return scheme


def load_model(kind: type[Model], folder: Path, name: str) -> Model:
    """One more YAML file of a scheme folder. Raises SchemeError with every problem found."""
    loader = _Loader(folder)
    model = loader.model(kind, folder / name)
    if model is None:
        raise SchemeError(loader.problems)
    return model


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
            return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        except FileNotFoundError:
            self.problems.append(f"{name}: the file is missing")
        except yaml.YAMLError as error:
            self.problems.append(f"{name}: not YAML: {' '.join(str(error).split())}")
        return None

    def model(self, kind: type[Model], path: Path) -> Model | None:
        data = self.yaml(str(path.relative_to(self.folder)))
        return None if data is None else self.validate(kind, data, path)

    def models(self, kind: type[Model], subfolder: str) -> dict[str, Model]:
        """The models of all files of a subfolder, by name of the file."""
        paths = sorted((self.folder / subfolder).glob("*.yaml"))
        found = {path.stem: self.model(kind, path) for path in paths}
        return {name: model for name, model in found.items() if model is not None}

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
                place = f"{path.relative_to(self.folder)}:{line_of(path, where)}"
                dotted = ".".join(str(part) for part in where)
                self.problems.append(f"{place}: {dotted}: {problem['msg']}")
            return None


def _place(form: Form) -> tuple[bool, str]:
    """The counties' returns stand before what the city itself files."""
    return form.of_municipality and not form.code.startswith("R"), form.code
