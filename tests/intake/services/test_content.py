"""The shipped content comes in once, and never over what staff have written."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from intake.models import CallerMessage, Guide, HelpLine, RuleSet
from intake.selectors import current_rule_set
from intake.services.content import load_shipped_content
from intake.triage.rules import shipped_rules

pytestmark = pytest.mark.django_db


def test_everything_that_ships_is_loaded() -> None:
    loaded = load_shipped_content()
    assert loaded.rules == 63
    assert loaded.help_lines == HelpLine.objects.count() > 20
    assert loaded.texts == CallerMessage.objects.count() > 70
    assert Guide.objects.filter(slug="ketamine").exists()


def test_a_second_load_adds_nothing() -> None:
    load_shipped_content()
    out = StringIO()
    call_command("load_content", stdout=out)
    assert set(json.loads(out.getvalue()).values()) == {0}


def test_what_staff_changed_stays_as_it_is() -> None:
    load_shipped_content()
    HelpLine.objects.filter(key="gb-999").update(hours="Edited by staff")
    load_shipped_content()
    assert HelpLine.objects.get(key="gb-999").hours == "Edited by staff"


def test_the_loaded_rules_are_in_force_and_decide_like_the_shipped_ones() -> None:
    load_shipped_content()
    loaded, shipped = current_rule_set(), shipped_rules()
    assert RuleSet.objects.get().version == loaded.version == shipped.version
    assert [(rule.id, rule.level, rule.messages, rule.holds) for rule in loaded.rules] == [
        (rule.id, rule.level, rule.messages, rule.holds) for rule in shipped.rules
    ]
