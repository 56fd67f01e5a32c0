"""The commands at the head of deploy/prefect.yaml, as printed there."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.flows.given import site_with, with_prefect
from tests.flows.processes import free_port, wait_until

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy" / "prefect.yaml"


def printed_command(part: str) -> list[str]:
    """The one command at the head of the file with a part in it, without its variables."""
    (line,) = [
        line.removeprefix("#   ")
        for line in FILE.read_text(encoding="utf-8").splitlines()
        if line.startswith("#   ") and f"prefect {part}" in line
    ]
    words = shlex.split(line)
    return words[words.index("prefect") :]


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process of Prefect, whether or not it lets itself be asked."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def test_the_printed_commands_deploy_a_night_that_a_worker_completes(
    tmp_path: Path, few_forms: Path, prefect_database: Path
) -> None:
    site, port = tmp_path / "site", free_port()
    with_prefect(site_with(site, few_forms), prefect_database)
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    environment = {name: v for name, v in os.environ.items() if not name.startswith("PREFECT_")} | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HUIZONG_NAME": "linfen",
        "HUIZONG_SITE": str(site),
        "PREFECT_HOME": str(site / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
    }

    def start(part: str) -> subprocess.Popen[bytes]:
        with (tmp_path / "log.txt").open("ab") as log:
            return subprocess.Popen(
                printed_command(part), cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def run(part: str) -> str:
        done = subprocess.run(
            printed_command(part),
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def answers() -> bool:
        try:
            return bool(
                urlopen(f"{environment['PREFECT_API_URL']}/health", timeout=1).close() is None
            )
        except (URLError, OSError):
            return False

    server = start("server start")
    try:
        wait_until(answers, server)
        run("work-pool create")
        run("--no-prompt deploy")
        worker = start("worker start")
        try:
            assert "'Completed'" in run("deployment run")
        finally:
            end(worker)
    finally:
        end(server)
