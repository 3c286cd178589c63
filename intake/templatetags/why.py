"""What the desk's pages say of rules: a lead's page belongs to crm, which knows no rules."""

from django import template

from crm.models import Lead, Placement
from intake.because_words import FiredRule, why
from intake.forms.choices import NEEDS, in_english
from intake.forms.rule_flag import RuleFlagForm

register = template.Library()


@register.simple_tag
def fired_because(placement: Placement) -> list[FiredRule]:
    """Return the rules of a placement, each with the answers that fired it."""
    return why(placement)


@register.simple_tag
def ticked_besides(placement: Placement) -> list[str]:
    """Return what the caller ticked that is no question of the rules: it stands below their words."""
    lines = str(placement.answers.get("free_text") or "").splitlines()
    ticked = map(in_english, NEEDS.values())
    return [label for label in ticked if f"[{label}]" in lines]


@register.simple_tag
def rule_flag_form(lead: Lead, sent: object) -> RuleFlagForm:
    """Return the form by which somebody says that a rule looks wrong, as it was sent if it was."""
    return sent if isinstance(sent, RuleFlagForm) else RuleFlagForm(lead=lead)
