"""What is published of areas of counties, with small counts kept back.

Revision 0012.
"""

import sqlalchemy as sa
from alembic import op

from warehouse.migrations.editions import edition, keep_editions, of_county
from warehouse.types import ExactDecimal

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the table, and the triggers that keep editions as they were published."""
    op.create_table(
        "published_areas",
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("county_code", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False, comment="empty for small ones together"),
        sa.Column("attribute", sa.String(), nullable=False, comment="empty where all are counted"),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        *edition(),
        sa.Column("label_zh", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column(
            "value",
            ExactDecimal(precision=24, scale=6),
            comment="null where it is kept back, as it is small",
        ),
        *of_county("published_areas"),
        sa.PrimaryKeyConstraint(
            "form",
            "period",
            "county_code",
            "area",
            "attribute",
            "code",
            "measure",
            "serial",
            name="pk_published_areas",
        ),
        comment="发布的乡镇计数: one row per count of an area of a county, and edition of it",
    )
    stands = sa.text("until_serial IS NULL")
    op.create_index(
        "ix_published_areas_standing",
        "published_areas",
        ["period", "form", "county_code"],
        unique=False,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    keep_editions("published_areas")


def downgrade() -> None:
    """Undo it: counts are made anew by the next publications."""
    op.drop_table("published_areas")
