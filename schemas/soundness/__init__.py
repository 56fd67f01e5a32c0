"""Whether a scheme holds together: what every load checks, and what is solved besides."""
