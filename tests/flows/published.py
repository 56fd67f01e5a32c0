"""Looking at what a site has published."""

import csv
import hashlib
from pathlib import Path


def published(site: Path, period: str, form: str) -> dict[str, dict[str, str]]:
    """The published CSV of a form: county code → column → text."""
    path = site / "published" / period / "latest" / "data" / f"{form}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["county_code"]: row for row in csv.DictReader(file)}


def snapshot(folder: Path) -> dict[str, str]:
    """Every file of a folder with a digest of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
