"""Django's PostgreSQL, for web processes with a pool: it says at once that the database is away."""
