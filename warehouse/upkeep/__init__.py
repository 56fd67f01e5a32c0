"""The warehouse itself: made, upgraded, backed up, restored, opened to its roles."""
