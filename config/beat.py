"""All schedules of Celery beat: there is one, and it only nudges.

What repeats says so itself, with `every=` in its app's tasks.py, and the dispatcher enqueues it whether beat
runs or not. Beat asks for the same through the broker and a worker, and so proves that both are alive:
/readyz shows its latest tick.
"""

from typing import Any

TICK = 10.0  # seconds

CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "nudge": {
        "task": "jobs.tasks.nudge",
        "schedule": TICK,
        "options": {"queue": "routine", "expires": 6 * TICK},  # nudges do not pile up while workers are away
    },
}
