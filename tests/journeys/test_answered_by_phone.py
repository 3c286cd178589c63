"""A seizure at three in the morning: a machine takes the first call, somebody presses 1 in the second."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.test import Client

from crm.enums import EventKind, Role
from crm.models import Lead, Site, User
from crm.services.escalating import run_step
from intake.models import Enquiry
from intake.services.placement import place_lead
from intake.services.submission import submit_enquiry
from jobs.clock import database_now
from jobs.models import Job
from notifications.channels.spoken import spell
from notifications.enums import ChannelName
from notifications.hooks.signatures import twilio_signature
from notifications.models import Escalation
from notifications.services.outbox import DELIVER
from tests.clock import DatabaseClock
from tests.factories import MembershipFactory, ShiftFactory, StaffChannelFactory
from tests.factories.enquiries import IN_DANGER, submission
from tests.factories.phone import PhoneLineFactory, configure, from_twilio, run_phone_jobs, text
from tests.jobs.work import run
from tests.notifications.peers.twilio import TOKEN, Twilio
from tests.pages import text_of

FIRST, SECOND = "+447700900201", "+447700900202"
pytestmark = pytest.mark.django_db


def on_call(site: Site, place: int, name: str, number: str) -> User:
    """Somebody on call, with a phone that is rung and takes texts."""
    member = MembershipFactory(
        site=site,
        role=Role.COORDINATOR,
        gets_alerts=False,
        user__full_name=name,
        user__email=f"{place}@x.org",
    )
    ShiftFactory(user=member.user, site=site, on_call=place)
    for channel in (ChannelName.VOICE, ChannelName.SMS):
        StaffChannelFactory(user=member.user, channel=channel, address=number)
    user: User = member.user
    return user


def deliver_all() -> None:
    """Do what a worker does with all messages that are due."""
    for job in Job.objects.filter(kind=DELIVER, done_at=None, due_at__lte=database_now()).order_by("due_at"):
        run(job)


def last_call(twilio: Twilio) -> tuple[str, str]:
    """Return whom Twilio was told to ring last, and where a key is posted to."""
    form = next(form for asked in reversed(twilio.asked) if "Twiml" in (form := twilio.form(asked)))
    action = ElementTree.fromstring(form["Twiml"][0]).findall("Gather")[0].get("action", "")
    return form["To"][0], action


def posted_by_twilio(url: str, **said: str) -> Any:
    posted = QueryDict(mutable=True)
    posted.update(said)
    signature = twilio_signature(secret=TOKEN, url=url, posted=posted)
    path = url.removeprefix("https://help.example")
    return Client().post(path, said, headers={"X-Twilio-Signature": signature})


def test_a_machine_answers_nothing_and_a_key_ends_it_for_everybody(
    site: Site, twilio: Twilio, settings: Any, database_clock: DatabaseClock, desk: Client
) -> None:
    settings.TEXT_ANSWERS = True
    configure(settings)
    line, system = PhoneLineFactory(site=site), Client()
    on_call(site, 1, "Ann First", FIRST)
    bo = on_call(site, 2, "Bo Second", SECOND)
    database_clock.stop()

    submit_enquiry(submission=submission(site, said=IN_DANGER), at=database_now())
    place_lead(enquiry_id=Enquiry.objects.get().pk, at=database_now())
    lead, chain = Lead.objects.get(), Escalation.objects.get()
    twilio.then("ok", "ok")
    deliver_all()
    number, action = last_call(twilio)
    assert {made["to"] for made in twilio.made} == {number} == {FIRST}
    (words,) = [made["body"] for made in twilio.made if made["body"]]
    assert words.endswith("Or answer 1 (or YES).")

    machine = {"CallSid": "CA9", "CallStatus": "completed", "AnsweredBy": "machine_start", "Digits": ""}
    assert posted_by_twilio(action, **machine).status_code == 200
    assert not lead.events.filter(kind=EventKind.ACKNOWLEDGED).exists()

    twilio.then("ok", "ok")
    run_step(escalation=chain.pk, at=database_clock.advance(seconds=120))
    deliver_all()
    number, action = last_call(twilio)
    assert number == SECOND
    heard = posted_by_twilio(action, CallSid="CA10", CallStatus="in-progress", Digits="1").content.decode()
    assert f"You said you have {spell(lead.reference).rstrip('.')}" in heard
    chain.refresh_from_db()
    assert (chain.acknowledged_by, chain.how, chain.acknowledged_at) == (bo.pk, "VOICE", database_now())

    database_clock.advance(seconds=30)
    from_twilio(system, line, text("1", From=FIRST))
    run_phone_jobs()
    twilio.then("ok")
    deliver_all()
    assert twilio.made[0]["to"] == FIRST
    assert twilio.made[0]["body"].startswith(f"{lead.reference}: Bo Second is seeing to it since ")

    run_step(escalation=chain.pk, at=database_clock.advance(seconds=300))
    deliver_all()  # nothing more is asked of Twilio: it would say so
    page = text_of(desk.get(f"/desk/leads/{lead.reference}/"))
    assert "By pressing a key in a call, after 2 minutes" in page
    assert lead.events.filter(kind=EventKind.ACKNOWLEDGED).count() == 1
    assert FIRST not in str(list(lead.events.values_list("data", flat=True)))
