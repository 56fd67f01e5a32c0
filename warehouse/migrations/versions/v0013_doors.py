"""The two doors to personal data, for who may not read the tables behind them: on PostgreSQL only.

Each writes down who reads, and why, before it tells anything; so not even a statement typed by
hand reads a person without a trace. SQLite has no roles, there `personal` does the same by itself.

Revision 0013.
"""

from alembic import op

revision = "0013"
down_revision = "0012"

_FILE = """
CREATE FUNCTION open_file(of_filing integer, reader text, reason text, moment timestamptz)
RETURNS TABLE (name varchar, content bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
    INSERT INTO personal_accesses (filing_id, line, read_by, why, read_at)
    VALUES (of_filing, 0, reader, reason, moment);
    RETURN QUERY
        SELECT s.name, s.content FROM submissions AS s JOIN filings AS f ON f.sha256 = s.sha256
        WHERE f.id = of_filing AND f.status <> 'accepted';
END $$
"""

_LINE = """
CREATE FUNCTION open_line(
    of_filing integer, of_line integer, reader text, reason text, moment timestamptz
) RETURNS TABLE (name text, value text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
    INSERT INTO personal_accesses (filing_id, line, read_by, why, read_at)
    VALUES (of_filing, of_line, reader, reason, moment);
    RETURN QUERY EXECUTE format(
        'SELECT e.key, e.value FROM personal.%I AS p, jsonb_each_text(to_jsonb(p)) AS e '
        'WHERE p.filing_id = $1 AND p.line = $2',
        'personal_' || (SELECT f.form FROM filings AS f WHERE f.id = of_filing)
    ) USING of_filing, of_line;
END $$
"""

_DOORS = {"open_file": _FILE, "open_line": _LINE}


def upgrade() -> None:
    """Make them, and let nobody in before the grants do."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for name, made in _DOORS.items():
        op.execute(made)
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")


def downgrade() -> None:
    """Undo it."""
    if op.get_bind().dialect.name == "postgresql":
        for name in _DOORS:
            op.execute(f"DROP FUNCTION {name}")
