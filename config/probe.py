"""Health checks of containers: `python -m config.probe web|dispatch|beat`; exit status 0 means healthy.

Django is not loaded: this runs every few seconds beside the process that it asks about.
"""

import os
import sys
from urllib.request import urlopen

import psycopg

from config import env

PATIENCE = 3  # seconds
OLDEST = {"dispatch": 30, "beat": 60}  # seconds since the last sign of life
QUERY = "SELECT now() - beaten_at <= make_interval(secs => %s) FROM jobs_heartbeat WHERE name = %s"


def web_answers() -> bool:
    """Tell whether this container's web process answers."""
    port = os.environ.get("GRANIAN_PORT", "8000")
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE) as answer:
        return bool(answer.status == 200)


def was_seen(name: str) -> bool:
    """Tell whether the process has left a sign of life in the database lately."""
    with psycopg.connect(env.text("DATABASE_URL"), connect_timeout=PATIENCE) as connection:
        found = connection.execute(QUERY, [OLDEST[name], name]).fetchone()
        return bool(found and found[0])


if __name__ == "__main__":
    asked = sys.argv[1]
    sys.exit(0 if (web_answers() if asked == "web" else was_seen(asked)) else 1)
