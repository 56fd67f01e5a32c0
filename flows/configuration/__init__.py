"""What a site is configured by: every setting once, and what may be wrong with it."""
