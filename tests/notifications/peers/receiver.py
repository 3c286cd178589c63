"""A receiver of webhooks: Standard Webhooks as the specification checks them, or Slack, or Teams."""

import base64
import hashlib
import hmac
import json
from typing import Any

from tests.notifications.peers.server import Asked, Provider, Reply

SECRET = "whsec_" + base64.b64encode(b"the new secret of the receiver..").decode()
OLD_SECRET = "whsec_" + base64.b64encode(b"the old secret of the receiver..").decode()


class Receiver(Provider):
    """Believes `secret` only, and keeps each message once by its id."""

    refusal = Reply(401)
    secret = SECRET

    def check(self, asked: Asked) -> None:
        headers = {name.lower(): value for name, value in asked.headers.items()}
        identity, when = headers["webhook-id"], headers["webhook-timestamp"]
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = f"{identity}.{when}.".encode() + asked.body
        expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert expected in headers["webhook-signature"].split(" "), "wrong signature"
        assert abs(self.now() - int(when)) < 300, "too old"
        assert headers["content-type"] == "application/json"

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(asked.body) for asked in self.asked]


class Slack(Receiver):
    refusal = Reply(400, b"invalid_payload")

    def check(self, asked: Asked) -> None:
        assert asked.headers["Content-Type"] == "application/json"
        assert json.loads(asked.body)["text"], "no_text"

    def do(self, asked: Asked) -> Reply:
        return Reply(200, b"ok")


class Teams(Receiver):
    def check(self, asked: Asked) -> None:
        said = json.loads(asked.body)
        assert said["type"] == "message"
        (card,) = said["attachments"]
        assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
        assert card["content"]["type"] == "AdaptiveCard"
        assert {block["type"] for block in card["content"]["body"]} == {"TextBlock"}

    def do(self, asked: Asked) -> Reply:
        return Reply(202)
