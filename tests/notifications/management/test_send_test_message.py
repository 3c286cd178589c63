from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from notifications.models import Message
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import try_once


@pytest.mark.django_db
def test_it_queues_a_message_that_is_delivered_like_any_other(smtp: FakeSmtp) -> None:
    printed = StringIO()
    for _ in range(2):
        call_command("send_test_message", "robin.sample@example.org", stdout=printed)
    ids = printed.getvalue().split()
    assert [try_once(Message.objects.get(pk=pk)).state for pk in ids] == ["SENT", "SENT"]
    assert [received.to for received in smtp.received] == ["robin.sample@example.org"] * 2


@pytest.mark.django_db
def test_what_is_no_address_is_refused_before_it_is_queued() -> None:
    with pytest.raises(CommandError, match="nonsense is not an e-mail address"):
        call_command("send_test_message", "nonsense")
    assert not Message.objects.exists()
