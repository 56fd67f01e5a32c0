"""What IT is told when the surroundings of a night are wrong: one line, an exit status, no loss."""

from pathlib import Path

import pytest

from flows import sites
from tests.flows.processes import start


def run_night(site: Path, api: str, **settings: str) -> tuple[int, str]:
    """Exit status and what was printed, each run of blanks as one, with a server that is there."""
    output = site.with_suffix(".txt")
    settings["PREFECT_API_URL"] = api
    status = start("nightly", "--site", site, output=output, **settings).wait(120)
    return status, " ".join(output.read_text().split())


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("HUIZONG_DATABASE_URL", "postgresql://u:secret@127.0.0.1:9/x", "Check that"),
        ("HUIZONG_DATABASE_URL", "sqlite:////nowhere/x.db", "Check that the folder"),
        ("HUIZONG_INBOX", "/nowhere/share", "/nowhere/share is not a folder; make or mount it"),
    ],
)
def test_a_night_that_cannot_run_says_why_in_one_line(
    tmp_path: Path, prefect_server: str, setting: str, value: str, told: str
) -> None:
    site = tmp_path / "site"
    list(sites.init(site, "linfen"))
    status, printed = run_night(site, prefect_server, **{setting: value})
    assert status == 2
    assert printed.startswith("huizong: ")
    assert told in printed
    assert "Traceback" not in printed
    assert "secret" not in printed


def test_a_period_that_cannot_be_published_holds_back_no_other(
    small_site: Path, prefect_server: str
) -> None:
    site = small_site
    in_the_way = site / "published" / "2003H1"
    in_the_way.write_text("a file where a folder should be")
    status, printed = run_night(site, prefect_server)
    assert status == 1
    assert f"{in_the_way}/.0001.partial: Not a directory; a file stands where" in printed
    assert "Traceback" not in printed
    assert (site / "published" / "2015" / "latest" / "index.html").is_file()

    in_the_way.unlink()
    status, printed = run_night(site, prefect_server)
    assert status == 0
    assert "10 files, 0 new, 0 read" in printed
    assert (in_the_way / "latest" / "index.html").is_file()
    assert not (site / "published" / "2015" / "0002").exists()
