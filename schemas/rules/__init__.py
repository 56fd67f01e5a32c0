"""What a form says must hold, compiled: formulas, checks and their words."""
