"""By which key persons are told apart.

Revision 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_COMMENT = "0 for all lines of the filing"


def upgrade() -> None:
    """Make the table, and say how it is noted that all of a filing was read."""
    op.create_table(
        "pseudonym_keys",
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column(
            "mark", sa.String(length=64), nullable=False, comment="tells one key from another"
        ),
        sa.ForeignKeyConstraint(["form"], ["forms.name"], name="fk_pseudonym_keys_form"),
        sa.PrimaryKeyConstraint("form", "indicator", name="pk_pseudonym_keys"),
        comment="去标识化密钥: one row per column of pseudonyms, by which key they were made",
    )
    _comment(_COMMENT)


def downgrade() -> None:
    """Undo it: pseudonyms are made from what is kept, and lose nothing."""
    _comment(None)
    op.drop_table("pseudonym_keys")


def _comment(words: str | None) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("personal_accesses", "line", comment=words)
