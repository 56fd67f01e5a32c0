"""What must hold: rules, suites compiled from the scheme, and what their failures mean."""

from expectations import seldom_used

seldom_used.put_off()  # here, as whatever imports GX imports this first
