"""What a night starts from: a scheme with some of the forms, a site with returns in its inbox."""

import shutil
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from flows import sites
from schemas.scheme import CATALOG, fingerprint, load_scheme
from tests.few import with_forms

FIRST_FORMS = frozenset(
    {
        "relocation_survey",
        "relocation_progress",
        "biogas",
        "fund_arrival",
        "training",
        "hh_register",
        "hh_member",
        "reduction",
        "pv",
    }
)
FIRST_FORMS_OF_2015 = FIRST_FORMS - {"relocation_survey", "biogas"}
FEW_FORMS = frozenset({"biogas", "training", "pv"})
FEW_COUNTIES = ("141002", "141028", "141031", "141034", "141082")

"""A made-up municipality whose scheme changes over its three years."""


def scheme_with(forms: AbstractSet[str], folder: Path) -> Path:
    """A copy of the scheme of 临汾 with some of its forms, and their samples, only."""
    shutil.copytree(CATALOG / "linfen", folder)
    scheme = with_forms(load_scheme(folder), forms)
    for path in folder.glob("forms/*.yaml"):
        if path.stem not in forms:
            path.unlink()
    head = yaml.safe_load((folder / "scheme.yaml").read_text(encoding="utf-8"))
    kept = {entry.id for entry in scheme.periods}
    head["periods"] = [entry for entry in head["periods"] if str(entry["id"]) in kept]
    _write(folder / "scheme.yaml", head)
    for name, file in scheme.rule_files.items():
        rules = file.model_dump(mode="json", exclude_defaults=True)
        _write(folder / "rules" / f"{name}.yaml", rules)
    for path in folder.glob("sample/20*.yaml"):
        sample = yaml.safe_load(path.read_text(encoding="utf-8"))
        sample["forms"] = {name: what for name, what in sample["forms"].items() if name in forms}
        if sample["forms"]:
            _write(path, sample)
        else:
            path.unlink()
    return folder


def _write(path: Path, content: object) -> None:
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(text, encoding="utf-8")


def site_with(folder: Path, scheme: Path, returns: Path | None = None) -> Path:
    """A new site of a scheme, with returns in its inbox; a folder that is there has settings."""
    if folder.exists():
        list(sites.init(folder, str(scheme)))
    else:
        (folder / "inbox").mkdir(parents=True)
        (folder / "published").mkdir()
        for name, (content, mode) in _new_site(str(scheme), fingerprint(scheme)).items():
            (folder / name).write_bytes(content)
            (folder / name).chmod(mode)
    if returns is not None:
        shutil.copytree(returns, folder / "inbox", dirs_exist_ok=True)
    return folder


@cache
def _new_site(scheme: str, _of_its_files: str) -> dict[str, tuple[bytes, int]]:
    """The files that `init` makes, its empty warehouse among them, with who may read them."""
    with TemporaryDirectory() as made:
        list(sites.init(Path(made), scheme))
        files = [path for path in Path(made).iterdir() if path.is_file()]
        return {file.name: (file.read_bytes(), file.stat().st_mode) for file in files}


def with_prefect(site: Path, database: Path) -> Path:
    """A site whose server of Prefect was started before and finds its database made."""
    (site / "prefect").mkdir(parents=True)
    shutil.copy(database, site / "prefect" / "prefect.db")
    return site
