"""Ways in: one file per channel. A channel yields what has arrived, and moves it once kept."""
