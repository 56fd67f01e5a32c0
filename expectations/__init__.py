"""What must hold: rules, suites compiled from the scheme, and what their failures mean."""
