"""The desk's durable work."""

from datetime import datetime, timedelta
from uuid import UUID

from crm.reports.day_summary import day_lines
from crm.selectors.day_summaries import due_summary
from crm.services.alarm_watch import watch_over_desk
from crm.services.bank_holidays import close_on_bank_holidays
from crm.services.call_backs import remind_of_call_back
from crm.services.call_logs import drop_log, read_batch
from crm.services.day_summaries import plan_day_summaries, send_day_summary
from crm.services.escalating import run_step, sweep_escalations
from crm.services.late_prebooked import tell_of_uncalled_leads
from crm.services.old_news import forget_old_news
from crm.services.ordering import reorder_everywhere, reorder_some
from crm.services.pauses import note_end_of_pause
from crm.services.phone_events import process_event
from crm.services.queues import return_lapsed_lease
from crm.services.sending import forget_sendings
from crm.services.shift_checks import check_before_shifts
from crm.services.shift_summaries import send_shift_summary
from crm.services.shifts import end_shift
from crm.services.unattended import UNPLACED, UNREVIEWED, flag_unattended_leads
from crm.services.unkept_answers import alert_unless_kept
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


@durable_task(queue="routine", attempts=8, lease=30)
def summarise_shift(*, subject: UUID, at: datetime, **_: object) -> None:
    """Tell whoever had the shift `subject` what it was, and what it leaves."""
    send_shift_summary(shift=subject, at=at)


@durable_task(queue="routine", attempts=8, lease=30, every=60)
def plan_summaries(*, at: datetime, **_: object) -> None:
    """Have the summary of the latest day written for each site where it is time."""
    plan_day_summaries(at=at)


@durable_task(queue="routine", attempts=8, lease=45)
def summarise_day(*, subject: UUID, at: datetime, **_: object) -> None:
    """Tell the managers of the site `subject` what the latest day was, unless they have been told."""
    if due := due_summary(subject, at):
        send_day_summary(due=due, lines=day_lines(due, at), at=at)


@durable_task(queue="urgent", attempts=3, lease=30, every=10)
def flag_unplaced(*, at: datetime, **_: object) -> None:
    """Tell staff of every lead that was not placed within a minute."""
    flag_unattended_leads(wait=UNPLACED, at=at)


@durable_task(queue="urgent", attempts=3, lease=30, every=10)
def flag_unreviewed(*, at: datetime, **_: object) -> None:
    """Tell staff of every lead in review before it has been there for a quarter of an hour."""
    flag_unattended_leads(wait=UNREVIEWED, at=at)


@durable_task(queue="routine", attempts=3, lease=30, every=600)
def flag_uncalled(*, at: datetime, **_: object) -> None:
    """Tell managers of pre-booked leads that nobody has tried to call while the promised time comes near."""
    tell_of_uncalled_leads(at=at)


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
    """Delete the notes of forms that no browser will send again, and old news to staff."""
    forget_sendings(at=at)
    forget_old_news(at=at)


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


@durable_task(queue="urgent", attempts=8, lease=30)
def escalate(*, subject: UUID, at: datetime, **_: object) -> None:
    """Do the step of the alert `subject` that is due, unless somebody has answered.

    Not in the queue of alerts: it only writes rows, and must not wait for a mail server.
    """
    run_step(escalation=subject, at=at)


@durable_task(queue="urgent", attempts=8, lease=30)
def check_answer(*, subject: UUID, at: datetime, **_: object) -> None:
    """Begin the alert `subject` anew if whoever answered it neither took the lead nor called."""
    alert_unless_kept(escalation=subject, at=at)


@durable_task(queue="urgent", attempts=3, lease=30, every=10)
def sweep_alerts(*, at: datetime, **_: object) -> None:
    """Do every step of an alert whose own job was lost."""
    sweep_escalations(at=at)


@durable_task(queue="urgent", attempts=3, lease=30, every=10)
def watch_desk(*, at: datetime, **_: object) -> None:
    """Raise and end alarms: nobody there, nobody reached, something silent."""
    watch_over_desk(at=at)


@durable_task(queue="routine", attempts=3, lease=40, every=600)
def check_ways_before_shifts(*, at: datetime, **_: object) -> None:
    """Test the ways of those who are on call next, and tell managers of whoever has not confirmed."""
    check_before_shifts(at=at)
