import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from flows import sites
from flows.cli import main
from tests.flows.processes import start

VERBS = [
    "init",
    "sample",
    "template",
    "check",
    "nightly",
    "status",
    "findings",
    "trace",
    "uses",
    "publish",
    "serve",
    "review list",
    "review accept",
    "review return",
    "review withdraw",
    "review person",
    "scheme check",
    "warehouse upgrade",
    "warehouse contract",
    "warehouse export",
    "warehouse grants",
]


class Answer(NamedTuple):
    """How a command ended and what it printed."""

    status: object
    stdout: str
    stderr: str


Huizong = Callable[..., Answer]


@pytest.fixture
def huizong(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Huizong:
    """What the console script calls, in this process: starting one takes a second each time."""

    def run(*arguments: str | Path) -> Answer:
        monkeypatch.setattr(sys, "argv", ["huizong", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Answer(ended.value.code, *capsys.readouterr())

    return run


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "site"
    list(sites.init(folder, "linfen"))
    return folder


def test_the_console_script_makes_a_site_and_exits_with_the_status(tmp_path: Path) -> None:
    for arguments, status in ((("init",), 0), (("status",), 0), (("findings", "--form", "R99"), 2)):
        output = tmp_path / "output.txt"
        ended = start(*arguments, "--site", tmp_path / "site", output=output).wait(120)
        assert ended == status, output.read_text()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(huizong: Huizong, verb: str) -> None:
    shown = huizong(*verb.split(), "--help")
    assert shown.status == 0
    assert f"Example: huizong {verb}" in " ".join(shown.stdout.replace("`", "").split())


def test_init_again_changes_nothing(huizong: Huizong, site: Path) -> None:
    before = (site / "warehouse.db").read_bytes()
    again = huizong("init", "--site", site)
    assert "up to date" in again.stdout
    assert (site / "warehouse.db").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["status", "--site", "nowhere"], "init"),
        (["template", "--county", "北京", "--to", "x"], "141031 隰县"),
        (["template", "--period", "2033", "--to", "x"], "2003H1, 2015"),
        (["trace", "biogas.stock", "--period", "2003H1"], "stock_prev"),
        (["trace", "gas.stock_prev", "--period", "2003H1"], "R04 biogas"),
        (["findings", "--form", "R99"], "R04 biogas"),
        (["findings", "--severity", "fatal"], "notice"),
        (["publish", "--period", "1999"], "2003H1, 2015"),
        (["publish", "--to", "2015"], "say with --period where it begins"),
        (["status", "--site", "nowhere"], "`huizong init --site "),
        (["history", "biogas.stock"], "has no figure 'stock'; it has: stock_prev"),
        (["trace", "gas.stock_prev", "--period", "2003H1"], "huizong: no form 'gas'"),
        (["codebook", "--to", __file__], "a file stands where a folder is wanted"),
        (["template", "--period", "2015", "--to", f"{__file__}/x"], "a file stands where a folder"),
        (["warehouse", "backup", "--to", f"{__file__}/x"], "a file stands where a folder"),
        (["sample", "--register", "--faults"], "--register is written alone"),
        (["sample", "--months", "--period", "2015"], "either --months or one --period"),
    ],
)
def test_a_mistake_is_answered_with_the_next_step(
    huizong: Huizong, site: Path, arguments: list[str], told: str
) -> None:
    where = [] if "--site" in arguments else ["--site", str(site)]
    answer = huizong(*arguments, *where)
    assert answer.status == 2
    assert told in " ".join(answer.stderr.split())
    assert "Traceback" not in answer.stderr


def test_check_names_the_cell_and_fails(huizong: Huizong, site: Path, tmp_path: Path) -> None:
    made = huizong(
        "template", "--site", site, "--county", "隰縣", "--period", "2015", "--to", tmp_path
    )
    assert made.status == 0, made.stderr
    blank = tmp_path / "2015" / "141031-隰县-2015.xlsx"
    checked = huizong("check", "--site", site, blank)
    assert checked.status == 1
    assert "R10" in checked.stdout
    assert "没有填写" in checked.stdout


def test_check_of_something_that_is_no_workbook_refuses_it(
    huizong: Huizong, site: Path, tmp_path: Path
) -> None:
    file = tmp_path / "photo.xlsx"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    checked = huizong("check", "--site", site, file)
    assert checked.status == 1
    assert "photo.xlsx" in checked.stdout
    assert "Traceback" not in checked.stderr


def test_check_wants_no_site(
    huizong: Huizong, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "empty.xlsx"
    file.touch()
    monkeypatch.chdir(tmp_path)
    checked = huizong("check", file)
    assert (checked.status, checked.stderr) == (1, "")
    assert "文件“empty.xlsx”是空的" in checked.stdout


def test_scheme_check_counts_what_holds_together(huizong: Huizong, site: Path) -> None:
    shown = huizong("scheme", "check", "--site", site)
    assert "17 counties, 19 periods, 40 forms" in shown.stdout


def test_neither_a_look_nor_a_quiet_night_imports_what_takes_seconds() -> None:
    heavy = "{'pandas', 'openpyxl', 'great_expectations', 'prefect'}"
    looked = f"import sys, flows.desk.desk, flows.quiet; print(*{heavy} & sys.modules.keys())"
    told = subprocess.check_output([sys.executable, "-c", looked], text=True)
    assert told == "\n"
