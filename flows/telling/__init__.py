"""Who is told what: reports, letters, reminders, figures for the monitoring."""
