"""The steps of an alert in plain words, and what may not be taken out of them."""

from collections.abc import Collection
from datetime import timedelta

from crm.alert_steps import MANAGER_WITHIN, Line, Plan, Step
from crm.enums import AlertLevel, Level, Role, Who
from crm.promises import in_words
from crm.targets import target_minutes
from notifications.enums import ChannelName

BY = {
    ChannelName.EMAIL: "e-mail",
    ChannelName.SMS: "text",
    ChannelName.VOICE: "phone call",
    ChannelName.PUSH: "push message",
    ChannelName.WEBHOOK: "webhook",
}
ROLES = {
    Role.COORDINATOR: "all intake coordinators",
    Role.CLINICIAN: "all clinicians",
    Role.CLINICAL_LEAD: "all clinical leads",
    Role.MANAGER: "all managers",
}
WHO = {
    Who.OWNER: "whoever has the lead, or else everybody on shift,",
    Who.ON_SHIFT: "everybody on shift",
    Who.ON_CALL_1: "whoever is on call first",
    Who.ON_CALL_2: "whoever is on call second",
    Who.ON_CALL_3: "whoever is on call third",
    Who.GETS_ALERTS: "everybody who gets alerts",
}
LONGEST_REPEAT = 3600  # seconds


def step_in_words(step: Step, in_use: Collection[ChannelName]) -> str:
    """Return a step as a sentence: when, who, by which of the channels that are set up."""
    when = "At once" if not step.after else f"After {in_words(timedelta(seconds=step.after))}"
    return f"{when}: {'; '.join(_line(line, in_use) for line in step.lines)}."


def end_in_words(plan: Plan) -> str:
    """Return what happens when nobody answers any of it."""
    red = in_words(timedelta(seconds=plan.red_after))
    again = in_words(timedelta(seconds=plan.repeat_after))
    last = "the last step" if len(plan.steps) > 1 else "this step"
    return f"After {red} every screen is red. Then {last} again every {again}, until somebody answers."


def bounds_of(level: AlertLevel) -> str:
    """Return what a site cannot take out."""
    manager = in_words(timedelta(seconds=_manager_within(level)))
    return (
        f"Somebody is told at once, and all managers within {manager}: that stays, whatever else you change."
    )


def problems_of(plan: Plan, level: AlertLevel) -> list[str]:
    """Return why a plan would leave an alert without somebody who must be told; nothing if it may hold."""
    if not plan.steps:
        return ["Somebody must be told at once."]
    within = _manager_within(level)
    found = {
        "Somebody must be told at once: the first step is after 0 minutes.": plan.steps[0].after != 0,
        f"All managers must be told within {in_words(timedelta(seconds=within))}.": not any(
            line.is_manager for step in plan.steps if step.after <= within for line in step.lines
        ),
        "Choose at least one channel for everybody.": not all(
            line.channels for step in plan.steps for line in step.lines
        ),
        "The last step is repeated every 1 to 60 minutes.": not 60 <= plan.repeat_after <= LONGEST_REPEAT,
    }
    return [words for words, is_wrong in found.items() if is_wrong]


def _manager_within(level: AlertLevel) -> int:
    """Return the seconds after which a manager must know: five minutes, or while there is time to call."""
    return MANAGER_WITHIN if level.needs_manager_soon else target_minutes(Level(level.value)) * 60


def _line(line: Line, in_use: Collection[ChannelName]) -> str:
    channels = [channel for channel in line.channels if channel in in_use] or [ChannelName.EMAIL]
    who = ROLES[line.role] if line.role else WHO[line.who]
    return f"{who} by {listed([BY[channel] for channel in channels])}"


def listed(words: list[str], joined: str = "and") -> str:
    """Return words as a list in a sentence."""
    return f" {joined} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
