"""Who may upload for which county: a token for each, of which only the digest is kept."""

import hmac
import json
import secrets
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path

from schemas.errors import SettingsError


def issue(file: Path, county: str) -> str:
    """A new token of a county, by its code; the one before is no longer good. It is shown once."""
    token = secrets.token_urlsafe(24)
    digests = {**_digests(file), county: _digest(token)}
    new = file.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(digests, indent=1), encoding="utf-8")
    new.replace(file)
    return token


def county_of(file: Path, token: str) -> str | None:
    """The code of the county whose token it is. Takes as long whatever is wrong with it."""
    given = _digest(token)
    found = None
    for county, digest in _digests(file).items():
        if hmac.compare_digest(digest, given):
            found = county
    return found


def counties(file: Path) -> Collection[str]:
    """The codes of the counties that have one. Raises SettingsError where the file is damaged."""
    return _digests(file).keys()


def _digests(file: Path) -> Mapping[str, str]:
    if not file.is_file():
        return {}
    try:
        read: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        raise SettingsError(
            f"{file} is damaged; take it from where passwords are kept, or move it away and make "
            "new tokens with `huizong token`"
        ) from None
    return read


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
