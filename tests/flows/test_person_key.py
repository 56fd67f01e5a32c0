"""The key of a site: made once, nobody else's, taken anew."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flows import sites, upkeep
from flows.configuration.settings import Site
from flows.doctor import examine
from flows.house import open_house
from flows.person_key import person_key
from schemas.errors import SettingsError, WarehouseError
from tests.flows.given import site_with
from tests.flows.nights import Desk


@pytest.fixture
def folder(tmp_path: Path, first_forms: Path) -> Path:
    return site_with(tmp_path / "site", first_forms)


def test_a_site_has_a_key_of_its_own_that_only_its_user_reads(folder: Path) -> None:
    file = folder / "person.key"
    assert file.stat().st_mode & 0o777 == 0o600
    key = person_key(Site(folder))
    assert len(bytes.fromhex(key.decode())) == 32
    assert list(sites.init(folder, "linfen")) == ["the warehouse is up to date"]
    assert person_key(Site(folder)) == key


def test_another_key_is_taken_by_an_upgrade_and_by_nothing_else(folder: Path) -> None:
    (folder / "person.key").write_text("0" * 64)
    with pytest.raises(WarehouseError, match="told apart by another key"):
        open_house(str(folder))
    (folder / "person.key").unlink()
    with pytest.raises(SettingsError, match="by which persons are told apart"):
        open_house(str(folder))
    planned = list(sites.planned_upgrade(folder))
    of_whom = "persons told apart by the key of the site: hh_register, hh_member"
    assert f"would be done: {of_whom}" in planned
    assert not (folder / "person.key").exists()
    assert list(sites.upgrade_warehouse(folder)) == [
        f"wrote {folder / 'person.key'}, which is to be kept as a secret",
        of_whom,
    ]
    open_house(str(folder))


def test_a_warehouse_brought_about_once_more_tells_persons_apart_by_the_same_key(
    tmp_path: Path, first_forms: Path
) -> None:
    desk = Desk(tmp_path / "site", first_forms)
    desk.send("x.xlsx", b"no workbook")
    desk.night()
    again = f"sqlite:///{tmp_path / 'again.db'}"
    upkeep.replay(tmp_path / "site", again)
    with (tmp_path / "site" / "huizong.toml").open("a") as settings:
        settings.write(f'\ndatabase_url = "{again}"\n')
    assert not any("told apart" in line for line in sites.planned_upgrade(tmp_path / "site"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda file: file.chmod(0o640), "others may read {}; run `chmod 600 {}`"),
        (lambda file: file.unlink(), "there is no file {}; write the secret into it"),
        (lambda file: file.write_text("abc"), "the key in {} is too short"),
    ],
)
def test_the_doctor_says_what_is_wrong_with_it(
    folder: Path, change: Callable[[Path], object], told: str
) -> None:
    file = folder / "person.key"
    change(file)
    wrong = [check.wrong for check in examine(folder) if check.wrong]
    assert any(told.replace("{}", str(file)) in words for words in wrong)
