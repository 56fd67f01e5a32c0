"""The triggers that revisions 0001 and 0003 made, as they made them; 0004 replaced them all."""

from collections.abc import Mapping

from alembic import op


def keep(tables: Mapping[str, str]) -> None:
    """Refuse to delete rows of tables, and to alter those of their columns that are named."""
    for table, columns in tables.items():
        _forbid(table, "delete", f"BEFORE DELETE ON {table}")
        _forbid(table, "update", f"BEFORE UPDATE OF {columns} ON {table}")


def release(tables: Mapping[str, str]) -> None:
    """Take the triggers of tables away."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in tables:
        for action in ("delete", "update"):
            name = f"keep_{table}_{action}"
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP FUNCTION {name}() CASCADE")


def _forbid(table: str, action: str, when: str) -> None:
    told = f"{table} are kept as they are: no {action}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER keep_{table}_{action} {when} BEGIN SELECT RAISE(ABORT, '{told}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION keep_{table}_{action}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{told}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER keep_{table}_{action} {when} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_{table}_{action}()"
    )
