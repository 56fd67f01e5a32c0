"""A site that remembers: any night shown and published again, periods closed, all replayed."""

import csv
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from schemas.errors import SettingsError, WarehouseError
from tests.flows.nights import NORTHSHORE, Desk
from tests.flows.published import published, snapshot
from warehouse.engine import reading as looking
from warehouse.stewards.due import periods_begun


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """40 pupils on the first night; then the period is closed, 55 come and are let in."""
    desk = Desk(tmp_path_factory.mktemp("history") / "site")
    desk.report("2014", pupils=40)
    desk.night()
    run(desk, "period", "close", "2014", "--why", "the yearbook", "--by", "Wang Min")
    desk.report("2014", pupils=55)
    desk.night()
    query = "SELECT id FROM filings WHERE status = 'refused' AND form = 'school'"
    ((late,),) = rows(desk, query)
    run(desk, "review", "accept", str(late), "--why", "a slip", "--by", "Wang Min")
    desk.night()
    return desk


def run(desk: Desk, *arguments: str) -> Result:
    site = ("--site", str(desk.house.site.folder))
    result = CliRunner().invoke(app, [*arguments, *site], env={"COLUMNS": "200"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def rows(desk: Desk, query: str) -> list[tuple[object, ...]]:
    file = desk.house.site.folder / "warehouse.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def moment(desk: Desk, serial: int) -> str:
    query = f"SELECT as_of FROM publications WHERE period = '2014' AND serial = {serial}"
    ((moment,),) = rows(desk, query)
    return f"{moment}+00:00"


def pupils(desk: Desk, serial: int) -> str:
    path = desk.house.site.published / "2014" / f"{serial:04}" / "data" / "school.csv"
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = [row for row in csv.DictReader(file) if row["county_code"] == NORTHSHORE]
    return row["pupils"]


def test_a_correction_after_closing_is_published_as_one(desk: Desk) -> None:
    assert [pupils(desk, serial) for serial in (1, 2, 3)] == ["100", "100", "115"]
    page = (desk.house.site.published / "2014" / "0003" / "index.html").read_text(encoding="utf-8")
    assert "Final: closed on" in page
    assert "let in by a steward (after closing)" in page
    states = [row["State"] for row in desk.rows("2014") if row["Rule"] == "Period closed"]
    assert "accepted" in states
    assert "Wang Min: closed (the yearbook)" in run(desk, "period", "list").stdout


def test_any_publication_is_made_again_with_the_same_bytes(desk: Desk) -> None:
    folder = desk.house.site.published / "2014"
    before = snapshot(folder)
    for serial in (3, 1):
        shutil.rmtree(folder / f"{serial:04}")
    for serial in (1, 3):
        made = run(desk, "publish", "--period", "2014", "--as-of", moment(desk, serial)).stdout
        assert made.split() == [str(folder / f"{serial:04}")]
    assert snapshot(folder) == before
    assert (folder / "latest").readlink() == Path("0003")


def test_a_period_for_which_nothing_came_is_not_published(desk: Desk) -> None:
    assert len(desk.house.scheme.periods) > 1
    with looking(desk.house.engine) as connection:
        assert periods_begun(connection, desk.house.scheme) == ["2014"]


def test_a_look_shows_what_was_known_then(desk: Desk, tmp_path: Path) -> None:
    first, second = moment(desk, 1), moment(desk, 2)
    shown = [run(desk, "trace", "school.pupils", "--period", "2014", "--county", NORTHSHORE,
                 *then).stdout for then in (("--as-of", first), ())]  # fmt: skip
    assert ["100 pupils" in shown[0], "115 pupils" in shown[1]] == [True, True]
    assert "publication 1 of" in run(desk, "status", "--as-of", first).stdout
    assert "closed" not in run(desk, "findings", "--as-of", first).stdout
    assert "was closed by Wang Min" in run(desk, "findings", "--as-of", second).stdout
    for to, as_of in (("a", ("--as-of", first)), ("b", ("--as-of", moment(desk, 3))), ("c", ())):
        run(desk, "warehouse", "export", "--to", str(tmp_path / to), *as_of)
    assert snapshot(tmp_path / "a") != snapshot(tmp_path / "b") == snapshot(tmp_path / "c")
    with pytest.raises(WarehouseError, match="nothing was recorded up to 2001-01-01"):
        run(desk, "status", "--as-of", "2001-01-01")
    with pytest.raises(SettingsError, match="is no moment"):
        run(desk, "status", "--as-of", "yesterday")


def test_the_revision_triangle_of_a_figure(desk: Desk, tmp_path: Path) -> None:
    shown = run(desk, "history", "school.pupils", "--county", NORTHSHORE).stdout
    assert [cell.strip() for cell in shown.splitlines()[4].split("│")[1:-1]] == [
        "2014", "100", "100", "115",
    ]  # fmt: skip
    run(desk, "history", "school.pupils", "--county", NORTHSHORE, "--to", str(tmp_path / "t.csv"))
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(line["publication"], line["value"], line["change"]) for line in lines] == [
        ("1", "100", ""),
        ("2", "100", "0"),
        ("3", "115", "15"),
    ]
    then = run(
        desk, "history", "school.pupils", "--county", NORTHSHORE, "--as-of", moment(desk, 2)
    ).stdout
    assert [cell.strip() for cell in then.splitlines()[4].split("│")[1:-1]][-1] == "100"


def test_all_of_it_comes_about_once_more_in_an_empty_database(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "site"
    shutil.copytree(desk.house.site.folder, other, ignore=shutil.ignore_patterns("*.db*", "0*"))
    run(desk, "warehouse", "replay", "--into", f"sqlite:///{other / 'warehouse.db'}")
    CliRunner().invoke(app, ["publish", "--as-of", moment(desk, 3), "--site", str(other)])
    assert published(other, "2014", "school")[NORTHSHORE]["pupils"] == "115"
    folders = [site / "published" / "2014" / "0003" for site in (desk.house.site.folder, other)]
    assert snapshot(folders[1]) == snapshot(folders[0])


def test_a_backup_is_read_into_an_empty_site(desk: Desk, tmp_path: Path) -> None:
    told = run(desk, "warehouse", "backup", "--to", str(tmp_path / "backup.db")).stdout
    assert told.startswith(f"wrote {tmp_path / 'backup.db'}")
    other = tmp_path / "site"
    shutil.copytree(desk.house.site.folder, other, ignore=shutil.ignore_patterns("*.db*", "0*"))
    arguments = ["warehouse", "restore", str(tmp_path / "backup.db"), "--site", str(other)]
    restored = CliRunner().invoke(app, arguments)
    assert "restored, with 2 received files, all whole" in restored.stdout
    status = CliRunner().invoke(app, ["status", "--site", str(other)]).stdout
    assert "2014  publication 3 of" in status
