"""What is typed into a cell: its value, its precision, and what was understood of it."""
