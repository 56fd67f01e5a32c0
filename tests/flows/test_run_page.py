"""What a night leaves in Prefect's database, for whoever opens its page later."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from schemas.scheme import load_scheme
from tests.flows.given import FEW_COUNTIES


@pytest.fixture
def kept(first_night: Path) -> Iterator[sqlite3.Connection]:
    """The database of a night by hand, whose server has ended with it."""
    with closing(sqlite3.connect(first_night / "site" / "prefect" / "prefect.db")) as connection:
        yield connection


def test_a_night_by_hand_leaves_its_steps_by_county_file_and_period(
    kept: sqlite3.Connection, few_forms: Path, few_returns: Path
) -> None:
    steps = dict(kept.execute("SELECT name, state_type FROM task_run"))
    assert set(steps.values()) == {"COMPLETED"}
    scheme = load_scheme(few_forms)
    counties = {f"accept {scheme.county(code).name.zh}" for code in FEW_COUNTIES}
    files = {f"read {path.relative_to(few_returns)}" for path in few_returns.rglob("*.xlsx")}
    periods = {path.name for path in few_returns.iterdir()}
    drawn = {f"{step} {period}" for step in ("consolidate", "publish") for period in periods}
    assert len(counties) == 5
    assert steps.keys() >= counties | files | drawn


def test_its_page_shows_each_county_and_form_with_what_became_of_it(
    kept: sqlite3.Connection,
) -> None:
    shown = {key: json.loads(data) for key, data in kept.execute("SELECT key, data FROM artifact")}
    assert shown["night"].startswith("# Night: 10 files read, filings: ")
    rows = json.loads(shown["returns"])
    became = {(row["county"], row["period"], row["form"].split()[0]): row for row in rows}
    training = became["隰县", "2015", "R10"]
    assert training["became"] == "accepted"
    assert (training["errors"], training["file"]) == (0, "2015/141031-隰县-2015.xlsx")
