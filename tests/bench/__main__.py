"""`python -m tests.bench` measures, prints and writes build/bench.json; 1 if a limit is missed.

With names of benchmarks (`python -m tests.bench reading small_night`) only these.
"""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.dashboards import dashboards
from tests.bench.loading import loading
from tests.bench.measure import Figure
from tests.bench.nights import register_night, small_night, wide_night
from tests.bench.reading import reading
from tests.bench.register import checking

OUTPUT = Path("build") / "bench.json"
BENCHMARKS: tuple[Callable[[], Iterable[Figure]], ...] = (
    *(reading, checking, loading, dashboards),
    *(small_night, wide_night, register_night),
)


def write(figures: Sequence[Figure]) -> None:
    """Put figures into build/bench.json."""
    OUTPUT.parent.mkdir(exist_ok=True)
    written = [asdict(figure) | {"holds": figure.holds} for figure in figures]
    OUTPUT.write_text(json.dumps(written, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def main(names: Sequence[str]) -> bool:
    """Do the benchmarks of some names, or all; whether every figure is within its limit."""
    chosen = [each for each in BENCHMARKS if not names or each.__name__ in names]
    figures: list[Figure] = []
    for benchmark in chosen:
        figures += benchmark()
        write(figures)  # after each: all of them take hours
    table = Table("what", "value", "limit")
    for figure in figures:
        limit = "" if figure.limit is None else f"{figure.limit:g} {figure.unit}"
        missed = "" if figure.holds else " MISSED"
        table.add_row(figure.name, f"{figure.value:.2f} {figure.unit}", limit + missed)
    Console().print(table)
    return all(figure.holds for figure in figures)


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
