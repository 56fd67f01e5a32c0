"""What puts the dashboard into a Superset, as far as it goes without one."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from sqlalchemy import make_url

DASHBOARDS = Path(__file__).parents[2] / "deploy" / "dashboards"
PASSWORD = "s3cret"


@pytest.fixture(scope="module")
def program() -> ModuleType:
    spec = spec_from_file_location("import_bundle", DASHBOARDS / "import_bundle.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told(program: ModuleType, *words: str) -> str:
    """What the program ends with."""
    with pytest.raises(SystemExit) as ended:
        program.main(words)
    return str(ended.value)


def test_every_file_goes_along_and_the_connection_into_one(program: ModuleType) -> None:
    url = f"postgresql+psycopg2://dashboard:{PASSWORD}@127.0.0.1/huizong"
    contents = program.contents(url)
    bundle = DASHBOARDS / "bundle"
    assert {*contents} == {p.relative_to(bundle).as_posix() for p in bundle.rglob("*.yaml")}
    assert [path for path, text in contents.items() if PASSWORD in text] == [
        "databases/huizong.yaml"
    ]
    assert yaml.safe_load(contents["databases/huizong.yaml"])["sqlalchemy_uri"] == url


@pytest.mark.parametrize("words", [(), ("admin",)])
def test_what_is_not_said_is_asked_for(
    program: ModuleType,
    words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("HUIZONG_READER_URL", raising=False)
    assert told(program, *words) == "2"
    asked = "set HUIZONG_READER_URL to postgresql" if words else "required: username"
    assert asked in capsys.readouterr().err


@pytest.mark.parametrize("url", [f"postgresql:dashboard:{PASSWORD}", "nothing://x:s3cret@y/z"])
def test_an_address_that_is_none_is_told_without_its_password(
    program: ModuleType, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIZONG_READER_URL", url)
    message = told(program, "admin")
    assert message.startswith("HUIZONG_READER_URL is not like postgresql+psycopg2://USER:PASSWORD@")
    assert PASSWORD not in message


def test_a_warehouse_that_cannot_be_read_is_told_before_superset_is_changed(
    program: ModuleType, postgres_template: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(database: str) -> str:
        there = make_url(postgres_url).set(drivername="postgresql+psycopg", database=database)
        url = there.render_as_string(hide_password=False)
        monkeypatch.setenv("HUIZONG_READER_URL", url)
        return told(program, "admin")

    unread = "the warehouse cannot be read as HUIZONG_READER_URL says:"
    assert ended("postgres").startswith(f'{unread} relation "mart.contract" does not exist')
    assert unread in ended("no_such")
    assert ended(postgres_template).startswith("run this with the python of the environment that")
