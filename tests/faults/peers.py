"""The providers of a stack: Twilio, a push service and a receiver of webhooks, each scripted, on loopback.

They run in the process of the tests. Without a script they expect nothing: what comes then fails the test.
"""

from base64 import urlsafe_b64encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from tests.notifications.peers.push import PushService
from tests.notifications.peers.receiver import Receiver
from tests.notifications.peers.server import Answers, Provider
from tests.notifications.peers.twilio import ACCOUNT, NUMBERS, TOKEN, Twilio


class Peers:
    """All providers, with one certificate in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "peers"
        self.folder.mkdir()
        self.twilio, self.push = Twilio(self.folder), PushService(self.folder)
        self.receiver = Receiver(self.folder)

    @property
    def all(self) -> list[Provider]:
        return [self.twilio, self.push, self.receiver]

    def start(self) -> None:
        for each in self.all:
            each.start()

    def stop(self) -> None:
        for each in self.all:
            each.stop()

    def always(self, answers: Answers) -> None:
        """Have all of them answer so from now on."""
        for each in self.all:
            each.always(answers)

    def break_tls(self, broken: bool) -> None:
        """Have all of them answer every new connection with something that is not TLS, or no longer."""
        for each in self.all:
            each.breaks_tls = broken

    def look_back(self) -> None:
        """Fail for what none of them expected."""
        for each in self.all:
            each.look_back()

    def environment(self) -> dict[str, str]:
        """Return the settings by which a stack uses them."""
        return {
            "SMS_CHANNEL": "twilio",
            "VOICE_CHANNEL": "twilio",
            "PUSH_CHANNEL": "vapid",
            "WEBHOOK_CHANNEL": "https",
            "OUTGOING_LOOPBACK": "on",
            "SSL_CERT_FILE": str(self.folder / "cert.pem"),
            "BASE_URL": "https://help.example",
            "TWILIO_API_URL": self.twilio.url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_SMS_FROM": NUMBERS,
            "TWILIO_VOICE_FROM": NUMBERS,
            "VAPID_PRIVATE_KEY": _vapid_key(),
            "VAPID_SUBJECT": "mailto:staff@threshold.example",
        }


def _vapid_key() -> str:
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")
