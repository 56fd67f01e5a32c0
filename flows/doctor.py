"""`huizong doctor`: is everything there that a night needs, and what to do where it is not."""

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from flows import tokens
from flows.channels import smtp
from flows.channels.open import channel
from flows.configuration.settings import Settings, Site
from flows.configuration.settings_faults import mistyped_variables
from flows.configuration.ways import AnyWay, Mail, Upload
from flows.console import OUTSIDE_ERRORS, reason
from flows.house import House, closing_houses, open_house
from schemas.errors import SettingsError

_LEAST_FREE_BYTES = 2 << 30
_CLOCK_MAY_DIFFER = timedelta(minutes=2)
_PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Check:
    """What was looked at, and what is wrong with it and what to do; None where it is in order."""

    what: str
    wrong: str | None = None


def examine(folder: Path) -> Iterator[Check]:
    """Look at everything, one thing after the other; nothing is changed or taken in."""
    yield _checked("versions", _require_versions)
    try:
        site = Site(folder)
    except SettingsError as error:
        yield Check("settings", str(error))
        return
    yield Check(
        f"settings {site.folder / 'huizong.toml'}", mistyped_variables(Settings.model_fields)
    )
    yield _checked("secrets are nobody else's", lambda: _require_private(site))
    yield _checked("disk", lambda: _require_space(site))
    yield _checked("published folder", lambda: _require_writable(site.published))
    yield from _ways_out(site)
    with closing_houses():
        try:
            house = open_house(str(site.folder))
        except OUTSIDE_ERRORS as error:
            yield Check("scheme and warehouse", reason(error))
            return
        yield _checked("scheme and warehouse", lambda: _require_writable_warehouse(house))
        yield _checked("clock", lambda: _require_clock(house))
        yield from _channels(house)


def _checked(what: str, require: Callable[[], None]) -> Check:
    try:
        require()
    except OUTSIDE_ERRORS as error:
        return Check(what, reason(error))
    return Check(what)


def _require_versions() -> None:
    """What huizong was tested with is what is installed."""
    wrong = []
    for stated in requires("huizong") or ():
        needed = Requirement(stated)
        if needed.marker is not None and not needed.marker.evaluate({"extra": ""}):
            continue
        with suppress(PackageNotFoundError):
            if needed.specifier.contains(version(needed.name)):
                continue
        wrong.append(str(needed))
    if wrong:
        raise SettingsError(
            f"not installed as needed: {', '.join(wrong)}; install from requirements.lock again"
        )


def _require_private(site: Site) -> None:
    tables = (site.settings, *site.settings.channels, *site.settings.tell, site.settings.mail)
    named = [
        path
        for table in tables
        if table is not None
        for name, path in table
        if isinstance(path, Path) and name in _SECRETS
    ]
    for path in (site.folder / path for path in named):
        if not path.is_file():
            raise SettingsError(f"there is no file {path}; write the secret into it")
        if path.stat().st_mode & 0o077:
            raise SettingsError(f"others may read {path}; run `chmod 600 {path}`")


_SECRETS = frozenset(
    {"password_file", "key_file", "webhook_file", "secret_file", "person_key_file"}
)


def _require_space(site: Site) -> None:
    free = shutil.disk_usage(site.folder).free
    if free < _LEAST_FREE_BYTES:
        raise SettingsError(
            f"{free >> 20} MiB are free at {site.folder}; a night wants {_LEAST_FREE_BYTES >> 20}. "
            "Make room, for instance by moving old publications elsewhere"
        )


def _require_writable(published: Path) -> None:
    """Also the folder of each period: who typed a command as root has left some to root."""
    for folder in (published, *(path for path in published.iterdir() if path.is_dir())):
        probe = folder / ".doctor"
        probe.touch()
        probe.unlink()


def _require_writable_warehouse(house: House) -> None:
    from warehouse.engine import require_writable

    require_writable(house.engine)


def _require_clock(house: House) -> None:
    from warehouse.engine import reading
    from warehouse.stewards.due import last_moment

    with reading(house.engine) as connection:
        last = last_moment(connection)
    if last is not None and last > datetime.now(UTC) + _CLOCK_MAY_DIFFER:
        raise SettingsError(
            f"the clock says {datetime.now(UTC):%Y-%m-%d %H:%M} UTC and the warehouse already has "
            f"something of {last:%Y-%m-%d %H:%M}; set the clock, and have it kept by NTP"
        )


def _channels(house: House) -> Iterator[Check]:
    inbox = house.site.inbox
    yield Check("inbox", None if inbox.is_dir() else f"{inbox} is no folder; make or mount it")
    for way in house.site.settings.channels:
        yield _checked(f"channel {way.name}", partial(_require_answer, house, way))
    if (upload := house.site.settings.upload) is not None:
        yield _checked("upload page", partial(_require_upload, house.site, upload))


def _require_upload(site: Site, way: Upload) -> None:
    """Somebody has a token, and the page answers."""
    if not tokens.counties(site.folder / way.tokens_file):
        raise SettingsError("no county has a token; make one with `huizong token COUNTY`")
    try:
        socket.create_connection((way.host, way.port), _PATIENCE_SECONDS).close()
    except OSError as error:
        raise SettingsError(
            f"nothing answers at {way.host}:{way.port} ({error.strerror or error}); start "
            "`huizong upload`, or take [upload] out of huizong.toml"
        ) from None


def _require_answer(house: House, way: AnyWay) -> None:
    """The other side lets us in and shows what stands there; nothing is fetched."""
    source = channel(way, house.site, house.scheme)
    with source.talking():
        source.look()


def _ways_out(site: Site) -> Iterator[Check]:
    if site.settings.mail is not None:
        yield _checked("mail", partial(_require_mail, site, site.settings.mail))
    for contact in site.settings.tell:
        if contact.webhook_file is not None:
            require = partial(_require_webhook, site, contact.webhook_file)
            yield _checked(f"webhook of {contact.name}", require)


def _require_mail(site: Site, way: Mail) -> None:
    """The mail server lets us in; nothing is sent."""
    password = None if way.password_file is None else site.secret(way.password_file)
    smtp.knock(way, password)


def _require_webhook(site: Site, address_file: Path) -> None:
    """What stands behind the address answers; no message is posted."""
    from flows.channels import webhook  # takes a while to import

    webhook.knock(site.secret(address_file))
