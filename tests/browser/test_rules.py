"""The rules at the desk, in a browser: a draft from beginning to end, on a phone and on a wide screen."""

from playwright.sync_api import Page, expect

from crm.models import Lead
from intake.models import Replay, RuleSet
from intake.models.ruleset import RuleSetState
from intake.services.replays import replay_batch
from jobs.clock import database_now
from tests.browser.axe import overflow, violations
from tests.browser.going import follow

SCREENS = ({"width": 375, "height": 700}, {"width": 1280, "height": 900})


def fine(page: Page, name: str) -> None:
    for screen in SCREENS:
        page.set_viewport_size(screen)
        assert violations(page) == [], name
        assert overflow(page) <= 0, name


def begin_a_draft(page: Page) -> RuleSet:
    page.goto("/desk/rules/")
    follow(page.get_by_role("link", name="2026.1"))
    follow(page.get_by_role("button", name="Begin a draft from it"))
    expect(page.get_by_text("It places nobody until it is approved.")).to_be_visible()
    return RuleSet.objects.get(state=RuleSetState.DRAFT)


def test_a_draft_is_changed_checked_and_tried(desk: Page) -> None:
    desk.set_viewport_size(SCREENS[1])
    draft = begin_a_draft(desk)
    follow(desk.get_by_role("link", name="Change ketamine-regular"))
    desk.get_by_label("Condition").fill('"tremour" in symptoms')
    follow(desk.get_by_role("button", name="Save in the draft"))
    expect(desk.locator(".error-summary")).to_contain_text("No answer and no rule above is ever “tremour”.")
    fine(desk, "rule-with-error")
    desk.get_by_label("Condition").fill('substances.exists(s, s.name == "ketamine" && s.regular)')
    desk.get_by_label("Level it asks for").select_option("U2")
    follow(desk.get_by_role("button", name="Save in the draft"))
    expect(desk.get_by_text("ketamine-regular is saved in the draft.")).to_be_visible()
    fine(desk, "draft")
    follow(desk.get_by_role("link", name="Run the stored cases"))
    fine(desk, "check")
    desk.goto(f"/desk/rules/{draft.pk}/")
    follow(desk.get_by_role("button", name="Try on the last 30 days"))
    expect(desk.get_by_text("0 of 7 leads so far.")).to_be_visible()
    fine(desk, "replay-running")
    replay_batch(replay_id=Replay.objects.get().pk, at=database_now())
    expect(desk.get_by_text("would move up")).to_be_visible()
    fine(desk, "replay")


def test_a_lead_says_why_and_takes_a_doubt(desk: Page) -> None:
    lead = Lead.objects.get(level="U1", main_substance="alcohol")
    desk.goto(f"/desk/leads/{lead.reference}/")
    expect(desk.locator(".because__fact").first).to_be_visible()
    desk.locator("summary", has_text="This rule looks wrong").click()
    fine(desk, "why")
    desk.get_by_label("Which rule").select_option("Signs of alcohol withdrawal now")
    desk.locator("#rule-flag-note").fill("They meant last year.")
    follow(desk.get_by_role("button", name="Tell a manager"))
    expect(desk.get_by_text("Managers and clinical leads will read it.")).to_be_visible()
    desk.goto("/desk/rules/flags/")
    expect(desk.get_by_text("They meant last year.")).to_be_visible()
    fine(desk, "flags")
    desk.get_by_label("What comes of it").fill("Changed in the next version.")
    follow(desk.get_by_role("button", name="Answer it"))
    expect(desk.get_by_text("It stands on the lead’s timeline.")).to_be_visible()
    fine(desk, "flags-answered")


def test_the_list_of_versions(desk: Page) -> None:
    desk.goto("/desk/rules/")
    fine(desk, "versions")
