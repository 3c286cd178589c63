"""The front door's durable work."""

from datetime import datetime
from uuid import UUID

from intake.services import audit, canary, drafts, import_rows, lead_imports, placement, repair, replays
from jobs.durable import durable_task


@durable_task(queue="urgent", attempts=8, lease=10)
def place_lead(*, subject: UUID, at: datetime, **_: object) -> None:
    """Place the lead of the enquiry `subject`."""
    placement.place_lead(enquiry_id=subject, at=at)


@durable_task(queue="urgent", attempts=3, lease=30, atomic=False, every=5)
def link_stranded_enquiries(*, subject: None, at: datetime, **_: object) -> None:
    """Repair enquiries whose second transaction failed."""
    repair.link_stranded_enquiries(at=at)


@durable_task(queue="urgent", attempts=3, lease=30, every=30)
def alert_of_stranded_enquiries(*, subject: None, at: datetime, **_: object) -> None:
    """Tell staff of enquiries that cannot be repaired."""
    repair.alert_of_stranded_enquiries(at=at)


@durable_task(queue="routine", attempts=3, lease=30, every=300)
def delete_expired_drafts(*, subject: None, at: datetime, **_: object) -> None:
    """Delete unsent answers whose time is over."""
    drafts.delete_expired_drafts(at=at)


@durable_task(queue="reports", attempts=5, lease=40)
def replay_rules(*, subject: UUID, at: datetime, **_: object) -> None:
    """Try the rules of the replay `subject` on its next leads."""
    replays.replay_batch(replay_id=subject, at=at)


@durable_task(queue="routine", attempts=8, lease=45, atomic=False)
def work_on_import(*, subject: UUID, at: datetime, **_: object) -> None:
    """Do the next rows of the list `subject`."""
    import_rows.work_on_list(batch_id=subject, at=at)


@durable_task(queue="routine", attempts=8, lease=30)
def drop_unfinished_import(*, subject: UUID, at: datetime, **_: object) -> None:
    """Delete the list `subject` if nobody has gone on with it for a day."""
    lead_imports.drop_list(batch_id=subject, at=at)


@durable_task(queue="alerts", attempts=3, lease=30, atomic=False, every=20)
def run_audit(*, subject: None, at: datetime, **_: object) -> None:
    """Ask whether all is well, and say so outside. Not in the urgent queue: the heartbeat may hang."""
    audit.run_audit(at=at)


@durable_task(queue="alerts", attempts=3, lease=30, atomic=False, every=60)
def send_canary(*, subject: None, at: datetime, **_: object) -> None:
    """Send an enquiry of our own, if it is time for one. Not in the urgent queue: a web server may hang."""
    canary.send_canary(at=at)


@durable_task(queue="urgent", attempts=8, lease=10)
def follow_canary(*, subject: UUID, at: datetime, **_: object) -> None:
    """See how far the enquiry of our own has come that the run `subject` sent."""
    canary.follow_canary(run_id=subject, at=at)


@durable_task(queue="reports", attempts=3, lease=45, atomic=False, every=3600)
def delete_old_findings(*, subject: None, at: datetime, **_: object) -> None:
    """Delete what enquiries of our own left behind some days ago, and what the auditor found."""
    canary.delete_old_canaries(at=at)
    audit.delete_old_audits(at=at)
