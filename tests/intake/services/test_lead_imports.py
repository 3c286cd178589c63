"""Lists become enquiries: each row once, whatever breaks off when, and nothing of a row that failed."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from crm.enums import LeadChannel, Queue
from crm.models import Lead, Site, User
from intake.enums import ImportState
from intake.models import Enquiry, LeadImport
from intake.services import import_rows
from intake.services.import_rows import work_on_list
from intake.services.lead_imports import NotNow, check_list, drop_list, import_list, upload_list
from intake.services.placement import place_lead
from intake.services.reconciliation import reconcile
from intake.tasks import drop_unfinished_import, work_on_import
from jobs.clock import database_now
from jobs.models import Job
from notifications.models import Message

COLUMNS = {"name": 0, "phone": 1, "free_text": 2}
LIST = """Name,Phone,Notes
Ada Example,07700 900123,Drinks every day
Bo Example,07700 900456,Wants to stop
Nobody,,Cannot be reached
"""
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def batch(site: Site, manager: User) -> LeadImport:
    return upload_list(site=site, by=manager, text=LIST, at=database_now())


def work(batch: LeadImport, times: int = 100) -> LeadImport:
    """Do what workers do until nothing is left."""
    for _ in range(times):
        batch.refresh_from_db()
        if not batch.is_working:
            break
        work_on_import(subject=batch.pk, at=database_now())
    batch.refresh_from_db()
    return batch


def imported(batch: LeadImport, columns: dict[str, int] = COLUMNS) -> LeadImport:
    check_list(batch=batch, columns=columns, at=database_now())
    work(batch)
    import_list(batch=batch, at=database_now())
    return work(batch)


def lead_of(name: str) -> Lead:
    return next(lead for lead in Lead.objects.select_related("caller") if lead.caller.name == name)


def again(batch: LeadImport, text: str = LIST, columns: dict[str, int] = COLUMNS) -> LeadImport:
    return imported(upload_list(site=batch.site, by=batch.by, text=text, at=database_now()), columns)


def counts(batch: LeadImport) -> tuple[int, int, int, int]:
    return batch.opened, batch.joined, batch.known, batch.failed


def test_a_list_is_encrypted_while_it_is_here(batch: LeadImport) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM intake_leadimport")
        assert b"900123" not in bytes(cursor.fetchone()[0])
    assert batch.rows == 3


def test_the_check_makes_nothing_and_says_what_would_become_of_it(batch: LeadImport) -> None:
    check_list(batch=batch, columns=COLUMNS, at=database_now())
    work(batch)
    assert (batch.state, counts(batch)) == (ImportState.CHECKED, (2, 0, 0, 1))
    assert [number for number, _ in batch.problems] == [4]
    assert not Enquiry.objects.exists()
    assert not Lead.objects.exists()


def test_rows_become_enquiries_and_the_list_is_deleted(batch: LeadImport, manager: User) -> None:
    imported(batch)
    assert (batch.state, counts(batch), batch.content) == (ImportState.DONE, (2, 0, 0, 1), None)
    enquiries = Enquiry.objects.order_by("received_at")
    assert [enquiry.channel for enquiry in enquiries] == [LeadChannel.IMPORT] * 2
    assert {enquiry.taken_by for enquiry in enquiries} == {manager}
    assert {lead.caller.name for lead in Lead.objects.all()} == {"Ada Example", "Bo Example"}
    assert reconcile().unaccounted == 0


def test_triage_places_them_and_nobody_is_written_to(batch: LeadImport) -> None:
    again(batch, "Phone,E-mail\n07700 900123,ada@example.org\n", {"phone": 0, "email": 1})
    enquiry = Enquiry.objects.get()
    assert Job.objects.filter(kind="intake.tasks.place_lead", subject=enquiry.pk).exists()
    place_lead(enquiry_id=enquiry.pk, at=database_now())
    assert Lead.objects.get().queue in {Queue.PREBOOKED, Queue.URGENT}
    assert not [message for message in Message.objects.all() if message.to == "ada@example.org"]


def test_the_same_list_again_makes_nothing_again(batch: LeadImport) -> None:
    imported(batch)
    assert counts(again(batch)) == (0, 0, 2, 1)
    assert (Enquiry.objects.count(), Lead.objects.count()) == (2, 2)


def test_a_mended_list_adds_only_what_was_mended(batch: LeadImport) -> None:
    imported(batch)
    mended = LIST.replace("Nobody,,", "Cy Example,07700 900789,")
    assert counts(again(batch, mended)) == (1, 0, 2, 0)
    assert Lead.objects.count() == 3


def test_a_row_twice_in_one_list_is_made_once(batch: LeadImport) -> None:
    twice = "Name,Phone\nAda Example,07700 900123\nAda Example,07700 900123\n"
    assert counts(again(batch, twice)) == (1, 0, 1, 0)
    assert Enquiry.objects.count() == 1


def checked(batch: LeadImport, text: str, columns: dict[str, int] = COLUMNS) -> LeadImport:
    """Upload another list and have it checked, and no more."""
    found = upload_list(site=batch.site, by=batch.by, text=text, at=database_now())
    check_list(batch=found, columns=columns, at=database_now())
    return work(found)


MIXED = """Name,Phone,Notes
Ada Example,+44 7700 900123,Wrote again
Cy Example,07700 900789,New
Cy Example,07700 900789,"The same person, further down"
Di Example,07700 900789,Another person on the same phone
Cy Example,07700 900789,New
Nobody,,Cannot be reached
"""


def test_the_check_says_which_rows_would_join_which_lead_and_the_import_does_just_that(
    batch: LeadImport,
) -> None:
    imported(batch)
    ada = lead_of("Ada Example")
    found = checked(batch, MIXED)
    assert counts(found) == (2, 2, 1, 1)
    assert found.joins == [[2, ada.reference], [4, 3]]
    assert Lead.objects.count() == 2
    import_list(batch=found, at=database_now())
    done = work(found)
    assert counts(done) == (2, 2, 1, 1)
    assert done.joins[0] == [2, ada.reference]
    assert [row for row, _ in done.joins] == [2, 4]
    assert Lead.objects.count() == 4


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_check_knows_of_rows_above_in_an_earlier_batch(
    batch: LeadImport, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setitem(import_rows.BATCH, ImportState.CHECKING, size)
    imported(batch)
    found = checked(batch, MIXED)
    assert (counts(found), found.joins[1]) == ((2, 2, 1, 1), [4, 3])


def test_the_check_expects_nothing_of_a_lead_that_is_closed(batch: LeadImport) -> None:
    imported(batch)
    Lead.objects.update(stage="CLOSED", closed_at=database_now(), disposition="NOT_NOW")
    found = checked(batch, f"{LIST}Ada Example,07700 900123,Wrote again\n")
    assert (counts(found), found.joins) == ((1, 0, 2, 1), [])


def test_a_number_of_the_other_system_with_other_words_is_said_to_be_at_fault_beforehand(
    batch: LeadImport,
) -> None:
    text = "Id,Phone\n7,07700 900111\n7,07700 900222\n7,07700 900111\n"
    found = checked(batch, text, {"key": 0, "phone": 1})
    assert counts(found) == (1, 0, 1, 1)
    assert [number for number, _ in found.problems] == [3]


def test_a_list_that_was_only_checked_says_that_nothing_came_of_it(batch: LeadImport) -> None:
    found = checked(batch, MIXED)
    assert drop_list(batch_id=found.pk, at=database_now())
    found.refresh_from_db()
    assert (counts(found), found.next_row, found.joins, found.problems) == ((0, 0, 0, 0), 0, [], [])


def test_a_list_that_is_dropped_half_way_says_what_was_made_of_it(
    batch: LeadImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(import_rows.BATCH, ImportState.IMPORTING, 1)
    check_list(batch=batch, columns=COLUMNS, at=database_now())
    work(batch)
    import_list(batch=batch, at=database_now())
    work(batch, times=1)
    assert drop_list(batch_id=batch.pk, at=database_now())
    batch.refresh_from_db()
    assert (batch.state, batch.next_row, counts(batch)) == (ImportState.DROPPED, 1, (1, 0, 0, 0))
    assert Lead.objects.count() == 1
    assert counts(again(batch)) == (1, 0, 1, 1)


def test_somebody_who_is_known_joins_their_open_lead(batch: LeadImport) -> None:
    imported(batch)
    assert counts(again(batch, "Name,Phone\nAda Example,+44 7700 900123\n")) == (0, 1, 0, 0)
    assert Lead.objects.count() == 2
    assert Lead.objects.get(enquiry_count=2).caller.name == "Ada Example"


def test_a_number_of_the_other_system_with_other_words_is_left_for_a_person(batch: LeadImport) -> None:
    columns = {"key": 0, "phone": 1, "free_text": 2}
    first = again(batch, "ID,Phone,Notes\n17,07700 900123,Drinks\n", columns)
    other = upload_list(
        site=batch.site, by=batch.by, text="ID,Phone,Notes\n17,07700 900456,Uses\n", at=database_now()
    )
    check_list(batch=other, columns=columns, at=database_now())
    assert counts(work(other)) == (0, 0, 0, 1)
    import_list(batch=other, at=database_now())
    assert counts(work(other)) == (0, 0, 0, 1)
    assert "came before" in other.problems[0][1][0]
    assert counts(first) == (1, 0, 0, 0)
    assert Enquiry.objects.count() == 1


def test_a_batch_that_breaks_off_goes_on_and_counts_each_row_once(
    batch: LeadImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_list(batch=batch, columns=COLUMNS, at=database_now())
    work(batch)
    import_list(batch=batch, at=database_now())
    count = import_rows._count

    def dies_once(*args: object) -> bool:
        monkeypatch.setattr(import_rows, "_count", count)
        raise ConnectionError("the worker was killed between the enquiry and its count")

    monkeypatch.setattr(import_rows, "_count", dies_once)
    with pytest.raises(ConnectionError):
        work_on_list(batch_id=batch.pk, at=database_now())
    assert Enquiry.objects.count() == 1
    assert counts(work(batch)) == (2, 0, 0, 1)
    assert (Enquiry.objects.count(), Lead.objects.count()) == (2, 2)


def test_a_zombie_counts_nothing(batch: LeadImport) -> None:
    check_list(batch=batch, columns=COLUMNS, at=database_now())
    stale = LeadImport.objects.select_related("site").get(pk=batch.pk)
    work(batch)
    assert not import_rows._count(stale, 0, 2, import_rows.Outcome("opened"))
    batch.refresh_from_db()
    assert counts(batch) == (2, 0, 0, 1)


def test_a_long_list_is_done_in_batches_with_a_job_for_each(batch: LeadImport) -> None:
    rows = "\n".join(f"Person {n},07700 9{n:05d},x" for n in range(120))
    long = upload_list(site=batch.site, by=batch.by, text=f"Name,Phone,Notes\n{rows}\n", at=database_now())
    check_list(batch=long, columns=COLUMNS, at=database_now())
    work(long)
    import_list(batch=long, at=database_now())
    seen = []
    for _ in range(3):
        work_on_import(subject=long.pk, at=database_now())
        long.refresh_from_db()
        seen.append(long.next_row)
    assert seen == [50, 100, 120]
    jobs = Job.objects.filter(kind="intake.tasks.work_on_import", subject=long.pk)
    assert jobs.count() == 4  # the check, and three batches
    assert (long.state, Lead.objects.count()) == (ImportState.DONE, 120)


def test_nothing_is_imported_before_it_was_checked(batch: LeadImport) -> None:
    with pytest.raises(NotNow):
        import_list(batch=batch, at=database_now())
    imported(batch)
    for begin in (
        lambda: import_list(batch=batch, at=database_now()),
        lambda: check_list(batch=batch, columns=COLUMNS, at=database_now()),
    ):
        with pytest.raises(NotNow):
            begin()


def test_a_list_that_is_dropped_stops_and_is_gone(batch: LeadImport) -> None:
    check_list(batch=batch, columns=COLUMNS, at=database_now())
    assert drop_list(batch_id=batch.pk, at=database_now())
    assert not drop_list(batch_id=batch.pk, at=database_now())
    work_on_import(subject=batch.pk, at=database_now())
    batch.refresh_from_db()
    assert (batch.state, batch.content, batch.next_row) == (ImportState.DROPPED, None, 0)


def test_an_upload_that_nobody_goes_on_with_is_deleted_after_a_day(batch: LeadImport) -> None:
    job = Job.objects.get(kind="intake.tasks.drop_unfinished_import")
    assert job.due_at - batch.uploaded_at == timedelta(hours=24)
    drop_unfinished_import(subject=job.subject, at=job.due_at)
    batch.refresh_from_db()
    assert batch.state == ImportState.DROPPED


def test_the_database_keeps_no_list_that_is_done_with(batch: LeadImport) -> None:
    done: dict[str, str | datetime] = {"state": ImportState.DONE, "finished_at": database_now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        LeadImport.objects.filter(pk=batch.pk).update(**done)
