"""Does huizong come to a verdict on every file of a folder?

`python -m tests.survive FOLDER` reads each as the night would, prints the verdicts by kind with
the slowest and the largest of each, writes a line per file to build/survive.csv, and ends with
status 1 if a file had no verdict.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, fields
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table

from flows.checking import reading
from schemas.filing import Received
from schemas.models import Scheme
from schemas.scheme import CATALOG, load_scheme
from tests.survive.examine import Seen, examine

OUTPUT = Path("build") / "survive.csv"
_AT_ONCE = 2


def survey(scheme: Scheme, folder: Path) -> Iterator[Seen]:
    """Every file of a folder and its subfolders, in order."""
    reading.children.prepare()
    paths = sorted(path for path in folder.rglob("*") if path.is_file())

    def seen(path: Path) -> list[Seen]:
        name = path.relative_to(folder).as_posix()
        return list(examine(scheme, Received(name, path.read_bytes(), channel="folder")))

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for found in threads.map(seen, paths):
            yield from found


def write(seen: Sequence[Seen], target: Path) -> None:
    """Write one line per file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.DictWriter(file, [field.name for field in fields(Seen)])
        lines.writeheader()
        lines.writerows(asdict(line) | {"seconds": f"{line.seconds:.3f}"} for line in seen)


def table(seen: Sequence[Seen]) -> Table:
    """The verdicts by kind."""
    shown = Table(title=f"{len(seen)} files")
    for heading in ("verdict", "files", "slowest", "", "largest peak", ""):
        shown.add_column(heading, overflow="fold", no_wrap=heading == "verdict")
    by_kind = sorted(seen, key=lambda line: line.verdict)
    for verdict, group in groupby(by_kind, key=lambda line: line.verdict):
        lines = list(group)
        slowest = max(lines, key=lambda line: line.seconds)
        largest = max(lines, key=lambda line: line.peak_memory)
        shown.add_row(
            verdict or "NO VERDICT",
            str(len(lines)),
            f"{slowest.seconds:.2f} s",
            slowest.file,
            f"{largest.peak_memory / 2**20:.0f} MiB",
            largest.file,
        )
    return shown


def main(folder: Path) -> bool:
    """Survey a folder; whether every file had a verdict."""
    seen = list(survey(load_scheme(CATALOG / "linfen"), folder))
    write(seen, OUTPUT)
    Console().print(table(seen))
    without = [line for line in seen if not line.verdict]
    for line in without:
        sys.stdout.write(f"no verdict: {line.file}: {line.reason}\n")
    return not without


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("which folder? say: make survive DIR=folder")
    sys.exit(0 if main(Path(sys.argv[1])) else 1)
