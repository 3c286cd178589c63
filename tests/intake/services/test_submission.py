"""Taking an enquiry: stored first, answered always, the same way each time."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from crm.enums import LeadChannel, Level, Queue
from crm.models import Lead, LeadReference, Site
from intake.enums import Outcome
from intake.models import Enquiry
from intake.services.reconciliation import reconcile
from intake.services.submission import KeyReused, submit_enquiry
from jobs.clock import database_now
from jobs.models import Job
from tests.factories.enquiries import DRINKER, IN_DANGER, submission
from tests.vault.raw_rows import assert_absent
from vault.keysets import with_added_key, with_latest_primary

pytestmark = pytest.mark.django_db


def test_an_enquiry_is_stored_word_for_word(site: Site) -> None:
    at = database_now()
    sent = submission(
        site, said=DRINKER | {"free_text": "It’s bad"}, safe_contact={"call": False, "note": "after 6"}
    )
    enquiry = Enquiry.objects.get(pk=submit_enquiry(submission=sent, at=at).enquiry.pk)
    assert enquiry.answers == sent.answers.to_dict()
    assert enquiry.answers["free_text"] == "It’s bad"
    assert enquiry.contact["safe_contact"] == {"call": False, "note": "after 6"}
    assert (enquiry.received_at, enquiry.channel, enquiry.form_version) == (at, LeadChannel.API, "test-1")


def test_the_raw_tables_hold_no_word_of_the_caller(site: Site) -> None:
    said = DRINKER | {"free_text": "Tell nobody"}
    submit_enquiry(submission=submission(site, said=said), at=database_now())
    assert_absent(connection, ["Ada Example", "900123", "7700900", "example.org", "Tell nobody", "tremor"])


def test_the_caller_is_told_what_the_rules_say(site: Site) -> None:
    at = database_now()
    answer = submit_enquiry(submission=submission(site, said=IN_DANGER), at=at).answer
    assert (answer.outcome, answer.level) == (Outcome.EMERGENCY_SIGNPOST, Level.E1)
    assert answer.messages[0]["key"] == "M999"
    assert "999" in answer.messages[0]["text"]
    assert answer.call_by == at + timedelta(minutes=5)


def test_the_lead_is_on_the_desk_at_once_and_its_placing_is_a_job(site: Site) -> None:
    enquiry = submit_enquiry(submission=submission(site), at=database_now()).enquiry
    lead = Lead.objects.get(enquiries=enquiry)
    assert (lead.queue, lead.level, lead.reference) == (Queue.UNROUTED, None, enquiry.reference)
    assert Job.objects.filter(kind="intake.tasks.place_lead", subject=enquiry.pk).count() == 1
    assert Enquiry.objects.get(pk=enquiry.pk).linked_at is not None


def test_the_same_submission_twice_makes_one_enquiry_and_one_answer(site: Site) -> None:
    at = database_now()
    first = submit_enquiry(submission=submission(site, key="one"), at=at)
    second = submit_enquiry(submission=submission(site, key="one"), at=at + timedelta(hours=3))
    assert second.enquiry.pk == first.enquiry.pk
    assert second.answer == first.answer
    assert Enquiry.objects.count() == Lead.objects.count() == 1
    assert Lead.objects.get().enquiry_count == 1


def from_a_form(site: Site, key: str, **changes: Any) -> Any:
    return replace(submission(site, key=key, **changes), channel=LeadChannel.WEB)


def test_back_and_send_again_is_the_same_submission(site: Site) -> None:
    at = database_now()
    first = submit_enquiry(submission=from_a_form(site, "one"), at=at)
    again = submit_enquiry(submission=from_a_form(site, "two"), at=at + timedelta(minutes=5))
    assert again.enquiry.pk == first.enquiry.pk
    assert again.answer == first.answer


def test_the_same_words_later_or_other_words_now_are_a_new_enquiry(site: Site) -> None:
    at = database_now()
    submit_enquiry(submission=from_a_form(site, "one"), at=at)
    submit_enquiry(submission=from_a_form(site, "two"), at=at + timedelta(minutes=16))
    submit_enquiry(submission=from_a_form(site, "three", said=IN_DANGER), at=at)
    assert Enquiry.objects.count() == 3


def test_a_program_with_two_keys_means_two_enquiries(site: Site) -> None:
    at = database_now()
    for key in ("one", "two"):
        submit_enquiry(submission=submission(site, key=key), at=at)
    assert Enquiry.objects.count() == 2


@pytest.mark.parametrize("change", [{"said": DRINKER}, {"phone": "07700 900999"}, {"name": "Bea"}])
def test_a_known_key_with_other_words_is_refused_and_the_first_stands(
    site: Site, change: dict[str, object]
) -> None:
    first = submit_enquiry(submission=submission(site, key="one"), at=database_now()).enquiry
    with pytest.raises(KeyReused) as refused:
        submit_enquiry(submission=submission(site, key="one", **change), at=database_now())
    assert refused.value.enquiry.pk == first.pk
    assert Enquiry.objects.get().contact == first.contact


def test_another_consent_is_another_submission(site: Site) -> None:
    first = submission(site, key="one")
    submit_enquiry(submission=first, at=database_now())
    with pytest.raises(KeyReused):
        submit_enquiry(submission=replace(first, consent={"contact": True}), at=database_now())


def test_a_retry_after_a_key_rotation_is_no_conflict(site: Site, settings: Any) -> None:
    sent = submission(site, key="one")
    first = submit_enquiry(submission=sent, at=database_now())
    added = with_added_key(settings.VAULT_KEYSETS, name="prf")
    settings.VAULT_KEYSETS = with_latest_primary(added, name="prf")
    assert submit_enquiry(submission=sent, at=database_now()).answer == first.answer


def test_a_repeat_caller_is_found_after_a_key_rotation(site: Site, settings: Any) -> None:
    first = submit_enquiry(submission=submission(site), at=database_now())
    added = with_added_key(settings.VAULT_KEYSETS, name="prf")
    settings.VAULT_KEYSETS = with_latest_primary(added, name="prf")
    assert submit_enquiry(submission=submission(site), at=database_now()).enquiry.lead == first.enquiry.lead


def test_a_reference_that_is_taken_is_drawn_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = submit_enquiry(submission=submission(site), at=database_now()).enquiry.reference
    draws = iter([taken, taken, "3333-3333"])
    monkeypatch.setattr("intake.services.submission.new_reference", lambda: next(draws))
    assert submit_enquiry(submission=submission(site), at=database_now()).enquiry.reference == "3333-3333"


def test_every_reference_finds_the_lead(site: Site) -> None:
    enquiries = [submit_enquiry(submission=submission(site), at=database_now()).enquiry for _ in range(3)]
    assert Lead.objects.get().enquiry_count == 3
    known = set(LeadReference.objects.filter(lead=Lead.objects.get()).values_list("reference", flat=True))
    assert known == {enquiry.reference for enquiry in enquiries}
    assert reconcile().unaccounted == 0


def test_a_repeat_caller_is_told_the_reference_that_they_know(site: Site) -> None:
    first = submit_enquiry(submission=submission(site), at=database_now())
    again = submit_enquiry(submission=submission(site, key="again"), at=database_now())
    assert again.answer.reference == first.answer.reference
    assert submit_enquiry(submission=submission(site, key="again"), at=database_now()).answer == again.answer


def test_without_a_database_nothing_is_promised(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = submission(site)

    def refuse(**_: object) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(Enquiry.objects, "create", refuse)
    with pytest.raises(OperationalError):
        submit_enquiry(submission=sent, at=database_now())
