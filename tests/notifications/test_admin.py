import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from jobs.clock import database_now
from notifications.enums import ChannelName
from notifications.models import Delivery
from notifications.services.outbox import Way
from tests.notifications.conftest import QueueAlert


@pytest.fixture
def admin(client: Client, db: None) -> Client:
    client.force_login(get_user_model().objects.create_superuser("admin@threshold.example"))
    return client


def test_messages_are_shown_without_the_address(admin: Client, queue_alert: QueueAlert) -> None:
    message = queue_alert(ways=[Way(ChannelName.SMS, "+447700900123")])
    Delivery.objects.create(message=message, started_at=database_now(), reason="SMTP 451")
    for page in ("changelist", "change"):
        args = [message.pk] if page == "change" else []
        answer = admin.get(reverse(f"admin:notifications_message_{page}", args=args))
        assert answer.status_code == 200
        assert "robin.sample" not in answer.content.decode()
        assert "7700900123" not in answer.content.decode()


def test_messages_cannot_be_made_changed_or_deleted(admin: Client, queue_alert: QueueAlert) -> None:
    message = queue_alert()
    assert admin.get(reverse("admin:notifications_message_add")).status_code == 403
    for page in ("change", "delete"):
        address = reverse(f"admin:notifications_message_{page}", args=[message.pk])
        assert admin.post(address, {"state": "SENT"}).status_code == 403
    message.refresh_from_db()
    assert message.state == "QUEUED"
