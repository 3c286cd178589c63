"""make archive, make backup and make restore, under load and with a server that is lost."""

from datetime import datetime

from config.backups.restoring import base_before, put_back
from config.backups.taking import ARCHIVE, STREAMING, keep_log, take_base
from tests.faults.stack import FaultStack
from tests.processes import Process, wait_until


class Backup:
    """A base backup of a stack, and every write since as it was streamed."""

    def __init__(self, stack: FaultStack) -> None:
        self.stack, self.server = stack, stack.postgres.server
        self.folder = stack.folder / "backups"
        command, environment = keep_log(self._url, self.folder)
        self.receiver = Process("receiver", command, env=environment, folder=stack.folder)

    @property
    def _url(self) -> str:
        return str(self.server.url_of("postgres"))

    def begin(self) -> None:
        """Stream the log of writes, then copy the data under way."""
        self.receiver.start()
        wait_until(lambda: self.stack.query(STREAMING), what="the stream")
        take_base(self._url, self.folder)

    def wait_until_streamed(self) -> None:
        """Wait until everything that is committed by now is in the archive."""
        self.stack.execute("SELECT pg_logical_emit_message(true, 'fault', 'mark')")
        ((upto,),) = self.stack.query("SELECT pg_current_wal_flush_lsn()::text")
        behind = (
            "SELECT 1 FROM pg_stat_replication WHERE application_name = 'pg_receivewal' AND flush_lsn >= %s"
        )
        wait_until(lambda: self.stack.query(behind, upto), what="the stream")

    def restore(self, *, until: datetime) -> None:
        """Put the base in the place of the data, and have PostgreSQL write again what came until then."""
        self.receiver.kill()
        base, archive = base_before(self.folder, until), self.folder / ARCHIVE
        put_back(base=base, archive=archive, data=self.server.data, until=until)
        self.stack.postgres.start()
        recovering = "SELECT pg_is_in_recovery()"
        wait_until(lambda: self.stack.query(recovering) == [(False,)], what="the end of recovery")
