"""The Celery app. The broker is only a nudge: the database holds the work (docs/adr/0002)."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, worker_init

from config.beat import CELERY_BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("threshold")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def tick_at_once(**_: Any) -> None:
    """Make beat's first round now, not after its first pause: /readyz waits for it."""
    nudge = CELERY_BEAT_SCHEDULE["nudge"]
    app.send_task(nudge["task"], **nudge["options"])


@celeryd_init.connect
def speak_plainly(**_: Any) -> None:
    """Load the worker's words, which no other process needs."""
    from config.last_words import use_own_words

    use_own_words(app)


@worker_init.connect
def share_memory_with_children(**_: Any) -> None:
    """Keep the garbage collector from touching, and so copying, what a worker's children share with it."""
    gc.collect()
    gc.freeze()
