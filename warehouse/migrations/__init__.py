"""Migrations of the fixed tables. Form tables and views follow the scheme: see `upgrade`."""
