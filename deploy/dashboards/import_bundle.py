"""`python import_bundle.py USERNAME`, in the environment of a Superset, puts the dashboard into it.

HUIZONG_READER_URL says where the warehouse is, as a member of huizong_reader, with the password;
Superset keeps that encrypted. Everything that was imported before is replaced, and nothing else.
"""

import os
import sys
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


def main(username: str) -> None:
    """Import as this user of Superset, who has to be one of its administrators."""
    with create_app().app_context():
        # These can be imported inside an application only.
        from superset import security_manager
        from superset.commands.importers.v1.assets import ImportAssetsCommand
        from superset.utils.core import override_user

        user = security_manager.find_user(username=username)
        if user is None:
            sys.exit(f"no user of Superset is called {username}")
        with override_user(user):
            ImportAssetsCommand(contents(os.environ["HUIZONG_READER_URL"])).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
