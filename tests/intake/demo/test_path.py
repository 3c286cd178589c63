"""A lead's made-up past: as the desk's services write it, and never beyond this moment."""

from datetime import timedelta
from random import Random

import pytest

from crm.enums import ContactMethod, ContactOutcome, Disposition, EventKind, Stage
from crm.models import Lead, Site, User
from intake.demo.ids import id_at
from intake.demo.path import Path
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory

MINUTE = timedelta(minutes=1)


@pytest.fixture
def path(site: Site) -> Path:
    now = database_now()
    lead = LeadFactory(site=site, received_at=now - timedelta(hours=3), holds=["H-CLIN"])
    return Path(lead, now=now, rng=Random(1))


def test_two_way_contact_stops_the_clock_and_moves_the_lead(path: Path, coordinator: User) -> None:
    at = path.lead.received_at + 90 * MINUTE
    path.contact(at - MINUTE, coordinator, ContactOutcome.NO_ANSWER)
    path.contact(at, coordinator, ContactOutcome.SPOKE)
    lead = path.lead
    assert (lead.first_contact_at, lead.stage, lead.attempt_count) == (at, Stage.CONTACTED, 2)
    assert [event.kind for event in path.events] == [
        EventKind.CONTACT_ATTEMPTED,
        EventKind.CONTACT_ATTEMPTED,
        EventKind.FIRST_CONTACT,
        EventKind.STAGE_MOVED,
    ]
    assert path.events[2].data == {"minutes": 90.0, "within_target": True}


def test_what_lies_ahead_has_not_happened(path: Path, coordinator: User) -> None:
    later = path.now + MINUTE
    path.claim(later, coordinator)
    path.contact(later, coordinator, ContactOutcome.SPOKE)
    path.clear_holds(later, coordinator)
    path.move(later, coordinator, Stage.OFFERED)
    path.close(later, coordinator, Disposition.NOT_NOW)
    path.release(later, coordinator)
    lead = path.lead
    assert (lead.owner, lead.stage, lead.holds, lead.closed_at) == (None, Stage.NEW, ["H-CLIN"], None)
    assert (path.events, path.attempts) == ([], [])


def test_a_claim_lasts_until_it_is_given_back(path: Path, coordinator: User) -> None:
    path.claim(path.now - 5 * MINUTE, coordinator)
    assert (path.lead.owner, path.lead.lease_until) == (coordinator, path.now + 15 * MINUTE)
    path.contact(path.now - 2 * MINUTE, coordinator, ContactOutcome.NO_ANSWER)
    assert path.lead.lease_until == path.now + 18 * MINUTE
    path.release(path.now - MINUTE, coordinator)
    assert (path.lead.owner, path.lead.lease_until) == (None, None)


def test_closing_says_from_where_and_frees_the_lead(path: Path, coordinator: User) -> None:
    path.claim(path.now - 5 * MINUTE, coordinator)
    path.close(path.now - MINUTE, coordinator, Disposition.REFERRED_ON, "GP")
    assert path.events[-1].data == {"from": Stage.NEW, "disposition": Disposition.REFERRED_ON}
    assert (path.lead.owner, path.lead.stage, path.lead.destination) == (None, Stage.CLOSED, "GP")


def test_contact_keeps_to_what_is_safe(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_call=False, may_email=True))
    path = Path(lead, now=database_now(), rng=Random(1))
    path.contact(lead.received_at + MINUTE, coordinator, ContactOutcome.SENT)
    assert path.attempts[0].method == ContactMethod.EMAIL


def test_rows_can_be_stored(path: Path, coordinator: User) -> None:
    path.contact(path.now - MINUTE, coordinator, ContactOutcome.SPOKE)
    path.clear_holds(path.now, coordinator)
    path.lead.save()
    for row in (*path.attempts, *path.events):
        row.save(force_insert=True)
    lead = Lead.objects.get(pk=path.lead.pk)
    assert (lead.stage, lead.holds) == (Stage.CONTACTED, [])
    assert lead.events.filter(kind=EventKind.NOTE_ADDED).get().data == {"hold_cleared": "H-CLIN"}


def test_ids_sort_by_time_and_by_their_order(path: Path) -> None:
    rng = Random(1)
    earlier, first, second = (
        id_at(path.now - MINUTE, rng, 9),
        id_at(path.now, rng, 1),
        id_at(path.now, rng, 2),
    )
    assert earlier < first < second
    assert {each.version for each in (earlier, first, second)} == {7}
