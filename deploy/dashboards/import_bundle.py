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
from superset.app import create_app

BUNDLE = Path(__file__).parent / "bundle"


def contents(url: str) -> dict[str, str]:
    """The files of the bundle by their paths in it, with the connection put in."""
    found = {
        path.relative_to(BUNDLE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(BUNDLE.rglob("*.yaml"))
    }
    database = yaml.safe_load(found["databases/huizong.yaml"])
    found["databases/huizong.yaml"] = yaml.safe_dump(database | {"sqlalchemy_uri": url})
    return found


def main(arguments: Sequence[str]) -> None:
    """Import as a user of Superset, who has to be one of its administrators."""
    parser = ArgumentParser(description="Put the dashboard of huizong into a Superset.")
    parser.add_argument("username", help="an administrator of Superset")
    username = parser.parse_args(arguments).username
    url = os.environ.get("HUIZONG_READER_URL")
    if url is None:
        parser.error("set HUIZONG_READER_URL to postgresql+psycopg2://USER:PASSWORD@HOST/DATABASE")
    with create_app().app_context():
        # These can be imported inside an application only.
        from superset import security_manager
        from superset.commands.importers.v1.assets import ImportAssetsCommand
        from superset.utils.core import override_user

        user = security_manager.find_user(username=username)
        if user is None:
            sys.exit(f"no user of Superset is called {username}")
        with override_user(user):
            ImportAssetsCommand(contents(url)).run()


if __name__ == "__main__":
    main(sys.argv[1:])
