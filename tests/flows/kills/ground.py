"""Sites that are alike in all but their place: the same scheme, returns and empty warehouse."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.databases import create_database, execute
from tests.flows.given import site_with

_EMPTY = "kills_empty"


@dataclass(frozen=True)
class Ground:
    """Where such sites are made; on a PostgreSQL server each has a database of its own."""

    blank: Path
    server: str | None

    def place(self, name: str) -> Path:
        """Where a site of this name is."""
        return self.blank.with_name(name)

    def site(self, name: str) -> Path:
        """Another site on which nothing has run yet."""
        site = self.place(name)
        shutil.copytree(self.blank, site, dirs_exist_ok=True)
        if self.server is not None:
            _settle(site, create_database(self.server, name, template=_EMPTY))
            # It is stopped at once in these tests, and what it has committed has to be there.
            execute(self.server, f"ALTER DATABASE {name} SET synchronous_commit = on")
        return site


def ground(folder: Path, scheme: Path, returns: Path, server: str | None) -> Ground:
    """Sites of a scheme with these returns in their inboxes."""
    blank = folder / "blank"
    blank.mkdir()
    (blank / "huizong.toml").write_text(f'scheme = "{scheme}"\n')
    if server is not None:
        _settle(blank, create_database(server, _EMPTY))
    return Ground(site_with(blank, scheme, returns), server)


def _settle(site: Path, url: str) -> None:
    """Say in the settings of a site which database is its own."""
    settings = site / "huizong.toml"
    others = [line for line in settings.read_text().splitlines() if "database_url" not in line]
    settings.write_text("\n".join([*others, f'database_url = "{url}"', ""]))
