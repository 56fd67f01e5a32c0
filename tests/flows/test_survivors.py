"""Files that were made to harm: a night keeps every byte of each and comes to a verdict on it."""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from flows import process
from flows.house import open_house
from flows.inbox import collect
from schemas.consolidated.figures import Accepted
from schemas.models import Scheme
from tests.flows.given import site_with
from tests.survive.__main__ import OUTPUT, survey, table, write
from tests.survive.fuzz import write_files

CORPORA = Path(__file__).parents[1] / "data" / "corpora"


@pytest.fixture(scope="module")
def folder(scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "inbox"
    write_files(scheme, folder, mutations=16, cuts=5)
    for path in CORPORA.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_every_file_has_a_verdict_within_memory(
    scheme: Scheme, folder: Path, tmp_path: Path
) -> None:
    seen = list(survey(scheme, folder))
    assert len(seen) >= len(list(folder.iterdir()))
    assert [line for line in seen if not line.verdict] == []
    assert max(line.peak_memory for line in seen) < 2**31
    verdicts = {line.file: line.verdict for line in seen}
    assert verdicts["external-entity.xlsx"] == "file-unreadable"
    assert verdicts["bomb.xlsx"] == verdicts["bomb-that-lies.xlsx"] == "file-unreadable"
    assert verdicts["last-cell.xlsx"] == "file-unreadable"
    assert {line.file: line.cells for line in seen}["million-rows.xlsx"] == 1_048_576
    assert {line.file: line.sheets for line in seen}["sheets.xlsx"] == 500
    assert verdicts["gbk.xls"] == "read"
    write(seen, tmp_path / OUTPUT)
    lines = (tmp_path / OUTPUT).read_text("utf-8-sig").splitlines()
    assert lines[0] == "file,verdict,reason,sheets,cells,seconds,peak_memory"
    assert len(lines) == len(seen) + 1
    assert table(seen).row_count == len({line.verdict for line in seen})


def test_a_night_keeps_all_of_them(few_forms: Path, tmp_path: Path) -> None:
    house = open_house(str(site_with(tmp_path / "site", few_forms, CORPORA)))
    at = house.moment()
    received = collect(house).received
    process.keep(house, received, at)
    files = [process.read(house.scheme, item, at) for item in process.waiting(house)]
    process.accept(house, process.check(house.scheme, files, Accepted()), at)
    assert process.waiting(house) == []
    with closing(sqlite3.connect(house.site.folder / "warehouse.db")) as connection:
        kept = connection.execute("SELECT sha256, content FROM submissions").fetchall()
        told = connection.execute("SELECT DISTINCT sha256 FROM findings").fetchall()
    originals = {sha256(path.read_bytes()).hexdigest() for path in CORPORA.iterdir()}
    assert {digest for digest, _ in kept} == originals == {digest for (digest,) in told}
    assert all(sha256(content).hexdigest() == digest for digest, content in kept)
