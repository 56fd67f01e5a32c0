"""What the files at the root promise."""

import re
import subprocess
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-scale.lock", "requirements-dev.lock")
PINNED = re.compile(r"^(?P<name>[a-z0-9._-]+)==\S+(?: ;.*)? \\$")


def pinned(lock: str) -> dict[str, list[str]]:
    """The packages of a lock file and the hashes of each."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if match := PINNED.match(line):
            hashes = found.setdefault(match["name"], [])
        else:
            assert line.startswith("    --hash=sha256:"), line
            hashes.append(line)
    return found


def declared() -> tuple[set[str], set[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[<>=]", requirement)[0] for requirement in requirements}

    runtime = names(project["project"]["dependencies"])
    return runtime, runtime | names(project["dependency-groups"]["dev"])


@pytest.mark.parametrize(
    ("lock", "which"), [("requirements.lock", 0), ("requirements-dev.lock", 1)]
)
def test_a_lock_pins_every_declared_package_with_hashes(lock: str, which: int) -> None:
    packages = pinned(lock)
    assert declared()[which] <= set(packages)
    assert all(packages.values())


@pytest.mark.parametrize(("smaller", "larger"), [*pairwise(LOCKS)])
def test_locks_agree_on_what_runs(smaller: str, larger: str) -> None:
    run, more = ((ROOT / lock).read_text(encoding="utf-8") for lock in (smaller, larger))
    versions = re.findall(r"^\S+==\S+", run, flags=re.MULTILINE)
    assert versions
    assert [version for version in versions if f"{version} " not in more] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_make_help_explains_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    explained = re.findall(r"^  make (\S+) +\S", shown, flags=re.MULTILINE)
    assert sorted(explained) == sorted(phony.split())


def test_the_top_level_has_the_rooms_and_no_other_folder() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    folders = {line.split("/")[0] for line in tracked.splitlines() if "/" in line}
    assert folders - {".ci"} == {
        "deploy",
        "expectations",
        "flows",
        "schemas",
        "tests",
        "warehouse",
    }


@pytest.mark.parametrize("room", ["schemas", "expectations", "warehouse", "flows"])
def test_the_map_of_a_room_names_every_module(room: str) -> None:
    known, _, _ = (ROOT / room / "README.md").read_text(encoding="utf-8").partition("\n## ")
    families = re.findall(r"`(\w+_)…`", known)
    for module in sorted({path.stem for path in (ROOT / room).glob("*.py")} - {"__init__"}):
        named = re.search(rf"\b{module}\b", known) is not None
        assert named or module.startswith(tuple(families)), module
