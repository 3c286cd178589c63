"""The whole product for the fault suite: servers, processes, a mail server, and ways to break each."""

import json
import os
import secrets
import signal
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psutil
import redis

from bench.stack import ROOT, Stack
from jobs.enums import JobQueue
from tests.faults.errands import Errands
from tests.faults.ledger import Enquiry, send
from tests.faults.length import LONG
from tests.faults.mail import MailServer
from tests.faults.moments import ORPHAN
from tests.faults.peers import Peers
from tests.processes import Process, wait_until
from vault.keysets import new_keysets

SKEWED = str(Path(__file__).parent / "skewed")
SPAN = 60 if LONG else 10  # seconds that a load lasts
PHONE = "01632 960 180"  # of the demo's site

OPEN_WORK = """
    SELECT (SELECT count(*) FROM intake_enquiry WHERE lead_id IS NULL)
         + (SELECT count(*) FROM jobs_job
            WHERE done_at IS NULL AND dead_at IS NULL AND kind = 'intake.tasks.place_lead')
         + (SELECT count(*) FROM jobs_job JOIN notifications_message message ON message.id = jobs_job.subject
            WHERE done_at IS NULL AND dead_at IS NULL AND message.state = 'QUEUED'
              AND message.why <> 'RecipientLimit')  -- that one waits for an hour, as it should
"""
# Whoever answered has not called since: in the middle of another test the alert would begin anew.
FORGET_ANSWERS = "DELETE FROM jobs_job WHERE kind = 'crm.tasks.check_answer' AND done_at IS NULL"
ENQUEUE = """
    INSERT INTO jobs_job
        (id, kind, queue, subject, dedupe_key, due_at, publish_at, attempts, error_class, created_at)
    SELECT subject, %s, %s, subject, subject::text, now(), now(), 0, '', now()
    FROM unnest(%s::uuid[]) AS subject
"""


class FaultStack(Stack):
    """A stack that alerts staff by real mail. `people` holds session cookies (tests/faults/prepare.py)."""

    def __init__(self) -> None:
        self.people: dict[str, Any] = {}
        self.broken_since = ""  # the test after which it could not be mended
        super().__init__(settings="tests.faults.settings")
        self.errands = Errands(env=self.environment, folder=str(ROOT))

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """Do it in a process that has loaded everything; with another environment, as a Stack does."""
        return super().run(*arguments, env=env) if env else self.errands.run(arguments)

    def prepare(self) -> None:
        self.people = json.loads(self.run("-m", "tests.faults.prepare"))
        self.mail.start()
        self.peers.start()

    def mend(self) -> None:
        """Bring everything back to work, and end every alert that goes on."""
        self.revive()
        self.answer_alerts()

    def revive(self) -> None:
        """Start what is down, continue what was stopped, and wait until everything is at work."""
        self.mail.behave("accept")
        self.peers.always(None)
        self.peers.break_tls(False)
        for left in self.moments.iterdir():
            left.unlink(missing_ok=True)  # whoever comes there may take it away now
        for server in (self.postgres, self.valkey):
            _continue(server.pid) if server.is_alive() else server.start()
        for process in [self.mail.process, *self.processes.values()]:
            _continue(process.pid) if process.is_alive() else process.start()
        self.wait_for_web()
        self.wait_for_workers()

    def answer_alerts(self) -> None:
        """End every alert that goes on, for good."""
        super().answer_alerts()
        self.execute(FORGET_ANSWERS)

    def warm_up(self) -> None:
        """Have every process do once what it will be asked for, and wait until that is done."""
        for number in range(8):
            one = send(self.port, Enquiry(urgent=number % 2 == 0))
            assert one.accepted, f"not accepted with nothing broken: {one.statuses[-1:]}"
        self.heal()
        self.answer_alerts()

    def stop_processes(self) -> None:
        """Kill them: nothing of this stack is wanted any more."""
        for process in [*self.processes.values(), self.mail.process]:
            process.kill()
        self.errands.stop()
        self.peers.stop()

    @property
    def broker(self) -> "redis.Redis[bytes]":
        """Return a client of the broker's database."""
        return redis.Redis.from_url(f"{self.valkey.server.url}/0", socket_timeout=20)

    def stop_broker(self) -> None:
        """Stop Valkey without letting it save anything."""
        self.broker.shutdown(nosave=True)
        wait_until(lambda: not self.valkey.is_alive(), what="the end of Valkey")

    def freeze_broker(self) -> None:
        """Keep Valkey from doing anything; its connections stay open."""
        os.kill(self.valkey.pid, signal.SIGSTOP)

    def thaw_broker(self) -> None:
        os.kill(self.valkey.pid, signal.SIGCONT)

    def published(self) -> int:
        """Return how many jobs wait in the broker."""
        waiting = [
            raw for queue in JobQueue.values for raw in self.broker.lrange(f"threshold:{queue}", 0, -1)
        ]
        return sum(len(json.loads(b64decode(json.loads(raw)["body"]))[0]) for raw in waiting)

    def restart(self, name: str) -> None:
        """Kill a process with everything that it started, and start it again, as a supervisor does."""
        self.processes[name].kill()
        self.processes[name].start()

    def pool_children(self, name: str) -> list[psutil.Process]:
        """Return the children of a Celery worker."""
        return self.processes[name].children()

    def second(self, name: str) -> Process:
        """Start another one of a process of the Procfile. The caller kills it."""
        first = self.processes[name]
        return Process(f"{name}-2", first.command, env=first.env, folder=self.folder).start()

    def tell_by(self, people: Mapping[str, Mapping[str, str]], *, first: Sequence[str]) -> None:
        """Give people ways besides e-mail; alerts go by the `first` ones at first."""
        self.run("-m", "tests.faults.ways", json.dumps({"ways": people, "first": first}))

    def tell_at(self, moment: str, what: str) -> None:
        """Have the next process that comes to a moment (tests/faults/moments.py) die, or wait."""
        draft = self.moments / "new"
        draft.write_text(what)
        draft.rename(self.moments / moment)

    def is_armed(self, moment: str) -> bool:
        """Return whether no process has come there yet."""
        return (self.moments / moment).exists()

    def is_held(self, moment: str) -> bool:
        """Return whether a process waits there; `release` lets it go on."""
        return (self.moments / f"{moment}.held").exists()

    def release(self, moment: str) -> None:
        (self.moments / f"{moment}.held").unlink()

    def take_orphans(self) -> list[UUID]:
        """Return the jobs that processes had in their hands which died at a moment, each once."""
        files = list(self.moments.glob(f"*{ORPHAN}"))
        for file in files:
            file.unlink()
        return [UUID(file.stem) for file in files]

    def restart_dead(self) -> None:
        """Start every process that has ended, as a supervisor does."""
        for process in self.processes.values():
            if not process.is_alive():
                process.start()

    def skewed(self, name: str, faketime: str, by: str) -> Process:
        """Start another one of a process, with a clock that is wrong by as much. The caller kills it."""
        first = self.processes[name]
        command = [faketime, "--exclude-monotonic", "-f", by, *first.command]
        env = first.env | {"PYTHONPATH": SKEWED}
        return Process(f"{name}{by}", command, env=env, folder=self.folder).start()

    def enqueue(self, kind: str, queue: str, count: int) -> list[UUID]:
        """Write jobs that are due now, straight into the table."""
        subjects = [uuid4() for _ in range(count)]
        self.enqueue_about(subjects, kind, queue)
        return subjects

    def enqueue_about(self, subjects: Sequence[UUID], kind: str, queue: str) -> None:
        """Write a job for each of them; its own id is the same."""
        self.execute(ENQUEUE, kind, queue, list(subjects))

    def marks(self, subjects: Iterable[UUID]) -> list[int]:
        """Return how many marks each subject has (tests/faults/tasks.py)."""
        (names,) = self.query("SELECT array_agg(name) FROM jobs_heartbeat")[0]
        return [sum(name.startswith(subject.hex[:20]) for name in names) for subject in subjects]

    def all_placed(self) -> bool:
        """Return whether no lead waits to be placed."""
        return not self.query("SELECT 1 FROM crm_lead WHERE placed_at IS NULL LIMIT 1")

    def open_work(self) -> int:
        """Return how many enquiries have no lead, and how many placings and messages are not done."""
        return int(self.query(OPEN_WORK)[0][0])

    def heal(self, *, seconds: float = 120) -> float:
        """Wait until everything is placed and sent; return how many seconds that took."""
        return wait_until(lambda: not self.open_work(), seconds=seconds, what="the end of all work")

    def _process(self, name: str, command: str) -> Process:
        """Short: hardly nicer than other tests, which leave little to whoever is as nice as a worker."""
        return super()._process(name, command if LONG else command.replace("nice -n 5", "nice -n 1"))

    def _environment(self, settings: str) -> dict[str, str]:
        self.mail, self.peers = MailServer(self.folder), Peers(self.folder)
        self.moments = self.folder / "moments"
        self.moments.mkdir()
        return super()._environment(settings) | {
            "SECRET_KEY": secrets.token_hex(),
            "VAULT_KEYSETS": new_keysets(),
            "EMAIL_CHANNEL": "smtp",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mail.port),
            "CELERY_SKIP_CHECKS": "1",
            "MOMENTS": str(self.moments),
            **self.peers.environment(),
        }


def _continue(leader: int) -> None:
    """Let a process and everything in its group run again."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGCONT)
