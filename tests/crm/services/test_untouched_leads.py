"""Time alone makes an untouched lead warn, then late, and brings back what was set aside."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from crm.enums import Level, PauseKind, PauseReason
from crm.models import Lead, Site, User
from crm.services.pauses import Pause, pause_lead
from tests.clock import DatabaseClock
from tests.factories import LeadFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db
SOON, LATE = "1 urgent promise ends soon", "1 urgent lead is past the promised time"


def banners(desk: Client) -> list[str]:
    text = text_of(desk.get("/desk/"))
    return [words for words in (SOON, LATE) if words in text]


def row(lead: Lead) -> str:
    """Return where the row's present version is stored: any UPDATE writes another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text FROM crm_lead WHERE id = %s", [lead.pk])
        return str(cursor.fetchone()[0])


def test_an_untouched_lead_warns_and_turns_overdue_by_itself(
    database_clock: DatabaseClock, desk: Client, site: Site
) -> None:
    lead = LeadFactory(site=site, level=Level.U1, received_at=database_clock.now())
    written = row(lead)
    assert banners(desk) == []
    database_clock.advance(by=timedelta(minutes=21))
    assert banners(desk) == [SOON]
    database_clock.advance(by=timedelta(minutes=9, seconds=5))
    assert banners(desk) == [LATE]
    assert "overdue by less than a minute" in text_of(desk.get(f"/desk/leads/{lead.reference}/"))
    assert row(lead) == written


def test_a_stopped_clock_neither_warns_nor_is_late_until_it_goes_on(
    database_clock: DatabaseClock, desk: Client, site: Site, coordinator: User
) -> None:
    at = database_clock.now()
    lead = LeadFactory(site=site, level=Level.U1, received_at=at)
    pause = Pause(PauseKind.CLOCK, PauseReason.ASKED_LATER, at + timedelta(hours=2))
    pause_lead(lead=lead, by=coordinator, pause=pause, at=at)
    database_clock.advance(by=timedelta(hours=1, minutes=59))
    assert banners(desk) == []
    assert lead.reference not in desk.get("/desk/").content.decode()
    database_clock.advance(by=timedelta(minutes=5))
    assert lead.reference in desk.get("/desk/").content.decode()
    assert banners(desk) == []
    database_clock.advance(by=timedelta(minutes=27))
    assert banners(desk) == [LATE]
