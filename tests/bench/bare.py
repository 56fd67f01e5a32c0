"""The least that a night can take: python-calamine reads all cells, and the rows are loaded.

`python -m tests.bench.bare INBOX LISTED OUTPUT`. Nothing is typed, checked, added up or published;
a row goes as it is into a table of its form that has no key, index or check.
"""

import json
import sqlite3
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

Rows = list[tuple[Any, ...]]


def read(inbox: Path, forms: dict[str, dict[str, Any]]) -> dict[str, Rows]:
    """The rows of each form over all workbooks, every cell of which is read."""
    rows: dict[str, Rows] = defaultdict(list)
    for path in sorted(inbox.rglob("*.xlsx")):
        with CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                if (form := forms.get(name)) is not None:
                    width = len(form["columns"])
                    body = cells[form["first_row"] :]
                    rows[form["name"]] += [tuple(row[:width]) for row in body if row[0] != ""]
    return rows


def load(database: Path, rows: dict[str, Rows]) -> None:
    """The rows into a table per form, in one transaction."""
    with sqlite3.connect(database) as connection:
        for form, of_form in rows.items():
            names = ", ".join(f"c{number}" for number in range(len(of_form[0])))
            marks = ", ".join("?" for _ in of_form[0])
            connection.execute(f"CREATE TABLE {form} ({names})")
            connection.executemany(f"INSERT INTO {form} VALUES ({marks})", map(_plain, of_form))
    connection.close()


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """SQLite knows no dates."""
    return tuple(v if isinstance(v, str | float | int) else str(v) for v in row)


def main(inbox: Path, listed: Path, output: Path) -> None:
    """Both, and in times.json the seconds of processor of each."""
    output.mkdir(parents=True)
    forms = {form["sheet"]: form for form in json.loads(listed.read_text())["forms"]}
    times = {"imports": time.process_time()}
    rows = read(inbox, forms)
    times["reading"] = time.process_time() - times["imports"]
    load(output / "rows.db", {form: found for form, found in rows.items() if found})
    times["loading"] = time.process_time() - times["imports"] - times["reading"]
    (output / "times.json").write_text(json.dumps(times))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
