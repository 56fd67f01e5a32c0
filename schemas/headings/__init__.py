"""Where on a sheet each form stands, and which of its columns is which."""
