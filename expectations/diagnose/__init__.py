"""Why a check probably fails: one mechanism per file, each proposing what would satisfy it.

Nothing here changes a value. A mechanism takes a record and the statements about it, and gives
proposals with the numbers that support them; equal answers are all given.
"""
