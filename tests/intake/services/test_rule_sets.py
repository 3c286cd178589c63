"""Versions of the rules: what can be edited, who may put them in use, and what holds them back."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from crm.enums import Role
from crm.models import Site, User
from intake.models import Rule, RuleSet, RuleSetEvent
from intake.models.ruleset import RuleSetState
from intake.remembered import forget
from intake.rule_refusals import (
    ChecksFailed,
    IdTaken,
    NeedsAnotherPerson,
    NeedsClinicalApprover,
    NoSuchRule,
    NotADraft,
    NotRetired,
    NotTriedYet,
    NotYourDraft,
    SayWhy,
)
from intake.rule_sets import differences, rule_set_data
from intake.rule_trials import Looked, what_was_seen
from intake.selectors import current_rule_set
from intake.services.content import load_shipped_content
from intake.services.replays import ask_for_replay
from intake.services.rule_sets import (
    RuleText,
    add_rule,
    begin_draft,
    change_phrases,
    change_rule,
    discard_draft,
    expect_what_is,
    problems_of,
    publish_rule_set,
    remove_rule,
    roll_back_to,
)
from intake.services.rule_trials import note_cases_run, note_replay_seen
from jobs.clock import database_now
from tests.factories import MembershipFactory
from tests.intake.rules import HARMLESS, a_changed_draft, a_draft, change, in_use, look_at, text_of

GAMING = RuleText("Gaming", '"gaming" in behaviours', "P1", ["MSTD"], [])


@pytest.fixture(autouse=True)
def shipped(site: Site) -> None:
    load_shipped_content()
    forget()


def publish(draft: RuleSet, by: User, site: Site) -> None:
    look_at(draft, by)
    publish_unseen(draft, by, site)


def publish_unseen(draft: RuleSet, by: User, site: Site) -> None:
    publish_rule_set(draft=draft, by=by, site=site, at=database_now())
    forget()


def test_a_draft_has_everything_of_its_source(manager: User) -> None:
    draft = a_draft(manager)
    assert draft.state == RuleSetState.DRAFT
    assert rule_set_data(draft).rules == rule_set_data(in_use()).rules
    assert (draft.phrases, draft.based_on, draft.created_by) == (in_use().phrases, in_use(), manager)
    assert differences(rule_set_data(in_use()), rule_set_data(draft)) == []


def test_two_drafts_of_one_day_have_two_names(manager: User) -> None:
    assert a_draft(manager).version != a_draft(manager).version


def test_each_edit_is_an_event_with_what_was_and_what_is(manager: User) -> None:
    draft = a_changed_draft(manager)
    [drafted, changed] = draft.events.order_by("occurred_at", "id")
    assert (drafted.kind, changed.kind, changed.by) == ("DRAFTED", "RULE_CHANGED", manager)
    assert changed.data["before"]["reason"] == "Regular ketamine"
    assert changed.data["after"]["reason"] == "Regular ketamine, as written here"


@pytest.mark.parametrize(("level", "asks_for_less"), [("P2", True), ("", True), ("U1", False), ("P1", False)])
def test_an_approver_is_told_which_rules_ask_for_less(manager: User, level: str, asks_for_less: bool) -> None:
    draft = a_draft(manager)
    change(draft, "ketamine-regular", manager, level=level, reason="Ketamine")
    [found] = differences(rule_set_data(in_use()), rule_set_data(draft))
    assert found.asks_for_less == asks_for_less


def test_saving_a_rule_as_it_was_is_no_edit(manager: User) -> None:
    draft = a_draft(manager)
    change(draft, "ketamine-regular", manager)
    assert draft.events.count() == 1


def test_a_new_rule_stands_above_the_last_one(manager: User) -> None:
    draft = a_draft(manager)
    add_rule(draft=draft, rule_id="gaming", text=GAMING, by=manager, at=database_now())
    assert [rule.rule_id for rule in draft.rules.all()][-2:] == ["gaming", "standard"]
    with pytest.raises(IdTaken):
        add_rule(draft=draft, rule_id="gaming", text=GAMING, by=manager, at=database_now())


def test_a_rule_can_be_left_out_once(manager: User) -> None:
    draft = a_draft(manager)
    remove_rule(draft=draft, rule_id="driving-advice", by=manager, at=database_now())
    [gone] = differences(rule_set_data(in_use()), rule_set_data(draft))
    assert (gone.rule_id, gone.what) == ("driving-advice", "removed")
    with pytest.raises(NoSuchRule):
        remove_rule(draft=draft, rule_id="driving-advice", by=manager, at=database_now())
    with pytest.raises(NoSuchRule):
        change_rule(draft=draft, rule_id="driving-advice", text=GAMING, by=manager, at=database_now())


def test_another_clinical_lead_puts_a_draft_in_use(manager: User, clinician: User, site: Site) -> None:
    before, draft = in_use(), a_changed_draft(manager)
    publish(draft, clinician, site)
    draft.refresh_from_db()
    assert (in_use(), draft.approver) == (draft, clinician)
    assert current_rule_set().version == draft.version
    assert draft.published_at
    before.refresh_from_db()
    assert before.state == RuleSetState.RETIRED
    kinds = RuleSetEvent.objects.filter(by=clinician).values_list("kind", "rule_set__version")
    put_in_use = [each for each in kinds if each[0] in {"PUBLISHED", "RETIRED"}]
    assert sorted(put_in_use) == [("PUBLISHED", draft.version), ("RETIRED", before.version)]


def test_nobody_puts_in_use_what_they_have_not_looked_at(manager: User, clinician: User, site: Site) -> None:
    before, draft = in_use(), a_changed_draft(manager)
    look_at(draft, manager)  # somebody else's look is not the approver's
    with pytest.raises(NotTriedYet):
        publish_unseen(draft, clinician, site)
    note_cases_run(rule_set=draft, by=clinician, problems=0, at=database_now())
    with pytest.raises(NotTriedYet):
        publish_unseen(draft, clinician, site)
    assert in_use() == before
    look_at(draft, clinician)
    publish_unseen(draft, clinician, site)
    assert in_use() == draft


def test_a_look_at_an_earlier_text_does_not_count(manager: User, clinician: User, site: Site) -> None:
    draft = a_changed_draft(manager)
    look_at(draft, clinician)
    change(draft, "ketamine-regular", manager, reason="Other words")
    change(draft, "ketamine-regular", manager, **HARMLESS)
    assert what_was_seen(draft, clinician) == Looked(cases=False, replay=False)
    with pytest.raises(NotTriedYet):
        publish_unseen(draft, clinician, site)


def test_a_try_against_rules_that_are_not_in_use_any_more_does_not_count(
    manager: User, clinician: User, site: Site
) -> None:
    draft, other = a_changed_draft(manager), a_changed_draft(manager)
    look_at(draft, clinician)
    publish(other, clinician, site)
    assert what_was_seen(draft, clinician) == Looked(cases=True, replay=False)
    look_at(draft, clinician)
    publish_unseen(draft, clinician, site)


def test_a_try_that_has_not_ended_cannot_have_been_read(manager: User, clinician: User, site: Site) -> None:
    draft = a_changed_draft(manager)
    note_cases_run(rule_set=draft, by=clinician, problems=0, at=database_now())
    replay = ask_for_replay(rule_set=draft, by=clinician, at=database_now())
    note_replay_seen(replay=replay, by=clinician, at=database_now())
    assert not what_was_seen(draft, clinician).replay


def test_looking_twice_is_written_down_once(manager: User, clinician: User) -> None:
    draft = a_changed_draft(manager)
    for _ in range(3):
        note_cases_run(rule_set=draft, by=clinician, problems=0, at=database_now())
        note_cases_run(rule_set=in_use(), by=clinician, problems=0, at=database_now())
    assert draft.events.filter(kind="CASES_RUN").count() == 1
    assert not in_use().events.exists()


@pytest.mark.parametrize("who", ["manager", "clinician"])
def test_a_draft_is_deleted_by_its_author_or_a_clinical_lead_and_stays_on_record(
    request: pytest.FixtureRequest, manager: User, site: Site, who: str
) -> None:
    draft, by = a_changed_draft(manager), request.getfixturevalue(who)
    discard_draft(draft=draft, by=by, site=site, at=database_now())
    draft.refresh_from_db()
    assert draft.state == RuleSetState.DISCARDED
    last = draft.events.latest("pk")
    assert (last.kind, last.by) == ("DISCARDED", by)
    assert draft.rules.exists()


def test_nobody_else_deletes_a_draft_and_nobody_what_was_in_use(
    manager: User, clinician: User, site: Site
) -> None:
    other = MembershipFactory(site=site, role=Role.MANAGER).user
    with pytest.raises(NotYourDraft):
        discard_draft(draft=a_draft(manager), by=other, site=site, at=database_now())
    with pytest.raises(NotADraft):
        discard_draft(draft=in_use(), by=clinician, site=site, at=database_now())


def test_a_deleted_draft_is_never_used_nor_changed_again(manager: User, clinician: User, site: Site) -> None:
    draft = a_changed_draft(manager)
    look_at(draft, clinician)
    discard_draft(draft=draft, by=manager, site=site, at=database_now())
    with pytest.raises(NotADraft):
        publish_unseen(draft, clinician, site)
    with pytest.raises(NotADraft):
        change(draft, "ketamine-regular", manager, reason="Back again")
    with pytest.raises(NotRetired):
        roll_back_to(earlier=draft, by=clinician, site=site, reason="Ten characters", at=database_now())
    for state in ("DRAFT", "PUBLISHED", "RETIRED"):
        with pytest.raises(IntegrityError), transaction.atomic():
            RuleSet.objects.filter(pk=draft.pk).update(state=state)


def test_what_was_in_use_cannot_be_deleted_in_the_database_either() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSet.objects.filter(pk=in_use().pk).update(state=RuleSetState.DISCARDED)


def test_no_editor_approves_their_own_draft(manager: User, clinician: User, site: Site) -> None:
    draft = a_changed_draft(manager)
    change(draft, "ketamine-regular", clinician, reason="Ketamine")
    with pytest.raises(NeedsAnotherPerson):
        publish(draft, clinician, site)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR, Role.CLINICIAN])
def test_only_a_clinical_lead_of_the_site_approves(manager: User, site: Site, role: Role) -> None:
    draft = a_changed_draft(manager)
    with pytest.raises(NeedsClinicalApprover):
        publish(draft, MembershipFactory(site=site, role=role).user, site)
    with pytest.raises(NeedsClinicalApprover):
        publish(draft, MembershipFactory(role=Role.CLINICAL_LEAD).user, site)


def test_what_fails_its_cases_stays_out_of_use(manager: User, clinician: User, site: Site) -> None:
    draft = a_draft(manager)
    change(draft, "emergency-unresponsive-breathing", manager, level="P2")
    with pytest.raises(ChecksFailed) as refused:
        publish(draft, clinician, site)
    assert any("level is" in problem for problem in refused.value.problems)
    assert in_use() != draft


def test_a_rule_by_which_a_sign_lowers_the_level_stays_out_of_use(manager: User) -> None:
    draft = a_draft(manager)
    condition = text_of(draft, "requested-today").condition + ' && !("anxiety" in symptoms)'
    change(draft, "requested-today", manager, condition=condition)
    assert any("Adding symptoms anxiety lowers" in problem for problem in problems_of(draft))


def test_a_case_that_is_to_change_is_changed_by_hand_and_on_record(manager: User) -> None:
    draft = a_draft(manager)
    change(draft, "alcohol-previous-complication", manager, level="P1")
    cases = {problem.split(":")[0].removeprefix("Case ") for problem in problems_of(draft)}
    assert cases
    for case in cases:
        expect_what_is(draft=draft, case_id=case, by=manager, at=database_now())
    draft.refresh_from_db()
    assert problems_of(draft) == []
    assert set(draft.expectations) == cases
    changed = draft.events.filter(kind="CASE_CHANGED").first()
    assert changed
    assert changed.data["before"] != changed.data["after"]
    with pytest.raises(NoSuchRule):
        expect_what_is(draft=draft, case_id="none", by=manager, at=database_now())


def test_rolling_back_brings_the_earlier_version_into_use(manager: User, clinician: User, site: Site) -> None:
    before, draft = in_use(), a_changed_draft(manager)
    publish(draft, clinician, site)
    with pytest.raises(SayWhy):
        roll_back_to(earlier=before, by=clinician, site=site, reason="short", at=database_now())
    roll_back_to(earlier=before, by=clinician, site=site, reason="Too many leads moved.", at=database_now())
    forget()
    assert current_rule_set().version == before.version
    rolled = RuleSetEvent.objects.get(kind="ROLLED_BACK")
    assert (rolled.by, rolled.note, rolled.data) == (
        clinician,
        "Too many leads moved.",
        {"instead_of": draft.version},
    )


def test_only_what_was_in_use_can_come_back(manager: User, clinician: User, site: Site) -> None:
    for rule_set in (a_draft(manager), in_use()):
        with pytest.raises(NotRetired):
            roll_back_to(earlier=rule_set, by=clinician, site=site, reason="Long enough", at=database_now())
    publish(a_changed_draft(manager), clinician, site)
    [earlier] = RuleSet.objects.filter(state=RuleSetState.RETIRED)
    with pytest.raises(NeedsClinicalApprover):
        roll_back_to(earlier=earlier, by=manager, site=site, reason="Long enough", at=database_now())


EDITS: list[Callable[[RuleSet, User], None]] = [
    lambda draft, by: change(draft, "ketamine-regular", by, level="U1"),
    lambda draft, by: add_rule(draft=draft, rule_id="new", text=GAMING, by=by, at=database_now()),
    lambda draft, by: remove_rule(draft=draft, rule_id="under-18", by=by, at=database_now()),
    lambda draft, by: change_phrases(draft=draft, phrases=["x"], by=by, at=database_now()),
    lambda draft, by: expect_what_is(draft=draft, case_id="1", by=by, at=database_now()),
]


@pytest.mark.parametrize("edit", EDITS, ids=["change", "add", "remove", "phrases", "case"])
def test_what_is_in_use_is_edited_by_no_service(manager: User, edit: Callable[[RuleSet, User], None]) -> None:
    with pytest.raises(NotADraft):
        edit(in_use(), manager)


def test_the_database_refuses_edits_of_what_was_in_use(manager: User, clinician: User, site: Site) -> None:
    before = in_use()
    publish(a_changed_draft(manager), clinician, site)
    rule = Rule.objects.get(rule_set=in_use(), rule_id="under-18")
    tries: list[Callable[[], object]] = [
        lambda: Rule.objects.filter(pk=rule.pk).update(level="P2"),
        rule.delete,
        lambda: Rule.objects.create(
            rule_set=before, rule_id="new", position=99, reason="x", condition="true"
        ),
        lambda: RuleSet.objects.filter(pk=before.pk).update(phrases=[]),
        lambda: RuleSet.objects.filter(pk=before.pk).update(state=RuleSetState.DRAFT),
        lambda: RuleSetEvent.objects.update(by=manager),
        lambda: RuleSetEvent.objects.all().delete(),
    ]
    for attempt in tries:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_the_database_knows_that_no_editor_approves(manager: User, clinician: User) -> None:
    draft = a_draft(clinician)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSet.objects.filter(pk=draft.pk).update(state=RuleSetState.RETIRED)
    in_use_now = in_use()
    RuleSet.objects.filter(pk=in_use_now.pk).update(state=RuleSetState.RETIRED)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSet.objects.filter(pk=draft.pk).update(state=RuleSetState.PUBLISHED, approver=clinician)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSet.objects.filter(pk=draft.pk).update(state=RuleSetState.PUBLISHED)
    RuleSet.objects.filter(pk=draft.pk).update(state=RuleSetState.PUBLISHED, approver=manager)


def test_a_draft_of_a_retired_version_begins_with_its_rules(
    manager: User, clinician: User, site: Site
) -> None:
    before = in_use()
    publish(a_changed_draft(manager), clinician, site)
    draft = begin_draft(source=before, by=manager, at=database_now())
    assert rule_set_data(draft).rules == rule_set_data(before).rules
