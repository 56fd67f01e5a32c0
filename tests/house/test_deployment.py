"""What `deploy/` promises, as far as it can be seen without Docker or systemd.

`make validate-deploy` asks their own validators besides.
"""

import re
import shlex
from collections.abc import Iterator
from configparser import ConfigParser
from importlib import import_module
from pathlib import Path

import pytest
import typer
import yaml
from prefect.settings import PREFECT_HOME, temporary_settings
from typer.core import TyperGroup

from flows.cli import app
from flows.configuration.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
HUIZONG = "/opt/huizong/.venv/bin/huizong"
SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))
TIMERS = sorted((DEPLOY / "systemd").glob("*.timer"))
OUR_OWN_VARIABLES = {"HUIZONG_SITE", "HUIZONG_NAME"}
RUNBOOKS = ("runbook.md", "runbook.zh-CN.md")


def require_command(words: list[str]) -> None:
    """The verb is there and has every option that is given to it."""
    command = typer.main.get_command(app)
    rest = list(words)
    while isinstance(command, TyperGroup):
        assert rest, words
        command = command.commands[rest.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    given = {word.partition("=")[0] for word in rest if word.startswith("--")}
    assert given <= known, words


class _Unit(ConfigParser):
    def optionxform(self, optionstr: str) -> str:
        return optionstr


def unit(path: Path) -> ConfigParser:
    parser = _Unit(strict=False, interpolation=None)
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


def compose() -> dict[str, dict[str, object]]:
    services: dict[str, dict[str, object]] = yaml.safe_load(
        (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    )["services"]
    return services


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_unit_runs_a_verb_as_the_user_that_is_made_in_the_folder_that_is_made(path: Path) -> None:
    service = unit(path)["Service"]
    program, *words = shlex.split(service["ExecStart"])
    assert program == HUIZONG
    require_command(words)
    assert words[-2:] == ["--site", "/srv/huizong/%i"]
    assert service["ReadWritePaths"] == "/srv/huizong/%i"
    made = (DEPLOY / "systemd" / "huizong.sysusers.conf").read_text(encoding="utf-8")
    assert f"u {service['User']} " in made
    folders = (DEPLOY / "systemd" / "huizong.tmpfiles.conf").read_text(encoding="utf-8")
    assert "d /srv/huizong 0750 huizong huizong" in folders


def test_a_timer_and_a_deployment_of_prefect_fire_at_the_same_time() -> None:
    deployments = yaml.safe_load((DEPLOY / "prefect.yaml").read_text(encoding="utf-8"))
    fires = {
        deployment["entrypoint"].partition(":")[2]: schedule
        for deployment in deployments["deployments"]
        for schedule in deployment.get("schedules", ())
    }
    assert len(fires) == len(TIMERS)
    assert fires["nightly"]["cron"] == Settings.model_fields["schedule_cron"].default
    for path in TIMERS:
        verb = path.stem.removeprefix("huizong-").removesuffix("@")
        assert path.with_suffix(".service") in SERVICES
        minute, hour, *_ = fires[verb]["cron"].split()
        calendar = f"*-*-* {int(hour):02}:{int(minute):02}:00 {fires[verb]['timezone']}"
        assert unit(path)["Timer"]["OnCalendar"] == calendar


def test_the_services_run_verbs_and_settings_that_exist_from_images_of_one_version() -> None:
    for name, service in compose().items():
        command = service.get("command", [])
        assert isinstance(command, list)
        if command[:1] == ["huizong"]:
            require_command(command[1:])
        assert not re.search(r":latest$|^[^:]+$", str(service["image"])), name
        environment = service.get("environment", {})
        assert isinstance(environment, dict)
        ours = {key for key in environment if key.startswith("HUIZONG_")} - OUR_OWN_VARIABLES
        assert {key.removeprefix("HUIZONG_").lower() for key in ours} <= set(Settings.model_fields)


def test_the_page_of_prefect_is_put_together_where_its_server_may_write() -> None:
    server = compose()["server"]
    assert server["read_only"]
    environment, writable = server["environment"], server["tmpfs"]
    assert isinstance(environment, dict)
    assert isinstance(writable, list)
    assert str(Path(environment["PREFECT_UI_STATIC_DIRECTORY"]).parent) in writable


def test_the_server_of_prefect_knows_after_a_restart_what_ran_before() -> None:
    server = compose()["server"]
    environment, volumes = server["environment"], server["volumes"]
    assert isinstance(environment, dict)
    assert isinstance(volumes, list)
    storage = import_module(environment["PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"])
    with temporary_settings({PREFECT_HOME: environment["PREFECT_HOME"]}):
        kept_in = storage.ConcurrencyLeaseStorage().storage_path
    mounts = [Path(volume.partition(":")[2]) for volume in volumes]
    assert any(kept_in.is_relative_to(mount) for mount in mounts)


def test_the_page_of_prefect_asks_where_a_browser_finds_its_server() -> None:
    server = compose()["server"]
    environment, ports = server["environment"], server["ports"]
    assert isinstance(environment, dict)
    assert isinstance(ports, list)
    (port,) = ports
    assert environment["PREFECT_UI_API_URL"] == f"http://{port.rpartition(':')[0]}/api"


def test_the_example_of_the_environment_has_what_the_compose_file_asks_for() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$\{([A-Z_]+)\}", text))
    example = (DEPLOY / "env.example").read_text(encoding="utf-8")
    stated = set(re.findall(r"^([A-Z_]+)=", example, flags=re.MULTILINE))
    assert stated - asked == {"COMPOSE_PROJECT_NAME"}
    assert asked <= stated


def test_what_the_services_mount_from_here_is_here() -> None:
    mounts = [
        mount.partition(":")[0]
        for service in compose().values()
        for mount in map(str, service.get("volumes", ()))  # type: ignore[call-overload]
    ]
    files = [mount for mount in mounts if mount.startswith("./")]
    assert files
    assert [file for file in files if not (DEPLOY / file).is_file()] == []


def instructions() -> list[tuple[str, str]]:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", " "))]
    return [(line.split()[0], line.partition(" ")[2]) for line in lines]


def test_the_image_has_fixed_bases_locked_packages_and_no_root() -> None:
    found = instructions()
    bases = {told.split()[0] for word, told in found if word == "FROM"}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+", bases.pop())
    installs = [told for word, told in found if word == "RUN" and "pip install" in told]
    assert "--require-hashes --requirement requirements-scale.lock" in installs[0]
    assert all("--no-deps" in told for told in installs)
    words = [word for word, _ in found]
    users = [told for word, told in found if word == "USER"]
    assert users == ["990:990"]
    assert words.index("USER") < words.index("CMD")
    assert "HEALTHCHECK" in words


def test_the_image_and_the_units_have_huizong_in_the_same_place() -> None:
    told = dict(instructions())
    assert told["WORKDIR"] == "/opt/huizong"
    assert told["ENV"].startswith(f"PATH={Path(HUIZONG).parent}:$PATH")


def test_what_is_copied_into_the_image_is_let_through_and_nothing_else() -> None:
    copied = {
        source
        for word, told in instructions()
        if word == "COPY" and not told.startswith("--from")
        for source in told.split()[:-1]
    }
    through = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8")
    assert {line[1:] for line in through.splitlines() if line.startswith("!")} == copied
    assert [source for source in copied if not (DEPLOY.parent / source).exists()] == []


def test_backups_are_made_with_the_client_of_the_servers_version() -> None:
    server = re.fullmatch(r"postgres:(\d+)\..*", str(compose()["postgres"]["image"]))
    assert server
    assert f"postgresql-client-{server[1]} " in (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def commands(runbook: str) -> Iterator[str]:
    """Every line of a runbook that is to be typed."""
    for block in re.findall(r"```sh\n(.*?)```", (DEPLOY / runbook).read_text("utf-8"), re.DOTALL):
        lines = map(str.strip, block.splitlines())
        yield from (line for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("runbook", RUNBOOKS)
def test_every_verb_of_the_runbook_exists(runbook: str) -> None:
    typed = [shlex.split(line) for line in commands(runbook) if line.startswith("huizong ")]
    assert len(typed) > 20
    for words in typed:
        require_command(words[1:])


def test_both_runbooks_have_the_same_commands() -> None:
    english, chinese = (list(commands(runbook)) for runbook in RUNBOOKS)
    assert english == chinese
