"""The shipped content comes in once, and never over what staff have written."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from crm.models import User
from intake.models import CallerMessage, Guide, HelpLine, RuleSet
from intake.models.ruleset import RuleSetState
from intake.selectors import current_rule_set
from intake.services.content import load_shipped_content
from intake.triage.rules import RuleSetError, shipped_rule_set, shipped_rules

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


def test_newer_shipped_rules_take_the_place_of_older_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    load_shipped_content()
    _ship(monkeypatch, version="next")
    assert load_shipped_content().rules == 63
    assert current_rule_set().version == "next"
    assert RuleSet.objects.get(state=RuleSetState.RETIRED).version == shipped_rules().version


def test_rules_that_a_clinician_approved_stay_in_force(
    monkeypatch: pytest.MonkeyPatch, clinician: User
) -> None:
    load_shipped_content()
    RuleSet.objects.update(approver=clinician)
    _ship(monkeypatch, version="next")
    load_shipped_content()
    assert current_rule_set().version == shipped_rules().version
    assert RuleSet.objects.get(version="next").state == RuleSetState.DRAFT


def test_rules_in_which_a_sign_lowers_the_level_are_not_put_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [
        rule.model_copy(update={"condition": f"({rule.condition}) && size(symptoms) < 2"})
        for rule in shipped_rule_set().rules
    ]
    _ship(monkeypatch, version="worse", rules=tuple(rules))
    with pytest.raises(RuleSetError):
        load_shipped_content()
    assert not RuleSet.objects.exists()


def _ship(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    data = shipped_rule_set().model_copy(update=changes)
    monkeypatch.setattr("intake.services.content.shipped_rule_set", lambda: data)


def test_the_loaded_rules_are_in_force_and_decide_like_the_shipped_ones() -> None:
    load_shipped_content()
    loaded, shipped = current_rule_set(), shipped_rules()
    assert RuleSet.objects.get().version == loaded.version == shipped.version
    assert [(rule.id, rule.level, rule.messages, rule.holds) for rule in loaded.rules] == [
        (rule.id, rule.level, rule.messages, rule.holds) for rule in shipped.rules
    ]
