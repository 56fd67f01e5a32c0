"""Whether a warehouse is that of this code and scheme, asked before every look into it.

Comparing every table takes longer than most looks; the answer is what the last upgrade wrote down.
"""

from sqlalchemy import Connection, inspect, select

from warehouse.tables import upgrades

REVISION = "0014"
"""The newest revision of the fixed tables."""


def noted_scheme(connection: Connection) -> str | None:
    """The fingerprint of the scheme to which the last upgrade brought the warehouse; None where
    that was by other code.
    """
    if not inspect(connection).has_table(upgrades.name):
        return None
    newest = select(upgrades.c.revision, upgrades.c.scheme_fingerprint)
    last = connection.execute(newest.order_by(upgrades.c.id.desc()).limit(1)).first()
    return last.scheme_fingerprint if last is not None and last.revision == REVISION else None
