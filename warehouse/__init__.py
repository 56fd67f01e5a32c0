"""What is kept and shown: submissions, filings, findings, consolidated tables, publications."""
