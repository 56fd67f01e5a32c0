"""Sites that are alike, and what an undisturbed night makes of them."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from tests.flows.kills.ground import Ground, ground
from tests.flows.kills.state import State, state_of
from tests.flows.kills.strike import Asked, Nights, nights, passed

SENT = ("临猗", "曲沃", "洪洞", "大宁", "隰县")
"""Who reports: a stranger, and those whose file is broken, old, comes twice, or has a rival."""


@dataclass(frozen=True)
class Undisturbed:
    """A night that was left alone: what it came to, the steps at its boundaries, its seconds."""

    state: State
    steps: list[str]
    seconds: float


@pytest.fixture(scope="session")
def returns(faulty_returns: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("returns") / "inbox"
    shutil.copytree(faulty_returns, folder)
    for path in folder.rglob("*.xlsx"):
        if not any(name in path.name for name in SENT):
            path.unlink()
    return folder


@pytest.fixture(scope="session")
def alike(
    request: pytest.FixtureRequest,
    first_forms: Path,
    returns: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Ground:
    server = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    return ground(tmp_path_factory.mktemp("kills"), first_forms, returns, server)


@pytest.fixture(scope="session")
def forked(prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    with nights(prefect_server, tmp_path_factory.mktemp("log") / "nights.txt") as forked:
        yield forked


@pytest.fixture(scope="session")
def undisturbed(alike: Ground, forked: Nights) -> Undisturbed:
    site = alike.site("undisturbed")
    began = monotonic()
    assert forked.run(Asked(site)) == 0
    took = monotonic() - began
    return Undisturbed(state_of(site), passed(site), took)
