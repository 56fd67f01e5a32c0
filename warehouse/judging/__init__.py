"""What became of filings and findings: versions, verdicts, explanations, closed periods."""
