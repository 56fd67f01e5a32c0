"""`python -m tests.bench_province MUNICIPALITIES SHARE [SERVER_URL]`: a province, or a part of it.

MUNICIPALITIES of 11 are run, each with SHARE of its registers; with the URL of a PostgreSQL server
each has a database of its own there, else a SQLite file. Prints what was measured and what follows
for a province and the country, and writes build/province.json.
"""

import json
import sys
import tempfile
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, make_url, text

from tests.bench_province.arithmetic import COUNTIES, Municipality, Region, regions
from tests.bench_province.municipality import Cost, made, nights, size_of, write_returns

OUTPUT = Path("build") / "province.json"


def main(municipalities: int, share: Decimal, server: str | None) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="province-") as folder:
        root = Path(folder)
        without, small = measured(root / "small", 1, Decimal(0), server)
        with_share, large = measured(root / "large", municipalities, share, server)
    found = regions(Municipality.of(without, with_share, float(share)))
    OUTPUT.parent.mkdir(exist_ok=True)
    told = {
        "municipalities": municipalities,
        "share": float(share),
        "measured": {**small, **large},
        "regions": [asdict(region) | {"cores": region.cores} for region in found],
    }
    OUTPUT.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    show({**small, **large}, found)


def measured(
    root: Path, count: int, share: Decimal, server: str | None
) -> tuple[Municipality, dict[str, dict[str, float]]]:
    """Nights of so many municipalities: what one of them costs, and all that was measured."""
    received = write_returns(root / "inbox", share)
    urls = [None if server is None else _database(server, root.name, n) for n in range(count)]
    sites = [made(root / f"m{n}", root / "inbox", url) for n, url in enumerate(urls)]
    costs = {"first night": nights(sites, at_once=1), "nothing new": nights(sites, at_once=1)}
    kept = sum(size_of(site / "published") for site in sites)
    kept += sum(path.stat().st_size for site in sites for path in site.glob("warehouse.db*"))
    kept += sum(_database_size(url) for url in urls if url is not None)
    one = Municipality(
        costs["first night"].processor / count, costs["nothing new"].processor / count, kept / count
    )
    what = f"{count} × {COUNTIES} counties, {share:%} of the registers"
    rows = {f"{what}: {name}": _row(cost, received, kept / count) for name, cost in costs.items()}
    return one, rows


def _row(cost: Cost, received: int, kept: float) -> dict[str, float]:
    return asdict(cost) | {"received_bytes": received, "kept_bytes": kept}


def _database(server: str, name: str, number: int) -> str:
    """A new database of a server; its URL."""
    database = f"{name}_{number}"
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {database}"))
        connection.execute(text(f"CREATE DATABASE {database}"))
    engine.dispose()
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _database_size(url: str) -> int:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        size = connection.scalar(text("SELECT pg_database_size(current_database())"))
    engine.dispose()
    return int(size or 0)


def show(rows: dict[str, dict[str, float]], found: tuple[Region, ...]) -> None:
    """Two tables: what was measured, and what follows."""
    table = Table("measured", "seconds", "processor s", "largest MiB", "sent MiB", "kept MiB")
    for name, row in rows.items():
        numbers = (row["seconds"], row["processor"])
        sizes = (row["largest_bytes"], row["received_bytes"], row["kept_bytes"])
        table.add_row(name, *(f"{n:,.1f}" for n in numbers), *(f"{n / 2**20:,.1f}" for n in sizes))
    Console().print(table)
    table = Table("follows", "municipalities", "processor h", "nothing new h", "cores", "kept GiB")
    for region in found:
        hours = (region.processor / 3600, region.idle / 3600)
        table.add_row(
            region.name,
            f"{region.municipalities:.1f}",
            *(f"{n:,.2f}" for n in hours),
            f"{region.cores:.2f}",
            f"{region.kept / 2**30:,.1f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]), Decimal(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
