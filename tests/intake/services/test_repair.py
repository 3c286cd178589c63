"""When the second transaction fails: the caller is answered all the same, and the sweep makes it good."""

from datetime import timedelta

import pytest
from django.db import connection

from crm.enums import EventKind
from crm.models import Lead, LeadEvent, Person, Site, User
from crm.services.alerts import alert_recipients
from intake.models import Enquiry
from intake.selectors import STRANDED_AFTER
from intake.services.reconciliation import reconcile
from intake.services.repair import (
    REPAIRED_AFTER,
    alert_of_stranded_enquiries,
    link_stranded_enquiries,
)
from intake.services.submission import Receipt, submit_enquiry
from jobs.clock import database_now
from jobs.models import Job
from notifications.catalogue import MessageKind
from notifications.models import Message
from tests.factories.enquiries import IN_DANGER, submission
from tests.intake.services.refusing import refusing_inserts

pytestmark = pytest.mark.django_db
LATER = REPAIRED_AFTER + timedelta(seconds=1)


def _stranded(site: Site, key: str = "one", **contact: object) -> Receipt:
    with refusing_inserts("crm_leadreference"):
        return submit_enquiry(
            submission=submission(site, key=key, said=IN_DANGER, **contact), at=database_now()
        )


@pytest.mark.parametrize(
    "table", ["crm_person", "crm_lead", "crm_leadevent", "crm_leadreference", "jobs_job"]
)
def test_a_failure_after_the_first_commit_leaves_the_enquiry_and_nothing_else(site: Site, table: str) -> None:
    with refusing_inserts(table):
        receipt = submit_enquiry(submission=submission(site, said=IN_DANGER), at=database_now())
    assert receipt.answer.messages[0]["key"] == "M999"
    assert receipt.answer.reference == receipt.enquiry.reference
    stored = Enquiry.objects.get()
    assert (stored.lead, stored.linked_at, stored.answer) == (None, None, None)
    assert [model.objects.count() for model in (Lead, Person, Job)] == [0, 0, 0]
    assert reconcile().unaccounted == 1


def test_the_sweep_links_it_as_if_nothing_had_happened(site: Site) -> None:
    receipt = _stranded(site)
    at = receipt.enquiry.received_at + LATER
    assert link_stranded_enquiries(at=at) == 1
    lead = Lead.objects.get()
    assert lead.reference == receipt.answer.reference
    assert (lead.received_at, lead.respond_by) == (receipt.enquiry.received_at, receipt.answer.call_by)
    assert Job.objects.filter(kind="intake.tasks.place_lead", subject=receipt.enquiry.pk).exists()
    assert link_stranded_enquiries(at=at) == 0
    assert reconcile().unaccounted == 0


def test_the_retry_of_a_stranded_enquiry_links_it_at_once(site: Site) -> None:
    receipt = _stranded(site)
    again = submit_enquiry(submission=submission(site, key="one", said=IN_DANGER), at=database_now())
    assert again.answer == receipt.answer
    assert again.enquiry.lead == Lead.objects.get()
    assert reconcile().unaccounted == 0


def test_the_answer_stays_the_same_even_when_the_repair_joins_an_older_lead(site: Site) -> None:
    first = submit_enquiry(submission=submission(site), at=database_now())
    told = _stranded(site).answer
    link_stranded_enquiries(at=database_now() + LATER)
    again = submit_enquiry(submission=submission(site, key="one", said=IN_DANGER), at=database_now())
    assert again.enquiry.lead == first.enquiry.lead
    assert again.answer == told


def test_the_request_that_is_still_running_is_left_alone(site: Site) -> None:
    receipt = _stranded(site)
    assert link_stranded_enquiries(at=receipt.enquiry.received_at + timedelta(seconds=1)) == 0


def test_one_that_fails_again_never_holds_up_the_others(site: Site) -> None:
    bad = _stranded(site).enquiry
    with refusing_inserts("crm_leadreference"):
        somebody = submission(site, phone="07700 900555", email="zoe@example.org")
        good = submit_enquiry(submission=somebody, at=database_now()).enquiry
    with refusing_inserts("crm_lead", when=f"WHEN (NEW.reference = '{bad.reference}')"):
        assert link_stranded_enquiries(at=database_now() + LATER) == 1
    assert Lead.objects.get().reference == good.reference
    assert reconcile().unaccounted == 1


def test_an_enquiry_that_our_keys_cannot_read_never_holds_up_the_others(site: Site) -> None:
    unreadable = _stranded(site).enquiry
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered with events pending
        cursor.execute("ALTER TABLE intake_enquiry DISABLE TRIGGER intake_enquiry_unchanged")
        cursor.execute("UPDATE intake_enquiry SET answers = 'no ciphertext' WHERE id = %s", [unreadable.pk])
    with refusing_inserts("crm_leadreference"):
        submit_enquiry(submission=submission(site, phone="07700 900555"), at=database_now())
    assert link_stranded_enquiries(at=database_now() + LATER) == 1


def test_a_fault_that_is_not_the_databases_is_repaired_too(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("intake.services.linking.source_name", lambda *_: 1 / 0)
        receipt = submit_enquiry(submission=submission(site), at=database_now())
        assert receipt.answer.call_by > receipt.enquiry.received_at
    assert link_stranded_enquiries(at=database_now() + LATER) == 1
    assert LeadEvent.objects.filter(kind=EventKind.ENQUIRY_RECEIVED).count() == 1


def test_staff_are_told_once_of_an_enquiry_that_cannot_be_repaired(
    site: Site, coordinator: User, manager: User
) -> None:
    receipt = _stranded(site)
    at = receipt.enquiry.received_at + STRANDED_AFTER
    assert alert_of_stranded_enquiries(at=at) == 0
    for _ in range(2):
        assert alert_of_stranded_enquiries(at=at + timedelta(seconds=1)) == 1
    told = Message.objects.filter(kind=MessageKind.ENQUIRY_STRANDED)
    assert sorted(message.to for message in told) == sorted(user.email for user in alert_recipients(site))
    assert told[0].context["reference"] == receipt.enquiry.reference


def test_an_enquiry_that_can_never_be_linked_keeps_no_other_from_its_turn(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.services.repair.BATCH", 1)
    hopeless, other = (_stranded(site, phone=f"07700 90012{n}", key=str(n)) for n in (1, 2))
    with refusing_inserts("crm_leadreference", f"WHEN (NEW.reference = '{hopeless.enquiry.reference}')"):
        for _ in range(40):
            link_stranded_enquiries(at=other.enquiry.received_at + LATER)
    assert [enquiry.pk for enquiry in Enquiry.objects.filter(lead=None)] == [hopeless.enquiry.pk]
