import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("flows", "schemas", "expectations", "warehouse")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("schemas/period.py", "import warehouse.engine"),
        ("expectations/rule.py", "import warehouse.engine"),
        ("warehouse/engine.py", "import expectations.rule"),
        ("warehouse/engine.py", "import flows.configuration.settings"),
        ("warehouse/engine.py", "import prefect"),
        ("flows/process.py", "import prefect"),
        ("warehouse/loading/load.py", "import great_expectations"),
        ("schemas/reading/reader.py", "import sqlalchemy"),
        ("expectations/rule.py", "import openpyxl"),
        ("schemas/period.py", "import schemas.reading.reader"),
    ],
)
def test_one_import_the_wrong_way_round_fails(tmp_path: Path, module: str, line: str) -> None:
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / module
    path.write_text(f"{line}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    found = lint_imports(tmp_path)
    assert found.returncode == 1, found.stdout + found.stderr
    assert "broken" in found.stdout.lower()
