"""A publication drawn into files: tables, lists, marked copies, open data and pages."""

from warehouse.publish.release import publish, publish_again

__all__ = ["publish", "publish_again"]
