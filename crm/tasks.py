"""The desk's durable work."""

from datetime import datetime, timedelta
from uuid import UUID

from crm.services.bank_holidays import close_on_bank_holidays
from crm.services.call_backs import remind_of_call_back
from crm.services.call_logs import drop_log, read_batch
from crm.services.ordering import reorder_everywhere, reorder_some
from crm.services.pauses import note_end_of_pause
from crm.services.phone_events import process_event
from crm.services.queues import return_lapsed_lease
from crm.services.sending import forget_sendings
from crm.services.shifts import end_shift
from crm.services.unattended import UNPLACED, UNREVIEWED, flag_unattended_leads
from jobs.durable import Postpone, durable_task


@durable_task(queue="routine", attempts=8, lease=30)
def return_lease(*, subject: UUID, at: datetime, **_: object) -> None:
    """Return the lead `subject` to its queue when its lease has run out; until then, come back later."""
    goes_on_until = return_lapsed_lease(lead_id=subject, at=at)
    if goes_on_until:
        raise Postpone(goes_on_until)


@durable_task(queue="routine", attempts=8, lease=30)
def end_of_shift(*, subject: UUID, at: datetime, **_: object) -> None:
    """Return what somebody still has when the shift `subject` has ended."""
    end_shift(shift_id=subject, at=at)


@durable_task(queue="urgent", attempts=3, lease=30, every=10)
def flag_unplaced(*, at: datetime, **_: object) -> None:
    """Tell staff of every lead that was not placed within a minute."""
    flag_unattended_leads(wait=UNPLACED, at=at)


@durable_task(queue="urgent", attempts=3, lease=30, every=10)
def flag_unreviewed(*, at: datetime, **_: object) -> None:
    """Tell staff of every lead in review before it has been there for a quarter of an hour."""
    flag_unattended_leads(wait=UNREVIEWED, at=at)


@durable_task(queue="urgent", attempts=5, lease=20)
def process_phone_event(*, subject: UUID, at: datetime, **_: object) -> None:
    """Make a call or a text of the stored message `subject` of a phone system."""
    process_event(event_id=subject, at=at)


@durable_task(queue="routine", attempts=8, lease=30)
def end_pause(*, subject: UUID, at: datetime, **_: object) -> None:
    """Say that the lead `subject` is back in its queue, and that its clock goes on."""
    note_end_of_pause(lead_id=subject, at=at)


@durable_task(queue="routine", attempts=8, lease=40)
def reorder_site(*, subject: UUID, at: datetime, **_: object) -> None:
    """Move the open leads of the site `subject` to where its weights put them, some thousand at a time."""
    if reorder_some(site=subject):
        raise Postpone(at + timedelta(seconds=1))


@durable_task(queue="routine", attempts=3, lease=40, every=86400)
def check_order(*, at: datetime, **_: object) -> None:
    """Find sites with a lead that does not stand where the weights put it, and have them put in order."""
    reorder_everywhere(at=at)


@durable_task(queue="routine", attempts=8, lease=40, every=86400)
def keep_bank_holidays(*, at: datetime, **_: object) -> None:
    """Enter the bank holidays of the next year at every site that keeps them."""
    close_on_bank_holidays(at=at)


@durable_task(queue="routine", attempts=3, lease=30, every=3600)
def forget_what_was_sent(*, at: datetime, **_: object) -> None:
    """Delete the notes of forms that no browser will send again."""
    forget_sendings(at=at)


@durable_task(queue="routine", attempts=8, lease=45)
def read_call_log(*, subject: UUID, at: datetime, **_: object) -> None:
    """Write down the next calls of the log `subject`."""
    read_batch(log_id=subject, at=at)


@durable_task(queue="routine", attempts=8, lease=30)
def drop_call_log(*, subject: UUID, at: datetime, **_: object) -> None:
    """Delete the log `subject` if nobody has had it read for a day."""
    drop_log(log_id=subject, at=at)


@durable_task(queue="routine", attempts=8, lease=30)
def remind_call_back(*, subject: UUID, at: datetime, **_: object) -> None:
    """Remind the desk of the call `subject`, if it is still to be made."""
    remind_of_call_back(call_back_id=subject, at=at)
