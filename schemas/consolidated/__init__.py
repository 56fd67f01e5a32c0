"""The columns of consolidated tables, and figures worked out of lines."""
