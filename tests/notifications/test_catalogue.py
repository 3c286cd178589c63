from typing import Any

import pytest
from django.template import Engine
from django.template.base import VariableNode
from django.template.defaulttags import IfNode

from notifications.catalogue import ALERTS, CATALOGUE, WORDED, ContextRefused, Entry
from notifications.enums import Audience, MessageKind

BY_TEMPLATE = [kind for kind in MessageKind if kind not in {*WORDED, MessageKind.WORDING_TEST}]
GIVEN = {"sender"}  # by notifications.services.rendering
ENTRY = Entry(
    audience=Audience.STAFF, needs=frozenset({"reference", "link"}), may_have=frozenset({"respond_by"})
)
ABOUT_NO_LEAD = (MessageKind.ALERT_SUMMARY, MessageKind.ALARM)
FULL = {"reference": "7KX3-9QF2", "link": "/desk/leads/7KX3-9QF2/"}


def template(kind: MessageKind) -> Any:
    return Engine.get_default().get_template(f"notifications/{kind.lower()}.txt")


def printed(nodes: Any) -> set[str]:
    """Return the names that template nodes print."""
    return {node.filter_expression.token for node in nodes.get_nodes_by_type(VariableNode)}


@pytest.mark.parametrize("kind", BY_TEMPLATE)
def test_every_kind_prints_all_that_it_needs_and_nothing_else(kind: MessageKind) -> None:
    entry = CATALOGUE[kind]
    assert entry.needs <= printed(template(kind).nodelist) <= entry.needs | entry.may_have | GIVEN


@pytest.mark.parametrize("kind", BY_TEMPLATE)
def test_what_may_be_absent_is_printed_only_if_present(kind: MessageKind) -> None:
    nodes = template(kind).nodelist
    conditional = [printed(condition) for condition in nodes.get_nodes_by_type(IfNode)]
    assert printed(nodes) & CATALOGUE[kind].may_have == set().union(*conditional)


def test_whoever_is_not_of_the_staff_gets_words_that_people_approve() -> None:
    assert {CATALOGUE[kind].audience for kind in BY_TEMPLATE} == {Audience.STAFF}
    assert MessageKind.WAY_BACK in WORDED


@pytest.mark.parametrize("kind", [kind for kind in ALERTS if kind not in ABOUT_NO_LEAD])
def test_staff_alerts_carry_reference_and_link_and_at_most_level_and_queue(kind: MessageKind) -> None:
    assert {"reference", "link"} <= CATALOGUE[kind].needs <= {"reference", "level", "queue", "link"}


def test_an_alarm_carries_what_is_wrong_and_where_to_read_it() -> None:
    assert CATALOGUE[MessageKind.ALARM].needs == {"title", "lines", "link"}


def test_a_summary_of_alerts_carries_how_many_they_are_and_a_link() -> None:
    assert CATALOGUE[MessageKind.ALERT_SUMMARY].needs == {"leads", "link"}


@pytest.mark.parametrize("extra", [{}, {"respond_by": "14:25 on Tuesday 3 March"}])
def test_a_context_of_allowed_keys_passes(extra: dict[str, str]) -> None:
    ENTRY.check_context(FULL | extra)
    ENTRY.check_context(FULL | {"link": "https://desk.example.org/leads/7KX3-9QF2/"})


@pytest.mark.parametrize(
    ("context", "named"),
    [
        ({"reference": "7KX3-9QF2"}, "link"),
        (FULL | {"name": "Robin"}, "name"),
        (FULL | {"reference": "Robin Sample"}, "reference"),
        (FULL | {"link": "/desk/?name=Robin"}, "link"),
        (FULL | {"link": "javascript:alert(1)"}, "link"),
        (FULL | {"respond_by": "robin@example.org"}, "respond_by"),
        (FULL | {"respond_by": "14:25\nBcc: x"}, "respond_by"),
        (FULL | {"respond_by": "soon " * 100}, "respond_by"),
    ],
)
def test_any_other_context_is_refused_by_the_name_of_its_key(context: dict[str, str], named: str) -> None:
    with pytest.raises(ContextRefused, match=named) as caught:
        ENTRY.check_context(context)
    assert "Robin" not in str(caught.value)
