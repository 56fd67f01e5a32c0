"""The lines of filings in the database, with those of persons behind pseudonyms."""
