"""How good are the checks and what they say of a fault? `python -m tests.bench_checks [DRAWS]`

Every mechanism is put so many times into clean returns of both sample periods, of any form. The
table is printed and, with what the clean night gave, written to build/bench-checks.json.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from schemas.scheme import CATALOG, load_scheme
from tests.bench_checks.report import measured, table

_TARGET = Path("build/bench-checks.json")


def main(draws: int) -> None:
    """Measure, print and write."""
    found = measured(load_scheme(CATALOG / "linfen"), draws)
    sys.stdout.write(table(found))
    _TARGET.parent.mkdir(exist_ok=True)
    _TARGET.write_text(json.dumps(asdict(found), ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
