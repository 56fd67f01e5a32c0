"""From a site's settings to its ways in."""

from typing import assert_never

from flows.channels.arrival import Channel
from flows.channels.place import Habits
from flows.configuration.settings import Site
from flows.configuration.ways import (
    AnyWay,
    FolderPlace,
    Mailbox,
    Place,
    SftpPlace,
    StorePlace,
    WebdavPlace,
)
from flows.counties import find_county
from schemas.models import Scheme


def channel(way: AnyWay, site: Site, scheme: Scheme) -> Channel:
    """A way in, as set up. Raises SettingsError or SchemeError for what its settings name wrongly.

    The library of a kind is imported where a site uses it.
    """
    match way:
        case FolderPlace():
            from flows.channels import folder

            return folder.channel(way.name, site.folder / way.path, _habits(way, site, scheme))
        case SftpPlace():
            from flows.channels import sftp

            password = site.secret(way.password_file) if way.password_file else None
            return sftp.channel(way, site.folder, password, _habits(way, site, scheme))
        case WebdavPlace():
            from flows.channels import webdav

            password = site.secret(way.password_file)
            return webdav.channel(way, password, _habits(way, site, scheme))
        case StorePlace():
            from flows.channels import store

            return store.channel(way, _habits(way, site, scheme))
        case Mailbox():
            from flows.channels.imap import MailboxChannel

            senders = {
                address.lower(): find_county(scheme, county).name.in_(scheme.language)
                for address, county in way.senders.items()
            }
            return MailboxChannel(way, site.secret(way.password_file), senders)
    assert_never(way)


def _habits(way: Place, site: Site, scheme: Scheme) -> Habits:
    county = find_county(scheme, way.sender) if way.sender else None
    return Habits(
        site.settings.quiet_seconds,
        county.name.in_(scheme.language) if county else None,
        way.moved_to,
        same_clock=isinstance(way, FolderPlace),
    )
