"""Setting a lead aside on its page, seeing it there, and bringing it back."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from crm.enums import Level, PauseKind
from crm.models import Lead, Site
from jobs.clock import database_now
from tests.factories import LeadFactory
from tests.pages import text_of

ASIDE = "/desk/queues/aside/"


def at_site(site: Site, minutes: int) -> str:
    """Return a moment as the field of a browser at the site sends it."""
    moment = database_now() + timedelta(minutes=minutes)
    return moment.astimezone(ZoneInfo(site.time_zone)).strftime("%Y-%m-%dT%H:%M")


def said(site: Site, **more: str) -> dict[str, str]:
    return {"kind": "SNOOZE", "reason": "TRY_AGAIN", "until": at_site(site, 30)} | more


def test_a_snooze_takes_a_lead_off_its_queue_until_somebody_brings_it_back(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    page = desk.post(f"/desk/leads/{lead.reference}/pause/", said(site, note="No answer twice"), follow=True)
    assert re.search(r"Snoozed until \d\d:\d\d on \w+ \d+ \w+\. You can bring it back", text_of(page))
    assert "Until" in text_of(page)
    assert lead.reference not in desk.get("/desk/").content.decode()
    assert "Snoozed, back in 2" in text_of(desk.get(ASIDE))
    page = desk.post(f"/desk/leads/{lead.reference}/bring-back/", follow=True)
    assert "is back in its queue" in text_of(page)
    assert lead.reference in desk.get("/desk/").content.decode()
    page = desk.post(f"/desk/leads/{lead.reference}/bring-back/", follow=True)
    assert "back in its queue already" in text_of(page)


def test_the_time_is_the_sites(desk: Client, site: Site) -> None:
    site.time_zone = "Asia/Kathmandu"
    site.save()
    lead = LeadFactory(site=site)
    desk.post(f"/desk/leads/{lead.reference}/pause/", said(site, kind="CLOCK", reason="ASKED_LATER"))
    lead.refresh_from_db()
    assert lead.pause == PauseKind.CLOCK
    left = lead.paused_until - database_now()
    assert timedelta(minutes=28) < left <= timedelta(minutes=30)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"until": "tomorrow"}, "Write it like"),
        ({"until": ""}, "Say when"),
        ({"kind": "CLOCK"}, "That nobody answers does not stop the clock"),
        ({"reason": ""}, "Choose a reason"),
    ],
)
def test_a_form_that_makes_no_sense_comes_back(
    desk: Client, site: Site, wrong: dict[str, str], words: str
) -> None:
    lead = LeadFactory(site=site)
    page = desk.post(f"/desk/leads/{lead.reference}/pause/", said(site, note="Kept words") | wrong)
    assert page.status_code == 422
    assert words in text_of(page)
    assert "Kept words" in page.content.decode()
    assert Lead.objects.get(pk=lead.pk).pause == ""


def test_too_long_a_snooze_is_refused_in_words(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, level=Level.U1)
    page = desk.post(f"/desk/leads/{lead.reference}/pause/", said(site, until=at_site(site, 600)))
    assert page.status_code == 409
    assert "no longer than the promise of the level" in text_of(page)


def test_an_emergency_has_no_such_form(desk: Client, site: Site) -> None:
    for level, offered in ((Level.E1, False), (Level.E2, False), (Level.U1, True), (Level.P2, True)):
        lead = LeadFactory(site=site, level=level)
        assert ("Set it aside" in text_of(desk.get(f"/desk/leads/{lead.reference}/"))) is offered


def test_a_row_explains_where_a_lead_stands(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, enquiry_count=2, timing="now", shift=-20 * 72)
    lead.caller.safe_slots = []
    lead.caller.save()
    for page in ("/desk/", f"/desk/leads/{lead.reference}/"):
        text = text_of(desk.get(page))
        assert "Stands 24 minutes earlier: enquired again, wants to start today." in text
        assert "First read what they said about contact" in text
        assert "Wants to start: today" in text


def test_what_ends_soon_is_counted_in_a_banner(desk: Client, site: Site) -> None:
    at = database_now()
    LeadFactory(site=site, level=Level.U1, received_at=at - timedelta(minutes=25))
    LeadFactory(site=site, level=Level.U1, received_at=at - timedelta(minutes=2))
    LeadFactory(site=site, level=Level.U1, received_at=at - timedelta(minutes=60))
    page = desk.get("/desk/")
    assert "1 urgent promise ends soon" in text_of(page)
    assert "1 urgent lead is past the promised time" in text_of(page)
