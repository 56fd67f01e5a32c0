"""Put a publication on disk: whole or not at all, with a stable pointer to the latest."""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from schemas.errors import WarehouseError
from schemas.text import Language
from warehouse.consolidation.contents import PublicationContents
from warehouse.publish.codebook_files import codebook_files
from warehouse.publish.copies import CopyTask, MarkedCopy, copy_tasks, one_by_one
from warehouse.publish.edition import Edition
from warehouse.publish.file_names import LIST_NAME, REPORT_NAME, TABLES_NAME, folder_name
from warehouse.publish.lists import discrepancies
from warehouse.publish.open_data import open_data
from warehouse.publish.pages import pages
from warehouse.publish.tables import municipal_tables
from warehouse.publish.work_summary import work_summary

LATEST = "latest"


Marking = Callable[[Sequence[CopyTask]], Sequence[MarkedCopy]]


def publish(
    contents: PublicationContents, root: Path, language: Language, marking: Marking = one_by_one
) -> Path:
    """Write a publication into root/<period>/<serial> and point root/<period>/latest at it.

    Readers see the earlier publication until this one is complete. What a killed run left behind
    is replaced; publishing the same contents again gives the same bytes. `marking` marks the
    copies of what the counties sent, in their order.
    """
    folder, name = root / contents.period.id, folder_name(contents.serial)
    _write(folder / name, drawn(Edition(contents, language), marking))
    _point(folder / LATEST, name)
    return folder / name


def publish_again(
    contents: PublicationContents,
    root: Path,
    language: Language,
    digests: Mapping[str, str],
    marking: Marking = one_by_one,
) -> Path:
    """Write a publication of the past where it was, from what the warehouse holds of it.

    `digests` has the sha256 of each of its files by its path. Raises WarehouseError, and writes
    nothing, when any file would be another one. `latest` is left at a later publication.
    """
    folder, name = root / contents.period.id, folder_name(contents.serial)
    files = drawn(Edition(contents, language), marking)
    made = {path: sha256(content).hexdigest() for path, content in files.items()}
    if made != digests:
        other = sorted(path for path, _ in made.items() ^ digests.items())
        named = ", ".join(dict.fromkeys(other))
        raise WarehouseError(f"{contents.period.id}/{name} would differ from what was: {named}")
    _write(folder / name, files)
    latest = folder / LATEST
    if not latest.exists() or latest.resolve().name < name:
        _point(latest, name)
    return folder / name


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, which is there with all of them or not at all."""
    partial = target.with_name(f".{target.name}.partial")
    _remove(partial)
    try:
        for path, content in files.items():
            file = partial / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    except OSError as error:
        error.filename = error.filename or str(target)  # a full disk does not say where it is
        raise
    _put(partial, target)


def drawn(edition: Edition, marking: Marking = one_by_one) -> dict[str, bytes]:
    """Every file of a publication by its path: a pure function of the edition."""
    tasks = copy_tasks(edition)
    with ThreadPoolExecutor(1) as aside:
        marking_copies = aside.submit(marking, list(tasks.values()))
        files = _alike_for_all(edition)  # drawn while others mark
    copies = dict(zip(tasks, marking_copies.result(), strict=True))
    return files | _lists(edition, copies) | {path: copy.content for path, copy in copies.items()}


def _alike_for_all(edition: Edition) -> dict[str, bytes]:
    """What does not depend on the copies: tables, report, data, pages, codebook."""
    files = {TABLES_NAME: municipal_tables(edition)}
    if (summary := work_summary(edition)) is not None:
        files[REPORT_NAME] = summary
    files |= {f"data/{name}": content for name, content in open_data(edition).items()}
    files |= pages(edition)
    files |= codebook_files(edition.contents.scheme)
    return files


def _lists(edition: Edition, copies: Mapping[str, MarkedCopy]) -> dict[str, bytes]:
    """The lists of findings, of each county and of all; they name the copies without marks."""
    unmarked = [path for path, copy in copies.items() if copy.unmarked is not None]
    files = {LIST_NAME: discrepancies(edition, [Path(path).name for path in unmarked])}
    for county in edition.filers:
        own = [path for path in unmarked if path.startswith(f"{edition.folder(county)}/")]
        files[edition.list_path(county)] = discrepancies(
            edition, [Path(path).name for path in own], county
        )
    return files


def _put(partial: Path, target: Path) -> None:
    """Give a complete folder its name, aside of what a killed run had already put there."""
    aside = target.with_name(f".{target.name}.replaced")
    _remove(aside)
    if target.exists():
        target.rename(aside)
    partial.rename(target)
    _remove(aside)


def _point(link: Path, name: str) -> None:
    """Repoint a symbolic link in one step, so that it always points somewhere."""
    fresh = link.with_name(f".{link.name}.fresh")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(name, target_is_directory=True)
    os.replace(fresh, link)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
