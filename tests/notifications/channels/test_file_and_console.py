import json
import stat
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from notifications.channels.base import DeliveryError, Outgoing
from notifications.channels.console import send_by_console
from notifications.channels.file import send_by_file
from notifications.channels.registry import TRANSPORTS, channel_for, channels_in_use
from notifications.channels.webhook import SLACK, Endpoint
from notifications.enums import ChannelName

MESSAGE = Outgoing(
    id="7", to="robin.sample@example.org", subject="A message from Sam", text="We’ll call you.\n"
)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_OUTBOX_DIR = tmp_path / "data" / "mail"
    return tmp_path / "data" / "mail"


def test_a_file_holds_the_message_and_is_ours_alone(folder: Path) -> None:
    send_by_file(MESSAGE)
    (path,) = folder.iterdir()
    assert path.suffix == ".eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    mime = message_from_bytes(path.read_bytes(), policy=default)
    assert (mime["To"], mime["Subject"]) == (MESSAGE.to, MESSAGE.subject)
    assert mime["Message-ID"].startswith("<7@")
    assert mime["Auto-Submitted"] == "auto-generated"


def test_a_second_copy_shows_as_a_second_file(folder: Path) -> None:
    send_by_file(MESSAGE)
    send_by_file(MESSAGE)
    assert len(list(folder.glob("7.*.eml"))) == 2


def test_a_folder_that_cannot_be_written_is_tried_again(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="ascii")
    settings.EMAIL_OUTBOX_DIR = tmp_path / "taken"
    with pytest.raises(DeliveryError) as caught:
        send_by_file(MESSAGE)
    assert (caught.value.reason, caught.value.permanent) == ("FileExistsError", False)


def test_the_console_shows_the_message(capsys: pytest.CaptureFixture[str]) -> None:
    send_by_console(MESSAGE)
    shown = capsys.readouterr().out
    assert "To: robin.sample@example.org" in shown
    assert "Subject: A message from Sam" in shown


@pytest.mark.parametrize("send", [send_by_file, send_by_console])
def test_what_is_no_address_is_refused(folder: Path, send: Any) -> None:
    with pytest.raises(DeliveryError) as caught:
        send(Outgoing(id="7", to="robin", subject="A message", text="Hello"))
    assert caught.value.permanent


def test_what_is_no_email_is_written_as_a_note(folder: Path, settings: Any) -> None:
    settings.SMS_CHANNEL = "file"
    channel_for(ChannelName.SMS)(Outgoing(id="7", to="+447700900123", subject="", text="Call."))
    (path,) = folder.iterdir()
    assert (path.name.startswith("7."), path.name.endswith(".sms.json")) == (True, True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text(encoding="utf-8"))["text"] == "Call."


@pytest.mark.parametrize(
    ("channel", "to", "goes_out"),
    [
        (ChannelName.SMS, "+447700900123", "An urgent lead."),
        (ChannelName.VOICE, "+447700900123", "This is an alert for the person on call."),
        (ChannelName.PUSH, "a browser", "{'id': '7', 'title': 'Urgent'"),
        (ChannelName.WEBHOOK, Endpoint("https://hooks.example/1", shape=SLACK).write(), "{'text': '*Urgent*"),
    ],
)
def test_a_note_says_what_would_be_handed_over(
    folder: Path, settings: Any, channel: ChannelName, to: str, goes_out: str
) -> None:
    setattr(settings, f"{channel}_CHANNEL", "file")
    channel_for(channel)(Outgoing(id="7", to=to, subject="Urgent", text="An urgent lead.\n"))
    (path,) = folder.iterdir()
    assert goes_out in str(json.loads(path.read_text(encoding="utf-8"))["goes_out"])


@pytest.mark.parametrize("channel", TRANSPORTS)
def test_the_setting_chooses_the_transport(settings: Any, channel: ChannelName) -> None:
    for name, send in TRANSPORTS[channel].items():
        setattr(settings, f"{channel}_CHANNEL", name)
        assert channel_for(channel) is send


def test_a_channel_that_is_off_refuses_for_good_and_is_not_in_use(settings: Any) -> None:
    settings.SMS_CHANNEL, settings.PUSH_CHANNEL = "off", "vapid"
    with pytest.raises(DeliveryError) as caught:
        channel_for(ChannelName.SMS)(MESSAGE)
    assert (caught.value.reason, caught.value.permanent) == ("NotSetUp", True)
    assert ChannelName.SMS not in channels_in_use()
    assert ChannelName.PUSH in channels_in_use()
