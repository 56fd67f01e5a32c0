"""The published contract: what dashboards may rely on.

`store` writes what a publication shows into tables that remember every edition of it; `contract`
is the views over them, which are all that readers see.
"""
