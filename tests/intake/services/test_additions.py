"""What is said later: stored as it was said, on the same lead, and never to make anybody wait longer."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.enums import Disposition, EventKind, LeadChannel, Level, Queue, Stage
from crm.models import Lead, LeadEvent, LeadReference, Placement, Site, User
from crm.selectors.lead_record import lead_record
from crm.services.levels import Change, lower_level
from crm.services.stages import Closing, close_lead
from intake.models import Enquiry
from intake.services.additions import ToldEnough, add_to_enquiry
from intake.services.answering import answer_by_now
from intake.services.placement import place_lead
from intake.services.reconciliation import reconcile
from intake.services.repair import REPAIRED_AFTER, link_stranded_enquiries
from intake.services.submission import KeyReused, Receipt, submit_enquiry
from intake.triage.answers import AnswersError
from jobs.clock import database_now
from jobs.models import Job
from notifications.catalogue import MessageKind
from notifications.enums import MessageState
from notifications.models import Message
from tests.factories.enquiries import CALM, DRINKER, submission
from tests.intake.services.refusing import refusing_inserts
from tests.intake.triage.test_monotonic import inputs
from tests.jobs.threads import at_once

pytestmark = pytest.mark.django_db
SEIZURE = {"symptoms": ["seizure_24h"]}


def arrive(site: Site, said: dict[str, Any] | None = None, **contact: Any) -> Enquiry:
    return submit_enquiry(submission=submission(site, said=said, **contact), at=database_now()).enquiry


def add(enquiry: Enquiry, said: dict[str, Any], *, key: str = "", at: datetime | None = None) -> Receipt:
    return add_to_enquiry(
        enquiry=enquiry,
        said=said,
        channel=LeadChannel.WEB,
        form_version="more-1",
        idempotency_key=key or str(uuid4()),
        at=at or database_now(),
    )


def place(*enquiries: Enquiry) -> Lead:
    for enquiry in enquiries:
        place_lead(enquiry_id=enquiry.pk, at=database_now())
    return Lead.objects.get()


def alerts() -> QuerySet[Message]:
    return Message.objects.filter(kind=MessageKind.URGENT_LEAD_ALERT)


def to_the_caller() -> QuerySet[Message]:
    return Message.objects.filter(kind=MessageKind.ENQUIRY_ACKNOWLEDGEMENT, state=MessageState.QUEUED)


def test_the_first_enquiry_stays_and_the_addition_says_what_was_added(site: Site) -> None:
    first = arrive(site, {"symptoms": ["tremor"]})
    more = add(first, {"symptoms": ["jaundice"], "age_band": "18_64"}).enquiry
    stored = Enquiry.objects.get(pk=more.pk)
    assert Enquiry.objects.get(pk=first.pk).answers["symptoms"] == ["tremor"]
    assert stored.said == {"symptoms": ["jaundice"], "age_band": "18_64"}
    assert (stored.answers["symptoms"], stored.answers["age_band"]) == (["tremor", "jaundice"], "18_64")
    assert (stored.adds_to, stored.contact, stored.consent) == (first, first.contact, first.consent)


def test_it_joins_the_lead_and_is_no_second_enquiry(site: Site) -> None:
    first = arrive(site)
    acknowledged = Message.objects.count()
    more = add(first, {"timing": "within_72h"}).enquiry
    lead = Lead.objects.get()
    assert (more.lead, lead.enquiry_count) == (lead, 1)
    assert Message.objects.count() == acknowledged
    assert Job.objects.filter(kind="intake.tasks.place_lead", subject=more.pk).exists()
    assert LeadReference.objects.get(reference=more.reference).lead == lead
    assert (reconcile().received, reconcile().unaccounted) == (2, 0)


def test_a_calm_answer_raises_nothing_and_alerts_nobody(site: Site, coordinator: User) -> None:
    first = arrive(site, DRINKER)
    lead = place(first)
    before = alerts().count()
    after = place(add(first, {"pregnancy": "no"}).enquiry)
    assert (lead.level, after.level) == (Level.U1, Level.U1)
    assert alerts().count() == before


def test_what_is_added_before_the_first_was_placed_is_placed_at_once(site: Site) -> None:
    first = arrive(site)
    assert Lead.objects.get().can_wait
    add(first, SEIZURE)
    assert not Lead.objects.get().can_wait
    placings = Job.objects.filter(kind="intake.tasks.place_lead").order_by("id")
    assert list(placings.values_list("queue", flat=True)) == ["placing", "urgent"]


def test_a_serious_answer_raises_the_lead_alerts_staff_and_tells_the_caller(
    site: Site, coordinator: User
) -> None:
    first = arrive(site)
    place(first)
    receipt = add(first, SEIZURE)
    assert (receipt.answer.level, receipt.answer.messages[0]["key"]) == (Level.E1, "M999")
    lead = place(receipt.enquiry)
    assert (lead.level, lead.queue) == (Level.E1, Queue.URGENT)
    assert lead.respond_by == receipt.answer.call_by == receipt.enquiry.received_at + timedelta(minutes=5)
    assert alerts().count() == 1


def test_the_caller_keeps_the_reference_that_they_know(site: Site) -> None:
    first = submit_enquiry(submission=submission(site), at=database_now())
    assert add(first.enquiry, SEIZURE).answer.reference == first.answer.reference


def test_an_addition_to_an_addition_adds_to_the_first(site: Site) -> None:
    first = arrive(site, {"symptoms": ["tremor"]})
    second = add(first, {"history": ["epilepsy"]}).enquiry
    third = add(second, {"medical": ["liver_disease"]}).enquiry
    assert third.adds_to == first
    answers = Enquiry.objects.get(pk=third.pk).answers
    assert (answers["symptoms"], answers["history"], answers["medical"]) == (
        ["tremor"],
        ["epilepsy"],
        ["liver_disease"],
    )


def test_nobody_is_told_to_wait_longer_after_a_calming_answer(site: Site) -> None:
    stopped = {"name": "alcohol", "freq": "daily", "status": "stopped"}
    first = arrive(site, CALM | {"age_band": "65_plus", "substances": [stopped]})
    before = answer_by_now(first)
    assert before.level == Level.E2
    later = add(first, {"substances": [{"name": "alcohol", "hours_since_last": 500}]}).answer
    assert (later.level, later.call_by) == (Level.E2, before.call_by)
    assert later.messages[0]["key"] == "MAE"


def test_an_addition_that_is_placed_before_the_first_one_asks_for_no_less(site: Site) -> None:
    first = arrive(site, {"substances": [{"name": "alcohol"}]})
    more = add(first, {"suicide": "none_disclosed", "age_band": "18_64"}).enquiry
    assert place(more).level == Level.U3
    assert place(first).level == Level.U3


def test_who_has_been_told_sees_the_most_serious_of_all_that_was_said(site: Site) -> None:
    first = arrive(site)
    add(first, SEIZURE)
    add(first, {"pregnancy": "no"})
    assert answer_by_now(first).level == Level.E1


class TestPeoplesDecisions:
    LOWER = Change(Level.P1, "CLINICAL_JUDGEMENT", "Spoke for ten minutes, all is calm.")

    def test_a_calm_answer_leaves_them_alone(self, site: Site, coordinator: User) -> None:
        first = arrive(site, DRINKER)
        lower_level(lead=place(first), by=coordinator, change=self.LOWER, at=database_now())
        assert place(add(first, {"pregnancy": "no"}).enquiry).level == Level.P1

    @pytest.mark.parametrize("said", [{"situation": ["abuse_or_coercion"]}, {"suicide": "thoughts_safe_now"}])
    def test_news_raises_it_again_and_says_so(
        self, site: Site, coordinator: User, said: dict[str, Any]
    ) -> None:
        first = arrive(site, DRINKER | {"suicide": "thoughts_safe_now"})
        lower_level(lead=place(first), by=coordinator, change=self.LOWER, at=database_now())
        before = alerts().count()
        assert place(add(first, said).enquiry).level == Level.U1
        assert LeadEvent.objects.get(kind=EventKind.MORE_SEVERE).data == {"from": "P1", "to": "U1"}
        assert alerts().count() == before + 1

    def test_a_closed_lead_opens_again(self, site: Site, coordinator: User) -> None:
        first = arrive(site)
        lead = place(first)
        close_lead(lead=lead, by=coordinator, closing=Closing(Disposition.NOT_NOW), at=database_now())
        lead = place(add(first, SEIZURE).enquiry)
        assert (lead.stage, lead.level) == (Stage.NEW, Level.E1)

    def test_an_emergency_does_not_wait_in_review(self, site: Site, coordinator: User) -> None:
        first = arrive(site)
        Lead.objects.update(queue=Queue.REVIEW, review_reason="A hidden field was filled in")
        assert place(add(first, {"pregnancy": "no"}).enquiry).queue == Queue.REVIEW
        lead = place(add(first, SEIZURE).enquiry)
        assert (lead.queue, lead.level, lead.review_reason) == (Queue.URGENT, Level.E1, "")
        assert alerts().exists()


class TestTimeline:
    def test_staff_read_what_it_was_about_and_what_was_told(self, site: Site) -> None:
        first = arrive(site)
        place(first, add(first, SEIZURE | {"age_band": "18_64"}).enquiry)
        record = lead_record(Lead.objects.select_related("caller", "patient", "site").get(), database_now())
        entry = next(each for each in record.timeline if each.title == "Answered more questions")
        assert entry.details[0] == "About: age, signs now."
        assert "999" in record.told[0].texts[0]

    def test_the_timeline_holds_no_answer(self, site: Site) -> None:
        first = arrive(site)
        add(first, {"free_text": "Tell nobody", "suicide": "thoughts_safe_now"})
        data = LeadEvent.objects.get(kind=EventKind.ANSWERED_MORE).data
        assert data["about"] == ["free_text", "suicide"]
        assert "Tell nobody" not in str(data)


class TestWhatIsSafe:
    def test_whoever_says_later_that_somebody_controls_them_is_not_written_to(self, site: Site) -> None:
        first = arrive(site)
        assert to_the_caller().exists()
        add(first, {"situation": ["abuse_or_coercion"]})
        caller = Lead.objects.get().caller
        assert (caller.may_email, caller.may_call) == (False, False)
        assert not to_the_caller().exists()

    def test_ways_that_they_called_safe_stay(self, site: Site) -> None:
        first = arrive(site, safe_contact={"text": True, "call": False})
        add(first, {"situation": ["abuse_or_coercion"]})
        caller = Lead.objects.get().caller
        assert (caller.may_text, caller.may_call, caller.may_email) == (True, False, False)

    def test_a_person_who_turns_out_not_to_agree_is_not_contacted(self, site: Site) -> None:
        about_a_son = CALM | {"enquirer": "loved_one", "person_aware": "yes"}
        first = arrive(site, about_a_son, patient_name="Ben")
        assert not Lead.objects.get().patient.no_contact
        lead = place(first, add(first, {"person_aware": "no"}).enquiry)
        assert lead.patient.no_contact
        assert "H-CONSENT" in lead.holds

    def test_the_desk_learns_what_is_used(self, site: Site) -> None:
        add(arrive(site), {"substances": [{"name": "ketamine"}]})
        assert Lead.objects.get().main_substance == "ketamine"


class TestSentAgain:
    def test_the_same_key_gets_the_same_receipt(self, site: Site) -> None:
        first = arrive(site)
        receipts = [add(first, SEIZURE, key="one") for _ in range(2)]
        assert receipts[0].enquiry == receipts[1].enquiry
        assert receipts[0].answer == receipts[1].answer
        assert LeadEvent.objects.filter(kind=EventKind.ANSWERED_MORE).count() == 1

    def test_the_same_words_twice_in_a_row_are_one_addition(self, site: Site) -> None:
        first = arrive(site)
        assert add(first, SEIZURE).enquiry == add(first, SEIZURE).enquiry
        add(first, {"pregnancy": "no"})
        add(first, SEIZURE)
        assert Enquiry.objects.filter(adds_to=first).count() == 3

    def test_the_same_words_about_somebody_else_are_an_addition_there(self, site: Site) -> None:
        first, other = arrive(site), arrive(site, phone="07700 900456", email="b@example.org", name="Bea")
        assert add(first, SEIZURE).enquiry.lead != add(other, SEIZURE).enquiry.lead

    def test_a_known_key_with_other_words_is_refused(self, site: Site) -> None:
        first = arrive(site)
        kept = add(first, SEIZURE, key="one").enquiry
        with pytest.raises(KeyReused) as refused:
            add(first, {"pregnancy": "no"}, key="one")
        assert refused.value.enquiry == kept
        with pytest.raises(KeyReused):
            add(first, SEIZURE, key=first.idempotency_key)

    def test_nonsense_is_refused_and_nothing_is_stored(self, site: Site) -> None:
        first = arrive(site)
        with pytest.raises(AnswersError):
            add(first, {"suicide": "maybe"})
        assert Enquiry.objects.count() == 1


class TestWithoutALead:
    def test_an_addition_to_a_stranded_enquiry_is_stored_answered_and_linked_by_the_sweep(
        self, site: Site
    ) -> None:
        with refusing_inserts("crm_lead"):
            first = arrive(site)
            receipt = add(first, SEIZURE)
        assert (first.lead, receipt.enquiry.lead) == (None, None)
        assert (receipt.answer.level, receipt.answer.reference) == (Level.E1, first.reference)
        link_stranded_enquiries(at=database_now() + REPAIRED_AFTER + timedelta(seconds=1))
        lead = Lead.objects.get()
        assert {each.lead for each in Enquiry.objects.all()} == {lead}
        assert lead.reference == first.reference
        assert (lead.enquiry_count, reconcile().unaccounted) == (1, 0)
        assert answer_by_now(Enquiry.objects.get(pk=first.pk)).level == Level.E1

    def test_an_addition_takes_a_stranded_enquiry_along(self, site: Site) -> None:
        with refusing_inserts("crm_lead"):
            first = arrive(site)
        add(first, SEIZURE)
        assert Enquiry.objects.get(pk=first.pk).lead == Lead.objects.get()
        assert place(*Enquiry.objects.all()).level == Level.E1


@pytest.mark.django_db(transaction=True)
def test_answers_from_two_tabs_at_once_are_all_kept(site: Site) -> None:
    first = arrive(site)
    signs = iter(["tremor", "jaundice", "sweating", "unsteady", "vomiting", "insomnia"])
    at_once(6, lambda: add(first, {"symptoms": [next(signs)]}))
    last = Enquiry.objects.filter(adds_to=first).order_by("-received_at", "-pk")[0]
    assert len(last.answers["symptoms"]) == 6
    assert (Lead.objects.get().enquiry_count, reconcile().unaccounted) == (1, 0)


some_answers = inputs.flatmap(
    lambda whole: st.sets(st.sampled_from(sorted(whole.keys() - {"enquirer"})), max_size=4).map(
        lambda names: {name: whole[name] for name in names}
    )
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=inputs, later=st.lists(some_answers, min_size=1, max_size=4), dice=st.randoms())
def test_no_sequence_of_additions_ever_lowers_the_level(
    site: Site, first: dict[str, Any], later: list[dict[str, Any]], dice: Any
) -> None:
    phone = f"07700 9{dice.randrange(10**5):05}"
    enquiry = arrive(site, first, phone=phone, email=f"{uuid4().hex}@example.org")
    place_lead(enquiry_id=enquiry.pk, at=database_now())
    told, stands = answer_by_now(enquiry), Level(Lead.objects.get(enquiries=enquiry).level)
    for said in later:
        receipt = add(enquiry, said)
        place_lead(enquiry_id=receipt.enquiry.pk, at=database_now())
        lead = Lead.objects.get(enquiries=receipt.enquiry)
        assert receipt.answer.level.rank <= told.level.rank
        assert receipt.answer.call_by <= told.call_by
        assert Level(lead.level).rank <= min(stands.rank, receipt.answer.level.rank)
        assert lead.respond_by <= receipt.answer.call_by
        told, stands = receipt.answer, Level(lead.level)
    assert Placement.objects.filter(lead__enquiries=enquiry).count() >= 1
    assert reconcile().unaccounted == 0


# --- how much is taken


def test_every_line_that_was_added_is_read_once(site: Site) -> None:
    """Each addition holds all that was said before it: told anew, twenty of them were a gigabyte."""
    first = arrive(site, {"free_text": "It is bad"})
    lines = [f"Line {number}" for number in range(20)]
    for line in lines:
        latest = add(first, {"free_text": line}).enquiry
    assert latest.answers["free_text"].splitlines() == ["It is bad", *lines]


@pytest.fixture
def _two_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.services.additions.MOST", 2)


def told_enough(site: Site, said: dict[str, Any] | None = None) -> Enquiry:
    """Return an enquiry to which as much was added as is taken."""
    first = arrive(site, said)
    for words in ("a", "b"):
        add(first, {"free_text": words}, key=words)
    return first


@pytest.mark.usefixtures("_two_are_enough")
def test_after_so_many_additions_a_person_should_hear_the_rest(site: Site) -> None:
    first = told_enough(site)
    with pytest.raises(ToldEnough):
        add(first, {"free_text": "c"})
    assert add(first, {"free_text": "b"}, key="b").enquiry.said == {"free_text": "b"}
    assert Enquiry.objects.filter(adds_to=first).count() == 2


@pytest.mark.usefixtures("_two_are_enough")
def test_danger_is_always_taken(site: Site) -> None:
    first = told_enough(site)
    for said in (SEIZURE, {"suicide": "plan_or_means"}, {"free_text": "I want to end my life"}, SEIZURE):
        assert add(first, said).enquiry.said == said
    assert place(*Enquiry.objects.all()).level == Level.E1


@pytest.mark.usefixtures("_two_are_enough")
def test_what_makes_danger_of_what_was_said_before_is_taken(site: Site) -> None:
    first = told_enough(site, {"substances": [{"name": "alcohol", "freq": "daily", "status": "stopped"}]})
    assert add(first, {"symptoms": ["tremor"], "history": ["withdrawal_seizure"]}).answer
    with pytest.raises(ToldEnough):
        add(first, {"free_text": "c"})
