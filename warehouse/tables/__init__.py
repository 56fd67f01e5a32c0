"""The fixed tables of the warehouse. Form tables follow the scheme and are in `form_tables`.

What was received, decided and published is only ever added: everything but the dimensions has
triggers (`guards`) that refuse to delete or to alter it, but for what is written once, later:
when a file was read, and until when a filing counted.
"""

from warehouse.tables.base import metadata
from warehouse.tables.decided import closings, explanations, rejections, reviews, terms
from warehouse.tables.dimensions import forms, indicators, org_units, owed, periods
from warehouse.tables.filed import check_results, filings, findings, judgements, typed
from warehouse.tables.received import receipts, submissions
from warehouse.tables.told import notices, publications
from warehouse.tables.upkeep import (
    personal_accesses,
    pseudonym_keys,
    published_views,
    schemes,
    upgrades,
)

__all__ = [
    "check_results",
    "closings",
    "explanations",
    "filings",
    "findings",
    "forms",
    "indicators",
    "judgements",
    "metadata",
    "notices",
    "org_units",
    "owed",
    "periods",
    "personal_accesses",
    "pseudonym_keys",
    "publications",
    "published_views",
    "receipts",
    "rejections",
    "reviews",
    "schemes",
    "submissions",
    "terms",
    "typed",
    "upgrades",
]
