"""What every sheet that is written looks like, and what its cells accept."""
