"""`python import_bundle.py USERNAME`, in the environment of a Superset, puts the dashboard into it.

HUIZONG_READER_URL says where the warehouse is, as a member of huizong_reader, with the password;
Superset keeps that encrypted. Everything that was imported before is replaced, and nothing else.
"""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

import yaml
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ArgumentError, DBAPIError

BUNDLE = Path(__file__).parent / "bundle"
EXAMPLE = "postgresql+psycopg2://USER:PASSWORD@HOST/DATABASE"


def contents(url: str) -> dict[str, str]:
    """The files of the bundle by their paths in it, with the connection put in."""
    found = {
        path.relative_to(BUNDLE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(BUNDLE.rglob("*.yaml"))
    }
    database = yaml.safe_load(found["databases/huizong.yaml"])
    found["databases/huizong.yaml"] = yaml.safe_dump(database | {"sqlalchemy_uri": url})
    return found


def require_contract(url: str) -> None:
    """End the program, saying why, where the contract cannot be read: every chart would fail."""
    try:
        engine = create_engine(url)
    except (ArgumentError, ModuleNotFoundError):
        sys.exit(f"HUIZONG_READER_URL is not like {EXAMPLE}")
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT contract_version FROM mart.contract"))
    except DBAPIError as error:
        sys.exit(f"the warehouse cannot be read as HUIZONG_READER_URL says: {error.orig}")
    finally:
        engine.dispose()


def import_as(username: str, files: dict[str, str]) -> None:
    """Import files as a user of the Superset of this environment."""
    try:
        from superset.app import create_app
    except ModuleNotFoundError as error:
        sys.exit(f"run this with the python of the environment that has Superset: {error}")
    with create_app().app_context():
        # These can be imported inside an application only.
        from superset import security_manager
        from superset.commands.importers.v1.assets import ImportAssetsCommand
        from superset.utils.core import override_user

        user = security_manager.find_user(username=username)
        if user is None:
            sys.exit(f"no user of Superset is called {username}")
        with override_user(user):
            ImportAssetsCommand(files).run()


def main(arguments: Sequence[str]) -> None:
    """Import as a user of Superset, who has to be one of its administrators."""
    parser = ArgumentParser(description="Put the dashboard of huizong into a Superset.")
    parser.add_argument("username", help="an administrator of Superset")
    username = parser.parse_args(arguments).username
    url = os.environ.get("HUIZONG_READER_URL")
    if not url:
        parser.error(f"set HUIZONG_READER_URL to {EXAMPLE}")
    require_contract(url)
    import_as(username, contents(url))
    sys.stdout.write("imported: /superset/dashboard/huizong/\n")


if __name__ == "__main__":
    main(sys.argv[1:])
