"""Versions of a guide: never edited, one public at a time, every approval kept."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.timezone import localdate

from crm.models import User
from intake.models import CallerMessage, Guide, GuideApproval
from intake.models.content import ReviewState
from intake.refusals import AlreadyApproved
from intake.selectors import public_guide
from intake.services.content import load_shipped_content
from intake.services.guides import approve_guide
from jobs.clock import database_now
from tests.factories.guides import another_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shipped(db: None) -> None:
    load_shipped_content()


def first() -> Guide:
    return Guide.objects.get(slug="alcohol", version=1)


def test_editing_makes_the_next_version(manager: User) -> None:
    draft = another_version("alcohol", by=manager, title="Other words")
    assert (draft.version, draft.state, draft.created_by) == (2, ReviewState.AWAITING_REVIEW, manager)
    assert first().title != "Other words"


def test_approving_publishes_and_dates_it(clinician: User) -> None:
    at = database_now()
    approve_guide(guide=first(), by=clinician, at=at)
    found = first()
    assert (found.state, found.reviewed_by, found.approved_at) == (ReviewState.APPROVED, clinician, at)
    assert found.review_date == localdate(at) + timedelta(days=365)


def test_one_version_is_public_and_an_older_one_comes_back(clinician: User, manager: User) -> None:
    second = another_version("alcohol", by=manager)
    for guide in (first(), second, first()):
        approve_guide(guide=guide, by=clinician, at=database_now())
    assert Guide.objects.filter(slug="alcohol", state=ReviewState.APPROVED).get().version == 1
    assert public_guide("alcohol") == first()
    history = GuideApproval.objects.order_by("approved_at", "id").values_list("guide__version", flat=True)
    assert sorted(history) == [1, 1, 2]


def test_the_public_version_is_not_approved_twice(clinician: User) -> None:
    approve_guide(guide=first(), by=clinician, at=database_now())
    with pytest.raises(AlreadyApproved):
        approve_guide(guide=first(), by=clinician, at=database_now())
    assert GuideApproval.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"title": "x"}, {"summary": "x"}, {"sections": []}, {"danger_signs": {}}, {"version": 9}]
)
def test_the_database_refuses_to_change_the_words_of_a_version(change: dict[str, object]) -> None:
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        Guide.objects.update(**change)
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        Guide.objects.filter(slug="alcohol").delete()


def test_the_database_refuses_an_approval_by_nobody() -> None:
    with pytest.raises(IntegrityError, match="guide_approved_by_somebody"), transaction.atomic():
        Guide.objects.filter(slug="alcohol").update(state=ReviewState.APPROVED)
    with pytest.raises(IntegrityError, match="text_approved_by_somebody"), transaction.atomic():
        CallerMessage.objects.filter(key="M999").update(state=ReviewState.APPROVED)


def test_the_database_refuses_to_change_a_message(clinician: User) -> None:
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        CallerMessage.objects.update(text="x")
    CallerMessage.objects.filter(key="M999").update(state=ReviewState.APPROVED, approved_by=clinician)


def test_what_was_approved_stays_on_record(clinician: User) -> None:
    approve_guide(guide=first(), by=clinician, at=database_now())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        GuideApproval.objects.all().delete()


def test_a_newer_shipped_text_comes_as_a_draft_and_takes_nothing_away(
    monkeypatch: pytest.MonkeyPatch, clinician: User
) -> None:
    approve_guide(guide=first(), by=clinician, at=database_now())
    newer = {name: getattr(first(), name) for name in ("slug", "summary", "sections", "danger_signs")}
    monkeypatch.setattr("intake.services.content.shipped_guides", lambda: [newer | {"title": "Newer"}])
    assert load_shipped_content().guides == 1
    assert load_shipped_content().guides == 0
    assert public_guide("alcohol") == first()
    assert Guide.objects.get(title="Newer").version == 2
