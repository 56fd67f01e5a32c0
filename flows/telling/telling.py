"""Telling people: who is to be told what, and carrying it to them, once.

An attempt is noted before it is made. A run that is cut off in between leaves a note that nobody
knows whether it arrived: it is not made again, and the next morning report says so.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flows.configuration.settings import Settings, Site
from flows.configuration.ways import Contact
from flows.counties import find_county
from flows.house import House
from flows.message import Attachment, Message, Send, UncertainError
from flows.telling import letters
from flows.telling.owing import missing
from flows.telling.report import NightReport
from schemas.errors import HuizongError
from schemas.models import OrgUnit
from warehouse import notices
from warehouse.engine import reading as looking
from warehouse.notices import Notice
from warehouse.stewards.news import disagreeing, news, turned_away

STEWARDS = "stewards"


@dataclass(frozen=True)
class Telling:
    """What a contact is to be told."""

    notice: Notice
    message: Message


def of_returns(house: House, at: datetime) -> Iterator[Telling]:
    """What each county is to be told after a night: what became of its returns."""
    for contact, county in of_counties(house):
        with looking(house.engine) as connection:
            since = notices.told_until(connection, "returns", contact.name)
            files = news(connection, county.code, since, at)
            overtaken = disagreeing(connection, county.code, since, at)
        if files or overtaken:
            periods = {form.period for file in files for form in file.forms}
            lists = _lists(house, county, periods.union(each.period for each in overtaken))
            links = [link for path in lists if (link := _link(house, path))]
            subject, text = letters.of_returns(
                house.scheme, county, files, overtaken, links, house.language
            )
            attached = [_attachment(house, path) for path in lists if contact.attach]
            notice = Notice("returns", at.isoformat(), contact.name, at)
            yield Telling(notice, Message(subject, text, tuple(attached)))


def of_night(house: House, report: NightReport, at: datetime) -> Iterator[Telling]:
    """What stewards are to be told after a night: the whole, and whom it could not tell."""
    zone = ZoneInfo(house.site.settings.schedule_timezone)
    for contact in stewards(house.site.settings):
        with looking(house.engine) as connection:
            since = notices.told_until(connection, "night", contact.name)
            strangers = news(connection, None, since, at)
            not_open = turned_away(connection, since, at)
            # What this night has begun itself is in the next report.
            begun = notices.uncertain(connection, since, at)
            unsure = [f"{each.recipient}: {each.kind}" for each in begun]
        told_today = since is not None and (
            since.astimezone(zone).date() == at.astimezone(zone).date()
        )
        if report.nothing_new and told_today and not report.after_cut_off:
            continue
        files = [*strangers, *not_open]
        periods = [each.period for each in report.published]
        subject, text = letters.of_night(
            house.scheme,
            report,
            files,
            unsure,
            missing(house, at, periods),
            _pages(house, periods),
            house.language,
        )
        notice = Notice("night", at.isoformat(), contact.name, at)
        yield Telling(notice, Message(subject, text))


def tell(house: House, telling: Telling) -> bool:
    """Tell a contact something, unless it was told before; whether it was told now.

    Raises ChannelError for what somebody has to put right and OSError for what may pass; both are
    noted, and the same thing can be told again. Raises UncertainError where it cannot.
    """
    notice = telling.notice
    (contact,) = [each for each in house.site.settings.tell if each.name == notice.recipient]
    send = way_to(house.site, contact)
    with house.engine.begin() as connection:
        if not notices.begin(connection, notice, house.moment()):
            return False
    try:
        send(telling.message)
    except UncertainError:
        raise
    except (HuizongError, OSError) as error:
        with house.engine.begin() as connection:
            notices.failed(connection, notice, house.moment(), str(error))
        raise
    with house.engine.begin() as connection:
        notices.delivered(connection, notice, house.moment())
    return True


def stewards(settings: Settings) -> Iterator[Contact]:
    """Those who are told of the whole."""
    return (contact for contact in settings.tell if contact.who == STEWARDS)


def of_counties(house: House) -> Iterator[tuple[Contact, OrgUnit]]:
    """Those who are told of a county, with the county."""
    for contact in house.site.settings.tell:
        if contact.who != STEWARDS:
            yield contact, find_county(house.scheme, contact.who)


def _lists(house: House, county: OrgUnit, periods: AbstractSet[str]) -> list[Path]:
    """The county's lists in the latest publications of some periods."""
    return [
        path
        for period in sorted(periods)
        for path in (house.site.published / period / "latest").glob(
            f"counties/{county.code}-*/discrepancies.xlsx"
        )
    ]


def _pages(house: House, periods: Iterable[str]) -> Mapping[str, str]:
    """Where the latest publications of some periods can be seen."""
    root = house.site.published
    links = {each: _link(house, root / each / "latest" / "index.html") for each in periods}
    return {period: link for period, link in links.items() if link is not None}


def _attachment(house: House, path: Path) -> Attachment:
    period = path.relative_to(house.site.published).parts[0]
    return Attachment(f"{path.parent.name}-{period}-{path.name}", path.read_bytes())


def _link(house: House, path: Path) -> str | None:
    root = house.site.settings.published_url
    within = path.relative_to(house.site.published).as_posix()
    return None if root is None else f"{root.rstrip('/')}/{quote(within)}"


def way_to(site: Site, contact: Contact) -> Send:
    """How a contact is told. Raises SettingsError where a file with a secret cannot be read."""
    secret = site.secret(contact.secret_file) if contact.secret_file else None
    if contact.webhook_file is not None:
        from flows.channels import webhook

        address = site.secret(contact.webhook_file)
        return partial(webhook.send, address, contact.style, secret)
    from flows.channels import smtp

    mail = site.settings.mail
    assert mail is not None  # the settings require it
    password = site.secret(mail.password_file) if mail.password_file else None
    return partial(smtp.send, mail, password, contact.mail)
