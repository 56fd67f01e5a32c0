import json
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from expectations.between import validate_between
from expectations.validate import validate
from schemas.language.id_number import is_id_number
from schemas.models import Scheme
from schemas.reading.reader import read_submission
from schemas.sample import sample_lines
from schemas.scheme import CATALOG, load_scheme
from schemas.template.template import write_workbook
from tests.bench import bare, returns
from tests.bench.by_hand import Night
from tests.bench.listed import listed
from tests.bench.process import cost_of

FORMS = ("fund_arrival", "reimbursement", "reduction", "village_register")
COUNTIES = ("141033", "141034")

Lines = dict[str, dict[str, list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def lines(scheme: Scheme) -> Mapping[str, Any]:
    found = sample_lines(scheme, CATALOG / "linfen", returns.PERIOD)
    return {county: found[county] for county in COUNTIES}


@pytest.fixture(scope="module")
def folder(scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what an analyst lists stands."""
    folder = tmp_path_factory.mktemp("nights")
    words = json.dumps(listed(scheme, returns.PERIOD), ensure_ascii=False)
    (folder / "listed.json").write_text(words, encoding="utf-8")
    return folder


def written(scheme: Scheme, lines: Mapping[str, Any], inbox: Path) -> Path:
    inbox.mkdir()
    forms = [scheme.at(returns.PERIOD).form(name) for name in FORMS]
    for county, of_county in lines.items():
        unit = scheme.county(county)
        content = write_workbook(scheme, unit, returns.PERIOD, of_county, forms=forms)
        (inbox / f"{county}-{unit.name.zh}-2015.xlsx").write_bytes(content)
    return inbox


def found_by_huizong(scheme: Scheme, inbox: Path) -> set[tuple[str, str, str]]:
    """The rules that fail, with county and form."""
    files = [
        read_submission(path.name, path.read_bytes(), scheme, returns.PERIOD.end, None).filings
        for path in sorted(inbox.iterdir())
    ]
    filings = [filing for of_file in files for filing in of_file]
    inside = validate(filings, scheme)
    between = [one for of_file in validate_between(files, scheme, {}) for one in of_file]
    return {
        (filing.county, filing.form, finding.rule)
        for checked in (inside, between)
        for filing, one in zip(filings, checked, strict=True)
        for finding in one.findings
        if finding.rule is not None and finding.code in ("rule-failed", "relation-failed")
    }


def found_by_hand(folder: Path, inbox: Path, output: Path) -> set[tuple[str, str, str]]:
    output.mkdir()
    night = Night(inbox, folder / "listed.json", output)
    night.read()
    night.check()
    night.load()
    night.publish(night.consolidate())
    return {(told["county"], told["form"], told["rule"]) for told in night.failures}


def test_an_analyst_finds_what_huizong_finds(
    scheme: Scheme, lines: Mapping[str, Any], folder: Path, tmp_path: Path
) -> None:
    broken: Lines = {
        county: {form: [dict(line) for line in of_county[form]] for form in FORMS}
        for county, of_county in lines.items()
    }
    (reduction,) = broken["141034"]["reduction"]
    reduction["lifted"] = reduction["start_persons"] + 1
    broken["141034"]["fund_arrival"][0]["paid"] += 10_000
    broken["141033"]["reimbursement"][1]["accepted_on"] = None
    broken["141033"]["village_register"][2]["poor_households"] += 1_000
    inbox = written(scheme, broken, tmp_path / "inbox")
    expected = found_by_huizong(scheme, inbox)
    assert {rule for _, _, rule in expected} >= {"R18-lifted", "R07-paid", "R16-poor-households"}
    assert found_by_hand(folder, inbox, tmp_path / "out") == expected
    marked = {path.name for path in (tmp_path / "out").glob("*-2015.xlsx")}
    assert marked == {path.name for path in inbox.iterdir()}


def test_the_floor_loads_every_line(
    scheme: Scheme, lines: Mapping[str, Any], folder: Path, tmp_path: Path
) -> None:
    inbox = written(scheme, lines, tmp_path / "inbox")
    bare.main(inbox, folder / "listed.json", tmp_path / "floor")
    with closing(sqlite3.connect(tmp_path / "floor" / "rows.db")) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM village_register").fetchone()
    assert rows >= sum(len(of_county["village_register"]) for of_county in lines.values())


def test_ten_times_the_counties_have_numbers_of_their_own(scheme: Scheme, tmp_path: Path) -> None:
    returns.widen(CATALOG / "linfen", tmp_path / "linfen")
    wide = load_scheme(tmp_path / "linfen")
    assert len({county.code for county in wide.counties}) == 170
    assert len({county.name.zh for county in wide.counties}) == 170
    line = {"hh_no": "141034000001", "id_no": "142636194404159975", "persons": None}
    (moved,) = returns.in_turn(scheme, [line], turn=3)
    assert moved["hh_no"] == "171034000001"
    assert str(moved["id_no"]).startswith("1726361944041599")
    assert is_id_number(str(moved["id_no"]))


def test_what_a_process_costs_is_seen_however_short_it_lives() -> None:
    cost = cost_of([sys.executable, "-c", "many = 64 << 20; b'x' * many"])
    assert cost.seconds > 0
    assert cost.processor > 0
    assert 64 << 20 < cost.memory < 256 << 20
