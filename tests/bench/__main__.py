"""`python -m tests.bench` measures, prints and writes build/bench.json; 1 if a limit is missed."""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.dashboards import dashboards
from tests.bench.loading import loading
from tests.bench.measure import Figure
from tests.bench.reading import reading
from tests.bench.register import checking

OUTPUT = Path("build") / "bench.json"
BENCHMARKS: tuple[Callable[[], Iterable[Figure]], ...] = (reading, checking, loading, dashboards)


def main() -> bool:
    """Do all benchmarks; whether every figure is within its limit."""
    figures = [figure for benchmark in BENCHMARKS for figure in benchmark()]
    OUTPUT.parent.mkdir(exist_ok=True)
    written = [asdict(figure) | {"holds": figure.holds} for figure in figures]
    OUTPUT.write_text(json.dumps(written, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    table = Table("what", "value", "limit")
    for figure in figures:
        limit = "" if figure.limit is None else f"{figure.limit:g} {figure.unit}"
        missed = "" if figure.holds else " MISSED"
        table.add_row(figure.name, f"{figure.value:.2f} {figure.unit}", limit + missed)
    Console().print(table)
    return all(figure.holds for figure in figures)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
