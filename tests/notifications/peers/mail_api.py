"""E-mail providers that are spoken to by HTTP, each as its documentation has it."""

import base64
import json
from pathlib import Path
from typing import Any

from tests.notifications.peers.server import Asked, Provider, Reply

KEY = "a-key-of-the-tests"


class Mailer(Provider):
    """Keeps what it took in `taken`; each kind says how it is logged in and how it answers."""

    setting = ""
    api_url = ""
    base = "/"
    path = ""
    refusal = Reply(401, {"message": "not logged in"})

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.taken: list[dict[str, Any]] = []

    def check(self, asked: Asked) -> None:
        assert (asked.method, asked.path) == ("POST", self.base + self.path), asked.path
        self.log_in(asked)
        self.taken.append(self.read(asked))

    def log_in(self, asked: Asked) -> None:
        assert asked.headers["Authorization"] == f"Bearer {KEY}"

    def read(self, asked: Asked) -> dict[str, Any]:
        return json.loads(asked.body)


class Postmark(Mailer):
    """https://postmarkapp.com/developer/api/email-api"""

    setting, api_url, path = "POSTMARK_SERVER_TOKEN", "POSTMARK_API_URL", "email"

    def log_in(self, asked: Asked) -> None:
        assert asked.headers["X-Postmark-Server-Token"] == KEY

    def do(self, asked: Asked) -> Reply:
        said = json.loads(asked.body)
        return Reply(
            200, {"To": said["To"], "MessageID": "pm-1", "ErrorCode": 0, "Message": "OK", "SubmittedAt": "x"}
        )


class Mailgun(Mailer):
    """https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages"""

    setting, api_url, base, path = "MAILGUN_API_KEY", "MAILGUN_API_URL", "/v3/", "threshold.example/messages"

    def log_in(self, asked: Asked) -> None:
        assert asked.headers["Authorization"] == "Basic " + base64.b64encode(f"api:{KEY}".encode()).decode()

    def read(self, asked: Asked) -> dict[str, Any]:
        return {"form": asked.body.decode()}

    def do(self, asked: Asked) -> Reply:
        return Reply(200, {"id": "<mg-1@threshold.example>", "message": "Queued. Thank you."})


class Resend(Mailer):
    """https://resend.com/docs/api-reference/emails/send-email; keeps idempotency keys"""

    setting, api_url, path = "RESEND_API_KEY", "RESEND_API_URL", "emails"

    def do(self, asked: Asked) -> Reply:
        keys = [each.headers["Idempotency-Key"] for each in self.asked]
        return Reply(200, {"id": f"re-{len(set(keys))}"})


class Brevo(Mailer):
    """https://developers.brevo.com/reference/sendtransacemail"""

    setting, api_url, base, path = "BREVO_API_KEY", "BREVO_API_URL", "/v3/", "smtp/email"

    def log_in(self, asked: Asked) -> None:
        assert asked.headers["api-key"] == KEY

    def do(self, asked: Asked) -> Reply:
        return Reply(201, {"messageId": "<brevo-1@threshold.example>"})


class SparkPost(Mailer):
    """https://developers.sparkpost.com/api/transmissions/"""

    setting, api_url, base, path = "SPARKPOST_API_KEY", "SPARKPOST_API_URL", "/api/v1/", "transmissions/"

    def log_in(self, asked: Asked) -> None:
        assert asked.headers["Authorization"] == KEY

    def do(self, asked: Asked) -> Reply:
        done = {"total_accepted_recipients": 1, "total_rejected_recipients": 0, "id": "sp-1"}
        return Reply(200, {"results": done})


class MailerSend(Mailer):
    """https://developers.mailersend.com/api/v1/email.html"""

    setting, api_url, base, path = "MAILERSEND_API_TOKEN", "MAILERSEND_API_URL", "/v1/", "email"

    def do(self, asked: Asked) -> Reply:
        return Reply(202, headers={"X-Message-Id": "ms-1", "Content-Type": "text/html; charset=utf-8"})


class Mailjet(Mailer):
    """https://dev.mailjet.com/email/reference/send-emails/"""

    setting, api_url, base, path = "MAILJET_API_KEY", "MAILJET_API_URL", "/v3.1/", "send"

    def log_in(self, asked: Asked) -> None:
        pair = base64.b64encode(f"{KEY}:{KEY}".encode()).decode()
        assert asked.headers["Authorization"] == f"Basic {pair}"

    def do(self, asked: Asked) -> Reply:
        to = json.loads(asked.body)["Messages"][0]["To"][0]["Email"]
        sent = {"Email": to, "MessageUUID": "u", "MessageID": 456, "MessageHref": "x"}
        return Reply(200, {"Messages": [{"Status": "success", "To": [sent], "Cc": [], "Bcc": []}]})
