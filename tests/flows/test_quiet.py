import shutil
from pathlib import Path

import pytest

from flows.configuration.settings import Site
from flows.desk import review
from flows.quiet import quiet_night
from tests.flows.given import site_with
from tests.flows.published import snapshot
from warehouse.judging.reviews import Action


@pytest.fixture
def site(first_night: Path, tmp_path: Path) -> Path:
    """A site after a night."""
    site = tmp_path / "site"
    shutil.copytree(first_night / "site", site, symlinks=True)
    return site


def test_a_first_night_is_a_whole_one(few_forms: Path, few_returns: Path, tmp_path: Path) -> None:
    assert quiet_night(Site(site_with(tmp_path / "site", few_forms, few_returns))) is None


def test_a_night_with_nothing_to_do_says_so_and_changes_nothing(site: Path) -> None:
    before = snapshot(site / "published"), (site / "warehouse.db").read_bytes()
    report = quiet_night(Site(site))
    assert report is not None
    assert report.nothing_new
    assert report.received == len(list((site / "inbox").rglob("*.xlsx")))
    assert (snapshot(site / "published"), (site / "warehouse.db").read_bytes()) == before
    figures = (site / "metrics.prom").read_text()
    assert f"huizong_files_received {report.received}.0" in figures
    assert 'huizong_returns_missing{period="2015"}' in figures  # an alert must not come and go


def test_what_comes_or_was_decided_or_was_cut_off_is_left_to_a_whole_night(site: Path) -> None:
    known = next((site / "inbox").rglob("*.xlsx"))
    again = known.with_name(f"again-{known.name}")
    again.write_bytes(known.read_bytes())
    assert quiet_night(Site(site)) is None
    again.unlink()
    assert quiet_night(Site(site)) is not None

    (site / ".night.under-way").touch()
    assert quiet_night(Site(site)) is None
    (site / ".night.under-way").unlink()

    review.decide(site, 1, Action.WITHDRAWN, "误报", "王敏")
    assert quiet_night(Site(site)) is None


def test_channels_and_people_to_be_told_are_left_to_a_whole_night(site: Path) -> None:
    settings = site / "huizong.toml"
    words = settings.read_text()
    (site / "share").mkdir()
    settings.write_text(f'{words}\n[[channels]]\nkind = "folder"\nname = "share"\npath = "share"\n')
    assert quiet_night(Site(site)) is None


def test_a_scheme_that_changed_is_left_to_a_whole_night(site: Path, tmp_path: Path) -> None:
    before = Site(site).scheme_folder
    changed = tmp_path / "changed"
    shutil.copytree(before, changed)
    with (changed / "forms" / "biogas.yaml").open("a", encoding="utf-8") as file:
        file.write("summary: []\n")
    settings = site / "huizong.toml"
    settings.write_text(settings.read_text().replace(str(before), str(changed)))
    assert Site(site).scheme_folder == changed
    assert quiet_night(Site(site)) is None
