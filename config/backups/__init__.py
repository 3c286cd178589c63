"""Backups of the database: the log of writes, base backups, and the way back to a point in time.

docs/runbooks/backups.md says when to use what. The keys are in none of it.
"""
