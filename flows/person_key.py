"""The key of a site by which persons are told apart: 64 hexadecimal digits in a file of its own.

Another key is taken by moving the file away and running `huizong warehouse upgrade`: it makes a new
one and, with it, the pseudonyms of everything that is kept.
"""

import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile

from flows.configuration.settings import Site
from schemas.errors import SettingsError

_BYTES = 32


def person_key(site: Site) -> bytes:
    """The key of a site. Raises SettingsError when there is none, or a short one."""
    file = _file(site)
    try:
        key = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"the key {file}, by which persons are told apart, cannot be read: {error.strerror}; "
            "put it back, or have `huizong warehouse upgrade` make a new one"
        ) from None
    if len(key) < _BYTES:
        raise SettingsError(
            f"the key in {file} is too short; it needs {_BYTES} signs or more. Put the right one "
            "back, or move it away and have `huizong warehouse upgrade` make a new one"
        )
    return key.encode()


def has_person_key(site: Site) -> bool:
    """Whether a site has a key."""
    return _file(site).exists()


def make_person_key(site: Site) -> Path:
    """Make the key of a site that has none, which only its user reads; its file."""
    file = _file(site)
    with NamedTemporaryFile("w", dir=file.parent, prefix=file.name, delete=False) as new:
        new.write(f"{secrets.token_hex(_BYTES)}\n")
    # Whole or not at all, and never in the place of one that is there.
    os.link(new.name, file)
    os.unlink(new.name)
    return file


def _file(site: Site) -> Path:
    return site.folder / site.settings.person_key_file
