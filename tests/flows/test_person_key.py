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
from tests.flows.given import scheme_with
from tests.flows.nights import Desk


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scheme of the forms that name persons."""
    forms = frozenset({"hh_register", "hh_member"})
    return scheme_with(forms, tmp_path_factory.mktemp("registers") / "linfen")


@pytest.fixture
def folder(tmp_path: Path, registers: Path) -> Path:
    site = tmp_path / "site"
    list(sites.init(site, str(registers)))
    return site


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
    tmp_path: Path, registers: Path
) -> None:
    desk = Desk(tmp_path / "site", registers)
    desk.send("x.xlsx", b"no workbook")
    desk.night()
    assert_same_key_once_more(tmp_path / "site")


def test_so_does_one_in_which_nothing_has_happened(folder: Path) -> None:
    assert_same_key_once_more(folder)


def assert_same_key_once_more(folder: Path) -> None:
    again = f"sqlite:///{folder.parent / 'again.db'}"
    upkeep.replay(folder, again)
    with (folder / "huizong.toml").open("a") as settings:
        settings.write(f'\ndatabase_url = "{again}"\n')
    assert list(sites.planned_upgrade(folder)) == ["the warehouse is up to date"]
    open_house(str(folder))


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
