"""Telling the stewards that a night, or another run, failed as a whole, by what still stands.

The warehouse may be what has failed, so nothing is noted there: whoever calls this does so once for
each failure, as systemd (`OnFailure=`) and Prefect (`failures`) do.
"""

from collections.abc import Iterator
from pathlib import Path

from flows.configuration.settings import FILE_NAME, Site
from flows.console import OUTSIDE_ERRORS, reason
from flows.doctor import examine
from flows.message import Message
from flows.telling import letters, telling
from schemas.errors import HuizongError, SettingsError
from schemas.text import Language

_HAS_REPORTED = "exit-code 1"
"""How a night ends that came to its end: its own report says what failed."""


def alarm(folder: Path, run: str, ended: str) -> Iterator[str]:
    """Tell each contact of the stewards that a run failed, and what it lacks; a line for each.

    `run` is the name of its flow. `ended` says how, in the words of what ran it, as systemd's
    result and status: `exit-code 2`.
    Raises SettingsError where nobody is named, and at the end where somebody could not be told.
    """
    site = Site(folder)
    if ended == _HAS_REPORTED:
        yield "the night came to its end, and its own report says what failed"
        return
    contacts = list(telling.stewards(site.settings))
    if not contacts:
        raise SettingsError(f'{site.folder / FILE_NAME}: no [[tell]] has who = "stewards"')
    lacking = [f"{each.what}: {each.wrong}" for each in examine(folder) if each.wrong is not None]
    subject, text = letters.of_alarm(site.folder.name, run, ended, lacking, _language(site))
    failures = []
    for contact in contacts:
        try:
            telling.way_to(site, contact)(Message(subject, text))
            yield f"{contact.name}: told"
        except OUTSIDE_ERRORS as error:
            failures.append(f"{contact.name}: {reason(error)}")
    if failures:
        raise SettingsError("not everybody could be told:\n" + "\n".join(failures))


def _language(site: Site) -> Language:
    """That of the site; the scheme, which states it, may be what is wrong."""
    try:
        return site.language(site.load_scheme())
    except HuizongError:
        return site.settings.language or "zh"
