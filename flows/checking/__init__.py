"""Workbooks read and judged in processes of their own."""
