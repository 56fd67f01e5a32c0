"""The kinds of statement that GX has no expectation for, one per file."""
