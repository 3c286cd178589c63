"""Unsent answers: how long they stay, who can open them, what two tabs do."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from intake import draft_keys
from intake.models import Draft
from intake.progress import Progress
from intake.selectors import open_draft
from intake.services.drafts import (
    KEPT_FOR,
    KEPT_FOR_MINORS,
    OPEN_FOR,
    DraftGone,
    TooManyTries,
    WrongCode,
    begin_draft,
    delete_expired_drafts,
    extend_draft,
    forget_draft,
    keep_answers,
    note_told,
    reopen_draft,
    save_draft,
)
from intake.tasks import delete_expired_drafts as sweep
from jobs.clock import database_now
from jobs.kinds import kind_named

pytestmark = pytest.mark.django_db
SOON = timedelta(seconds=1)


@pytest.fixture
def at() -> datetime:
    return database_now()


def begun(at: datetime, **said: list[str]) -> tuple[Draft, str]:
    return begin_draft(journey="prebooked", progress=Progress(said=said), at=at)


def test_the_database_holds_neither_the_answers_nor_any_key_in_the_clear(at: datetime) -> None:
    draft, key = begun(at, free_text=["a secret"])
    way = save_draft(draft=draft, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(d)::text FROM intake_draft d")
        row = cursor.fetchone()[0]
    found = [each for each in ("a secret", key, way.link, way.code, way.code.replace("-", "")) if each in row]
    assert not found
    assert draft.progress["said"] == {"free_text": ["a secret"]}


def test_a_key_opens_its_own_answers_until_they_run_out(at: datetime) -> None:
    draft, key = begun(at)
    assert open_draft(key, at) == draft
    assert open_draft("another", at) is None
    assert open_draft(key, at + OPEN_FOR - SOON) == draft
    assert open_draft(key, at + OPEN_FOR) is None


def test_answers_replace_those_of_the_same_question_and_no_others(at: datetime) -> None:
    draft, _ = begun(at, uses=["alcohol"], name=["Ada"])
    stale = Draft.objects.get()
    keep_answers(draft=draft, said={"uses": ["ketamine"]}, seen=8, at=at)
    kept = keep_answers(draft=stale, said={"name": [""]}, seen=19, at=at)  # another tab, opened before
    assert Progress.from_dict(kept.progress) == Progress(said={"uses": ["ketamine"]}, seen=[8, 19])


def test_what_was_told_is_noted_once(at: datetime) -> None:
    draft, _ = begun(at)
    note_told(draft=draft, keys=["M999"], at=at)
    noted = note_told(draft=draft, keys=["M999", "MCRI"], at=at)
    assert noted.progress["told"] == ["M999", "MCRI"]


def test_answers_that_are_gone_are_not_kept(at: datetime) -> None:
    draft, key = begun(at)
    forget_draft(key=key)
    for change in (extend_draft, save_draft):
        with pytest.raises(DraftGone):
            change(draft=draft, at=at)


def test_forgetting_spares_saved_answers_unless_told_otherwise(at: datetime) -> None:
    draft, key = begun(at)
    save_draft(draft=draft, at=at)
    forget_draft(key=key)
    assert Draft.objects.count() == 1
    forget_draft(key=key, and_saved=True)
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("age", "kept_for"), [("18_64", KEPT_FOR), ("16_17", KEPT_FOR_MINORS), ("under_16", KEPT_FOR_MINORS)]
)
def test_saved_answers_are_deleted_after_7_days_and_those_of_the_young_after_24_hours(
    at: datetime, age: str, kept_for: timedelta
) -> None:
    draft, _ = begun(at, age_band=[age])
    save_draft(draft=draft, at=at)
    assert delete_expired_drafts(at=at + kept_for - SOON) == 0
    assert delete_expired_drafts(at=at + kept_for) == 1
    assert (timedelta(days=7), timedelta(hours=24)) == (KEPT_FOR, KEPT_FOR_MINORS)


def test_answers_nobody_saved_are_deleted_when_they_close(at: datetime) -> None:
    begun(at)
    assert delete_expired_drafts(at=at + OPEN_FOR - SOON) == 0
    sweep(subject=None, at=at + OPEN_FOR)
    assert Draft.objects.count() == 0


def test_the_sweep_repeats_by_itself() -> None:
    assert kind_named("intake.tasks.delete_expired_drafts").every == 300


def test_a_young_person_who_says_so_after_saving_is_forgotten_sooner(at: datetime) -> None:
    draft, _ = begun(at)
    way = save_draft(draft=draft, at=at)
    opened, _ = reopen_draft(link=way.link, code=way.code, at=at)
    kept = keep_answers(draft=opened, said={"age_band": ["16_17"]}, at=at)
    assert kept.expires_at == at + KEPT_FOR_MINORS


def test_coming_back_gives_a_new_key_and_ends_the_old_one(at: datetime) -> None:
    draft, key = begun(at)
    way = save_draft(draft=draft, at=at)
    _, again = reopen_draft(link=way.link, code=way.code, at=at)
    assert open_draft(again, at) == draft
    assert open_draft(key, at) is None


def test_wrong_codes_are_counted_also_across_requests_and_forgotten_after_a_while(at: datetime) -> None:
    draft, _ = begun(at)
    way = save_draft(draft=draft, at=at)
    for _ in range(5):
        with pytest.raises(WrongCode):
            reopen_draft(link=way.link, code="WRONG", at=at)
    for code in (way.code, "WRONG"):
        with pytest.raises(TooManyTries):
            reopen_draft(link=way.link, code=code, at=at + timedelta(minutes=14))
    assert reopen_draft(link=way.link, code=way.code, at=at + timedelta(minutes=15))


def test_a_draft_is_saved_with_both_a_link_and_a_code(at: datetime) -> None:
    draft, _ = begun(at)
    draft.link_hash = draft_keys.hash_of("link")
    with pytest.raises(IntegrityError):
        draft.save()
