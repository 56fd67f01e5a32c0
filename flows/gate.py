"""The upload page as a server of its own, and the tokens that open it."""

from pathlib import Path

from flows import tokens
from flows.configuration.settings import Site
from flows.configuration.ways import Upload
from flows.counties import find_county
from flows.desk.show import print_opened
from flows.house import closing_houses, open_house
from schemas.errors import SettingsError


def serve(folder: Path) -> None:
    """Serve the page until Ctrl-C or SIGTERM. Raises SettingsError without an [upload] table."""
    import uvicorn

    from flows.channels.upload import app
    from flows.checking import reading
    from flows.console import log_of_a_service

    site = Site(folder)
    settings = _settings(site)
    log_of_a_service(site.settings.log_format)
    with closing_houses():
        house = open_house(str(folder.resolve()))
        reading.children.prepare()
        print_opened(house.site, f"http://{settings.host}:{settings.port}/")
        uvicorn.run(
            app(house),
            host=settings.host,
            port=settings.port,
            log_config=None,  # it is the one just set up
            log_level="warning",
            server_header=False,
            forwarded_allow_ips="127.0.0.1",
        )


def issue(folder: Path, county: str) -> str:
    """A new token of a county by code or name."""
    site = Site(folder)
    unit = find_county(site.load_scheme(), county)
    return tokens.issue(site.folder / _settings(site).tokens_file, unit.code)


def _settings(site: Site) -> Upload:
    if site.settings.upload is None:
        raise SettingsError(
            "there is no [upload] table in huizong.toml; an empty one is enough to begin with"
        )
    return site.settings.upload
