"""The answers in the words that callers read. Values are those of triage/SPEC section 5 (intake.enums).

Labels are translated when a page is rendered. The enums' own stay English, for staff; callers read them in
the language of the page (config.catalogues.extraction knows which enums).
"""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_stubs_ext import StrOrPromise

from crm.enums import CallerRole
from intake.enums import (
    AgeBand,
    Frequency,
    History,
    Medical,
    PersonAware,
    Pregnancy,
    Programme,
    Situation,
    Source,
    SubstanceName,
    Suicide,
    Symptom,
    Timing,
    ToleranceBreak,
    UseStatus,
)

Choices = tuple[tuple[str, StrOrPromise], ...]


def labelled(members: Iterable[TextChoices]) -> Choices:
    return tuple((str(member.value), _(str(member.label))) for member in members)


def in_english(label: StrOrPromise) -> str:
    """Return a label for the rules and for staff, whatever the language of the page."""
    with override(settings.LANGUAGE_CODE):
        return str(label)


def said(words: Mapping[TextChoices, StrOrPromise]) -> Choices:
    """Return choices in our own words, by plain values: enum members slow a form down."""
    return tuple((str(member.value), label) for member, label in words.items())


# Ticked alone: they exclude whatever else is on a list, and say nothing to the rules.
NONE, UNKNOWN = "none_of_these", "unknown"
DO_NOT_KNOW: Choices = ((UNKNOWN, _("I do not know, or would rather not say")),)
NO_ANSWER: Choices = ((NONE, _("None of these")), *DO_NOT_KNOW)


def stated(ticked: Iterable[str]) -> list[str]:
    """Return what was ticked of a list, without "none of these" and "I do not know"."""
    return [each for each in ticked if each not in {NONE, UNKNOWN}]


WHO_FOR: Choices = said(
    {
        CallerRole.SELF: _("Me"),
        CallerRole.LOVED_ONE: _("Someone I care about"),
        CallerRole.PROFESSIONAL: _("Someone I work with or look after"),
    }
)
AGREED: Choices = said(
    {
        PersonAware.YES: _("Yes, and they are happy for you to talk to them"),
        PersonAware.NO: _("No"),
        PersonAware.UNKNOWN: _("I am not sure"),
    }
)

# Danger first. The last two are no symptoms: they put into words what somebody may be unable to write.
ILL_AFTER_STOPPING, SOMETHING_ELSE = "ill_after_stopping", "something_else"
NEEDS: dict[str, StrOrPromise] = {
    ILL_AFTER_STOPPING: _("Feeling ill after stopping or cutting down"),
    SOMETHING_ELSE: _("Something else: help is needed soon"),
}
# On a page that does not ask about suicide. Quoted, because nobody has been asked yet how safe they are: the
# words reach the rules as words (`free-text-red-flag`).
THOUGHTS = "thoughts_of_suicide"
SAID_IN_WORDS: dict[str, StrOrPromise] = {
    THOUGHTS: _("Thoughts such as “I want to end my life”"),
    **NEEDS,
}
DANGER_SYMPTOMS = (
    Symptom.UNRESPONSIVE_OR_SLOW_BREATHING,
    Symptom.SEVERE_BREATHING_DIFFICULTY,
    Symptom.CHEST_PAIN,
    Symptom.SEIZURE_24H,
    Symptom.OVERDOSE_24H,
    Symptom.CONFUSION,
    Symptom.HALLUCINATIONS,
    Symptom.VOMITING_BLOOD,
    Symptom.HEAD_INJURY_BLACKOUT,
)
DANGER_SITUATIONS: dict[TextChoices, StrOrPromise] = {
    Situation.DANGER_NOW: _("Violence, or someone is in danger now"),
    Situation.CHILD_DANGER_NOW: _("A child is in danger now"),
}
DANGER: Choices = (*labelled(DANGER_SYMPTOMS), *said(DANGER_SITUATIONS))
HAPPENING: Choices = (*DANGER, *NEEDS.items())
HAPPENING_FIRST: Choices = (*DANGER, *SAID_IN_WORDS.items())
# "violence" is asked above, in one line with danger
OTHER_SYMPTOMS: Choices = labelled(
    each for each in Symptom if each not in {*DANGER_SYMPTOMS, Symptom.VIOLENCE}
)

SUICIDE: Choices = said(
    {
        Suicide.NONE_DISCLOSED: _("No"),
        Suicide.THOUGHTS_SAFE_NOW: _("Yes, there are thoughts, but safe for now"),
        Suicide.PLAN_OR_MEANS: _("Yes, and there is a plan or a way to do it"),
        Suicide.NOT_SAFE_NOW: _("Yes, and not safe right now, or already hurt"),
        Suicide.UNKNOWN: _("I do not know, or would rather not say"),
    }
)
AGE: Choices = labelled(AgeBand)
PREGNANCY: Choices = labelled(Pregnancy)
PAST: Choices = labelled(each for each in History if each != History.DEBT_CRISIS)
PAST_AND_DEBT: Choices = labelled(History)
AROUND: Choices = labelled(
    (
        Situation.ALONE,
        Situation.NO_SAFE_PLACE,
        Situation.ABUSE_OR_COERCION,
        Situation.LIVES_WITH_CHILDREN,
        Situation.CHILDREN_AT_RISK,
    )
)
TRAVEL: Choices = labelled((Situation.DRIVES, Situation.VOCATIONAL_DRIVER, Situation.MOBILITY_NEEDS))
MEDICAL: Choices = labelled(
    each for each in Medical if each != Medical.EPILEPSY
)  # asked once, under the past
TIMING: Choices = said(
    {
        Timing.NOW: _("Today, if that is possible"),
        Timing.WITHIN_72H: _("In the next 3 days"),
        Timing.WITHIN_2_WEEKS: _("In the next 2 weeks"),
        Timing.FLEXIBLE: _("I am not sure yet, or later"),
    }
)
ON_A_DATE = "date"  # not a timing of the answers: the date that follows it becomes one
TIMING_OR_DATE: Choices = (*TIMING, (ON_A_DATE, _("On a date that suits, or near it")))
PROGRAMMES: Choices = labelled(Programme)
BREAKS: Choices = said(
    {
        ToleranceBreak.NONE: _("No"),
        ToleranceBreak.DETOX_28D: _("Yes, a detox in the last 28 days"),
        ToleranceBreak.PRISON_28D: _("Yes, left prison in the last 28 days"),
        ToleranceBreak.HOSPITAL_28D: _("Yes, left hospital in the last 28 days"),
        ToleranceBreak.SELF_BREAK: _("Yes, another kind of break"),
        ToleranceBreak.UNKNOWN: _("I do not know, or would rather not say"),
    }
)

SUBSTANCES: dict[str, StrOrPromise] = {
    SubstanceName.ALCOHOL.value: _("Alcohol"),
    SubstanceName.BENZODIAZEPINE.value: _("Benzos, such as diazepam (Valium) or Xanax"),
    SubstanceName.Z_DRUG.value: _("Sleeping tablets, such as zopiclone"),
    SubstanceName.GABAPENTINOID.value: _("Pregabalin or gabapentin"),
    SubstanceName.BARBITURATE.value: _("Barbiturates"),
    SubstanceName.GHB_GBL.value: _("G (GHB or GBL)"),
    SubstanceName.OPIOID.value: _("Heroin, methadone, codeine or other opioids"),
    SubstanceName.NITAZENE_OR_UNKNOWN.value: _("Fentanyl, nitazenes, or tablets that nobody can be sure of"),
    SubstanceName.KETAMINE.value: _("Ketamine"),
    SubstanceName.COCAINE.value: _("Cocaine powder"),
    SubstanceName.CRACK.value: _("Crack"),
    SubstanceName.METHAMPHETAMINE.value: _("Crystal meth (Tina)"),
    SubstanceName.AMPHETAMINE.value: _("Speed (amphetamine)"),
    SubstanceName.MDMA.value: _("Ecstasy (MDMA)"),
    SubstanceName.CANNABIS.value: _("Cannabis"),
    SubstanceName.SYNTHETIC_CANNABINOID.value: _("Spice"),
    SubstanceName.OTHER.value: _("Something else"),
}
HOW_OFTEN: Choices = labelled(each for each in Frequency if each != Frequency.UNKNOWN)
STATUS: Choices = said(
    {
        UseStatus.USING: _("Still using"),
        UseStatus.CUT_DOWN: _("Cut down"),
        UseStatus.STOPPED: _("Stopped"),
        UseStatus.PLANS_TO_STOP_ALONE: _("Planning to stop without help"),
        UseStatus.MEDICAL_DETOX_DONE: _("Finished a medical detox"),
    }
)
STATUS_OF_TABLETS: Choices = (
    *STATUS,
    *said({UseStatus.SUPPLY_ENDS_72H: _("Running out in the next 3 days")}),
)
BOUGHT_OR_PRESCRIBED: Choices = labelled(Source)

# The most recent hour that each answer may mean would understate a withdrawal, the oldest would overstate it:
# each stands for its middle, and no answer's middle crosses a line of the rules (1, 6, 168 and 336 hours).
LAST_TIME: dict[str, tuple[StrOrPromise, float]] = {
    "now": (_("In the last hour"), 0),
    "hours": (_("1 to 5 hours ago"), 3),
    "day": (_("6 to 24 hours ago"), 12),
    "days": (_("1 to 3 days ago"), 48),
    "week": (_("4 to 7 days ago"), 120),
    "fortnight": (_("1 to 2 weeks ago"), 240),
    "longer": (_("More than 2 weeks ago"), 500),
}
# The most that each answer may mean, so that no rule on 15 or 30 units is missed.
UNITS_A_DAY: dict[str, tuple[StrOrPromise, float]] = {
    "under_15": (_("Up to 5 pints, or a bottle of wine (under 15 units)"), 14),
    "15_to_29": (_("6 to 10 pints, or 2 bottles of wine (15 to 29 units)"), 29),
    "30_plus": (_("More than 10 pints, 3 bottles of wine or a bottle of spirits (30 units or more)"), 30),
}
