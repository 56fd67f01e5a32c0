from pathlib import Path

import pytest

from flows.configuration.settings import Settings, Site, describe, initial_file
from flows.configuration.settings_faults import mistyped_variables
from flows.configuration.ways import described
from schemas.errors import SettingsError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "huizong.toml").write_text(initial_file("linfen"), encoding="utf-8")
    return tmp_path


def test_a_new_site_has_every_default(folder: Path) -> None:
    site = Site(folder)
    assert site.database_url == f"sqlite:///{folder / 'warehouse.db'}"
    assert (site.inbox, site.published) == (folder / "inbox", folder / "published")
    assert site.settings.schedule_cron == "30 2 * * *"
    assert site.settings.schedule_timezone == "Asia/Shanghai"


def test_the_environment_goes_before_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "huizong.toml").write_text('language = "zh"\ninbox = "in"\n')
    monkeypatch.setenv("HUIZONG_LANGUAGE", "en")
    site = Site(folder)
    assert (site.settings.language, site.inbox) == ("en", folder / "in")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("inbx = 'a'", "inbx"),
        ("language = 'fr'", "language"),
        ("server_port = 'x'", "server_port"),
        ("language = ", "TOML"),
        ("schedule_cron = 'at night'", "'at night' is no schedule; write five fields"),
        ("schedule_cron = '30 25 * * *'", "is no schedule; write five fields"),
        ("schedule_cron = 'at two in the night'", "is no schedule; write five fields"),
        ("schedule_timezone = 'Mars/Olympus'", "'Mars/Olympus' is no time zone; write one such as"),
        ("schema = 'linfen'", "schema: there is no such setting; write scheme"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(folder: Path, text: str, named: str) -> None:
    (folder / "huizong.toml").write_text(text)
    with pytest.raises(SettingsError, match=named) as raised:
        Site(folder)
    assert "huizong.toml" in str(raised.value)


def test_a_wrong_variable_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIZONG_SERVER_PORT", "x")
    with pytest.raises(SettingsError, match=r"^HUIZONG_SERVER_PORT: Input should be a valid int"):
        Site(folder)
    monkeypatch.setenv("HUIZONG_CHANNELS", "x")
    with pytest.raises(SettingsError, match=r'variable is no JSON, .* "channels"'):
        Site(folder)


def test_a_mistyped_variable_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mistyped_variables(Settings.model_fields) is None
    monkeypatch.setenv("HUIZONG_DATABSE_URL", "sqlite:///x.db")
    monkeypatch.setenv("HUIZONG_READER_URL", "of the dashboards")
    assert mistyped_variables(Settings.model_fields) == (
        "HUIZONG_DATABSE_URL is no setting; write HUIZONG_DATABASE_URL"
    )


def test_a_folder_that_is_no_site_has_the_settings_there_are_anyway(tmp_path: Path) -> None:
    assert Site(tmp_path, made=False).load_scheme().id == "linfen"


def test_no_site_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"make a site with `huizong init --site {tmp_path}`"):
        Site(tmp_path)


def test_an_unknown_scheme_names_those_that_are_known(folder: Path) -> None:
    (folder / "huizong.toml").write_text('scheme = "atlantis"\n')
    with pytest.raises(SettingsError, match="linfen"):
        Site(folder).load_scheme()


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readme_lists_every_setting_once(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    for name, _, _ in describe():
        assert text.count(f"\n| `{name}` |") == 1


def test_the_page_of_ways_lists_every_setting_with_its_sentence() -> None:
    page = (ROOT / "deploy" / "settings.md").read_text(encoding="utf-8")
    for title, _, rows in described():
        _, _, part = page.partition(f"## {title}\n")
        for name, _, sentence in rows:
            assert f"| `{name}` |" in part
            assert f"| {sentence} |" in part


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[channels]]\nkind = "ftp"\nname = "x"', "channels"),
        ('[[channels]]\nkind = "folder"\nname = "folder"\npath = "x"', "'folder' is taken"),
        ('[[tell]]\nname = "x"\nwho = "stewards"', "either mail or webhook_file"),
        ('[[tell]]\nname = "x"\nwho = "stewards"\nmail = ["a@b"]', r"no \[mail\] table"),
    ],
)
def test_a_wrong_way_is_told(folder: Path, text: str, told: str) -> None:
    (folder / "huizong.toml").write_text(text)
    with pytest.raises(SettingsError, match=told):
        Site(folder)


def test_a_password_may_have_been_saved_by_notepad_but_not_in_gbk(folder: Path) -> None:
    (folder / "sftp").write_bytes(b"\xef\xbb\xbfletmein\r\n")
    assert Site(folder).secret(Path("sftp")) == "letmein"
    (folder / "sftp").write_bytes("口令".encode("gb18030"))
    with pytest.raises(SettingsError, match="is not text in UTF-8; save it as that"):
        Site(folder).secret(Path("sftp"))


def test_a_password_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"password file .*/secrets/sftp cannot be read"):
        Site(folder).secret(Path("secrets/sftp"))
