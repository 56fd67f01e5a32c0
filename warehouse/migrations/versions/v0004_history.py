"""What is needed to show any night again: schemes as they were, closings, and full guards.

Revision 0004.
"""

import sqlalchemy as sa
from alembic import op

from warehouse import guards
from warehouse.migrations import first_guards
from warehouse.migrations.room import refuse_to_lose
from warehouse.migrations.versions import v0001_fixed_tables as first
from warehouse.migrations.versions import v0003_explanations_and_reviews as third
from warehouse.types import UtcDateTime

revision = "0004"
down_revision = "0003"

# What is written once, when a file is read and when a filing no longer counts, stays from then on.
_ONCE = {
    "submissions": ("recorded_at", "county_code", "period", "answers", "scheme_fingerprint"),
    "filings": ("accepted_to",),
    "terms": ("accepted_to",),
}
_KEPT = (
    *("receipts", "findings", "check_results", "explanations", "reviews", "publications"),
    *("upgrades", "schemes", "closings"),
)


def upgrade() -> None:
    """Make the tables, and put guards on every row that was received, decided or published."""
    first_guards.release(first.KEPT | third.KEPT)
    _schemes()
    _closings()
    op.add_column(
        "submissions",
        sa.Column("scheme_fingerprint", sa.String(), comment="of the scheme that read it"),
    )
    op.add_column(
        "publications",
        sa.Column("language", sa.String(), comment="null where made before it was noted"),
    )
    op.add_column(
        "publications",
        sa.Column("program", sa.String(), comment="version of huizong; null as above"),
    )
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute(guards.FUNCTION)
    for table in _KEPT:
        guards.keep_rows(connection, table)
    for table, columns in _ONCE.items():
        guards.keep_rows(connection, table, but_for=columns)
        guards.write_once(connection, table, columns, columns[0])


def downgrade() -> None:
    """Undo it, unless it would lose what stewards decided or how an earlier scheme was."""
    connection = op.get_bind()
    refuse_to_lose({"closings": 0, "schemes": 1}, down_revision)
    if connection.dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_rows() CASCADE")
    else:
        for name in guards.guarded(connection):
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table("closings")
    op.drop_table("schemes")
    op.drop_column("submissions", "scheme_fingerprint")
    op.drop_column("publications", "program")
    op.drop_column("publications", "language")
    first_guards.keep(first.KEPT | third.KEPT)


def _schemes() -> None:
    op.create_table(
        "schemes",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False, comment="all of it, as JSON"),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_schemes"),
        comment="制度版本: one row per scheme that the warehouse was ever brought to",
    )


def _closings() -> None:
    op.create_table(
        "closings",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column(
            "ordinal", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 …"
        ),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False, comment="the steward"),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ordinal >= 1", name="ck_closings_ordinal_from_one"),
        sa.CheckConstraint("action IN ('closed', 'reopened')", name="ck_closings_action_known"),
        sa.CheckConstraint(
            "(action = 'closed') = (ordinal % 2 = 1)", name="ck_closings_closed_then_reopened"
        ),
        sa.CheckConstraint("length(why) > 0", name="ck_closings_has_a_reason"),
        sa.CheckConstraint("length(decided_by) > 0", name="ck_closings_has_a_name"),
        sa.ForeignKeyConstraint(["period"], ["periods.id"], name="fk_closings_period"),
        sa.PrimaryKeyConstraint("period", "ordinal", name="pk_closings"),
        comment="关账: one row per time that a period was closed or reopened",
    )
