"""A publication drawn into files: tables, lists, marked copies, open data and pages."""

from warehouse.publish.release import publish

__all__ = ["publish"]
