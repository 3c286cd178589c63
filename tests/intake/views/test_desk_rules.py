"""The pages about rules: who sees them, who may do what, and what each step says."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.models import Site, User
from intake.models import Replay, RuleSet
from intake.models.ruleset import RuleSetState
from intake.remembered import forget
from intake.services.replays import ask_for_replay, replay_batch
from intake.services.rule_sets import expect_what_is
from jobs.clock import database_now
from tests.factories import LeadFactory, PlacementFactory
from tests.intake.rules import a_changed_draft, a_draft, change, in_use, look_at
from tests.intake.views.pages import main

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
KETAMINE = {"name": "ketamine", "freq": "daily", "status": "using"}
CALM = {"age_band": "18_64", "suicide": "none_disclosed", "pregnancy": "no"}


@pytest.fixture(autouse=True)
def fresh(centre: Site) -> None:
    forget()


def page(rule_set: RuleSet, more: str = "") -> str:
    return f"/desk/rules/{rule_set.pk}/{more}"


def a_rule(**changed: object) -> dict[str, object]:
    rule = {"reason": "Gaming", "condition": '"gaming" in behaviours', "level": "P1", "messages": "MSTD"}
    return rule | changed


READ = ["", "check/", "phrases/", "new-rule/", "rules/under-18/"]
WRITE = [
    "draft/",
    "replay/",
    "delete/",
    "rules/under-18/remove/",
    "cases/C01/",
    "phrases/",
    "new-rule/",
    "rules/under-18/",
]
APPROVE = ["publish/", "roll-back/"]


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("clinician", 200), ("coordinator", 403), ("outsider", 404)]
)
def test_who_may_read(
    client: Client, request: pytest.FixtureRequest, manager: User, path: str, who: str, status: int
) -> None:
    draft = a_draft(manager)
    client.force_login(request.getfixturevalue(who))
    assert client.get(page(draft, path)).status_code == status


@pytest.mark.parametrize("path", WRITE + APPROVE)
@pytest.mark.parametrize(("who", "status"), [("coordinator", 403), ("outsider", 404)])
def test_who_may_not_change(
    client: Client, request: pytest.FixtureRequest, manager: User, path: str, who: str, status: int
) -> None:
    draft = a_draft(manager)
    client.force_login(request.getfixturevalue(who))
    assert client.post(page(draft, path)).status_code == status
    assert RuleSet.objects.count() == 2
    assert draft.events.count() == 1


@pytest.mark.parametrize("path", APPROVE)
def test_only_a_clinical_lead_approves(client: Client, manager: User, path: str) -> None:
    client.force_login(manager)
    assert client.post(page(a_changed_draft(manager), path)).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["draft/", "replay/", "publish/", "delete/", "roll-back/", "cases/C01/", "rules/under-18/remove/"],
)
def test_acts_are_posts(client: Client, manager: User, clinician: User, path: str) -> None:
    client.force_login(clinician)
    assert client.get(page(a_draft(manager), path)).status_code == 405


def test_what_is_in_use_has_no_page_to_edit_it(client: Client, manager: User) -> None:
    client.force_login(manager)
    for path in ("phrases/", "new-rule/", "rules/under-18/"):
        assert client.get(page(in_use(), path)).status_code == 404


def test_a_manager_drafts_and_a_clinical_lead_puts_in_use(
    client: Client, manager: User, clinician: User
) -> None:
    client.force_login(manager)
    client.post(page(in_use(), "draft/"))
    draft = RuleSet.objects.get(state=RuleSetState.DRAFT)
    client.post(
        page(draft, "rules/ketamine-regular/"),
        a_rule(
            reason="Ketamine, regularly",
            condition='substances.exists(s, s.name == "ketamine" && s.regular)',
            messages="MKET",
        ),
    )
    assert "Ketamine, regularly" in main(client.get(page(draft)))
    assert "A clinical lead who has edited nothing of it" in main(client.get(page(draft)))
    client.force_login(clinician)
    assert "Approve and put in use" not in main(client.get(page(draft)))
    assert "Look at it first" in main(client.post(page(draft, "publish/"), follow=True))
    client.get(page(draft, "check/"))
    assert "Before that, look at it as it is now: seen" in " ".join(main(client.get(page(draft))).split())
    client.post(page(draft, "replay/"))
    replay = Replay.objects.get()
    client.get(page(draft, f"tries/{replay.pk}/"), headers=HTMX)
    assert "Approve and put in use" not in main(client.get(page(draft)))
    replay_batch(replay_id=replay.pk, at=database_now())
    client.get(page(draft, f"tries/{replay.pk}/"), headers=HTMX)
    assert "Approve and put in use" in main(client.get(page(draft)))
    said = main(client.post(page(draft, "publish/"), follow=True))
    assert f"New enquiries are placed by {draft.version} from now on." in said
    assert in_use() == draft


def test_a_draft_is_deleted_and_stays_on_record(client: Client, manager: User) -> None:
    draft = a_changed_draft(manager)
    client.force_login(manager)
    assert "Delete this draft" in main(client.get(page(draft)))
    said = main(client.post(page(draft, "delete/"), follow=True))
    assert f"Draft {draft.version} is deleted." in said
    assert "Deleted drafts (1)" in said
    gone = main(client.get(page(draft)))
    assert "This draft was deleted." in gone
    assert "Draft deleted by Morgan Manager" in gone
    assert "Put it in use" not in gone
    assert client.get(page(draft, "rules/under-18/")).status_code == 404


def test_a_draft_of_a_colleague_is_deleted_by_a_clinical_lead_only(
    client: Client, manager: User, clinician: User, centre: Site
) -> None:
    draft = a_draft(clinician)
    client.force_login(manager)
    assert "Delete this draft" not in main(client.get(page(draft)))
    said = main(client.post(page(draft, "delete/"), follow=True))
    assert "Whoever wrote a draft deletes it, or a clinical lead." in said
    client.force_login(clinician)
    mine = a_draft(manager)
    client.post(page(mine, "delete/"))
    mine.refresh_from_db()
    assert mine.state == RuleSetState.DISCARDED


def test_an_editor_reads_why_they_cannot_approve(client: Client, clinician: User) -> None:
    draft = a_changed_draft(clinician)
    client.force_login(clinician)
    assert "another clinical lead has to approve it" in main(client.get(page(draft)))
    assert "Another clinical lead has to approve it" in main(
        client.post(page(draft, "publish/"), follow=True)
    )
    assert in_use() != draft


def test_a_draft_that_fails_shows_which_cases(client: Client, manager: User, clinician: User) -> None:
    draft = a_draft(manager)
    change(draft, "emergency-unresponsive-breathing", manager, level="P2")
    client.force_login(clinician)
    said = main(client.post(page(draft, "publish/"), follow=True))
    assert "It stays out of use." in said
    assert "cannot be woken" in said
    assert in_use() != draft


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"condition": '"gaming" in behaviours &&'}, "at the end: something is missing."),
        ({"condition": '"gamming" in behaviours'}, "“gamming”"),
        ({"condition": ""}, "Write when the rule applies."),
        ({"messages": "MSTD M000"}, "There is no text called M000."),
        ({"reason": ""}, "Say in plain English"),
        ({"level": "X9"}, "X9"),
    ],
)
def test_a_mistake_is_said_at_the_rule_and_nothing_is_lost(
    client: Client, manager: User, changed: dict[str, object], words: str
) -> None:
    draft = a_draft(manager)
    client.force_login(manager)
    response = client.post(page(draft, "rules/under-18/"), a_rule(**changed))
    assert response.status_code == 422
    assert words in main(response)
    assert draft.events.count() == 1


def test_a_rule_is_added_and_left_out(client: Client, manager: User) -> None:
    draft = a_draft(manager)
    client.force_login(manager)
    client.post(page(draft, "new-rule/"), a_rule(rule="gaming-now"))
    assert draft.rules.filter(rule_id="gaming-now").exists()
    taken = client.post(page(draft, "new-rule/"), a_rule(rule="gaming-now"))
    assert "has that name already" in main(taken)
    client.post(page(draft, "rules/gaming-now/remove/"))
    assert not draft.rules.filter(rule_id="gaming-now").exists()


def test_words_to_look_for_are_one_a_line(client: Client, manager: User) -> None:
    draft = a_draft(manager)
    client.force_login(manager)
    client.post(page(draft, "phrases/"), {"phrases": "end my  life\r\n\r\nend my life\r\nno way out\r\n"})
    draft.refresh_from_db()
    assert draft.phrases == ["end my life", "no way out"]


def test_saving_a_rule_unchanged_changes_nothing(client: Client, manager: User) -> None:
    draft = a_draft(manager)
    client.force_login(manager)
    shown = client.get(page(draft, "rules/emergency-danger-now/")).context["form"].initial
    client.post(page(draft, "rules/emergency-danger-now/"), shown)
    assert draft.events.count() == 1


def test_a_case_is_changed_from_its_page(client: Client, manager: User, clinician: User) -> None:
    draft = a_draft(manager)
    change(draft, "alcohol-previous-complication", manager, level="P1")
    client.force_login(manager)
    assert "This is what we want" in main(client.get(page(draft, "check/")))
    said = main(client.post(page(draft, "cases/C01/"), follow=True))
    assert "Case C01 is changed in this draft" in said
    client.force_login(clinician)
    assert "Stored cases that were changed with it: C01" in " ".join(main(client.get(page(draft))).split())


def test_rolling_back_needs_a_reason(client: Client, manager: User, clinician: User) -> None:
    before, draft = in_use(), a_changed_draft(manager)
    look_at(draft, clinician)
    client.force_login(clinician)
    client.post(page(draft, "publish/"))
    assert "Say why" in main(client.post(page(before, "roll-back/"), {"reason": ""}, follow=True))
    client.post(page(before, "roll-back/"), {"reason": "Too many leads moved."})
    assert in_use() == before
    assert "Too many leads moved." in main(client.get(page(before)))


def a_replay(client: Client, site: Site, by: User) -> Replay:
    at = database_now()
    for place in (site, LeadFactory().site):
        lead = LeadFactory(site=place, unrouted=True)
        lead.level, lead.queue, lead.placed_at = "P1", "PREBOOKED", at
        lead.save()
        PlacementFactory(lead=lead, answers=CALM | {"substances": [KETAMINE]}, decided_at=at)
    draft = a_draft(by)
    change(draft, "ketamine-regular", by, level="U1")
    return ask_for_replay(rule_set=draft, by=by, at=at)


def test_a_replay_shows_how_far_it_is_and_then_its_leads(client: Client, centre: Site, manager: User) -> None:
    replay = a_replay(client, centre, manager)
    path = page(replay.rule_set, f"tries/{replay.pk}/")
    client.force_login(manager)
    running = client.get(path, headers=HTMX).content.decode()
    assert "0 of " in running
    assert 'hx-trigger="every 2s"' in running
    replay_batch(replay_id=replay.pk, at=database_now())
    done = client.get(path, headers=HTMX).content.decode()
    assert "hx-trigger" not in done
    ours, theirs = [move["lead"] for move in Replay.objects.get().moves]
    assert "2 leads would move up, 0 would move down" in done
    assert ours in done
    assert theirs not in done, "a lead of another site is counted, not shown"
    assert "1 more at sites of which you see no leads" in done


def test_a_replay_of_an_older_text_says_so(client: Client, centre: Site, manager: User) -> None:
    replay = a_replay(client, centre, manager)
    replay_batch(replay_id=replay.pk, at=database_now())
    change(replay.rule_set, "ketamine-regular", manager, level="U2")
    client.force_login(manager)
    assert "has been changed since" in main(client.get(page(replay.rule_set, f"tries/{replay.pk}/")))


def test_asking_for_a_replay_leads_to_it(client: Client, manager: User) -> None:
    client.force_login(manager)
    response = client.post(page(a_draft(manager), "replay/"))
    assert response.url.endswith(f"/tries/{Replay.objects.get().pk}/")


def test_the_lists_cost_the_same_with_many_versions(client: Client, manager: User) -> None:
    client.force_login(manager)

    def queries(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as found:
            client.get(path)
        return len(found)

    draft = a_draft(manager)
    one, alone = queries("/desk/rules/"), queries(page(draft))
    for number in range(30):
        expect_what_is(draft=draft, case_id="C01", by=manager, at=database_now())
        a_draft(manager) if number < 5 else None
    assert (queries("/desk/rules/"), queries(page(draft))) == (one, alone)
