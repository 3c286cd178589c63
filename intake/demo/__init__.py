"""Demo data: fictional people whose enquiries go through the real rules, with a past of 90 days."""
