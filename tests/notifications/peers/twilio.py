"""Twilio, as far as its documentation goes: https://www.twilio.com/docs/usage/api"""

import base64
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.notifications.peers.server import Asked, Provider, Reply

ACCOUNT, TOKEN = "AC00000000000000000000000000000001", "a-token-of-the-tests"
NUMBERS = "+441632960000"
FORM = "application/x-www-form-urlencoded"


def refusal(code: int, status: int = 400) -> Reply:
    """Return an error as Twilio words it."""
    text = f"The 'To' number +447700900123 is refused ({code})."
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Reply(status, {"code": code, "message": text, "more_info": more, "status": status})


class Twilio(Provider):
    """Takes texts and calls, keeps them in `made`, newest first, and lists them."""

    refusal = refusal(20003, 401)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.made: list[dict[str, Any]] = []

    def check(self, asked: Asked) -> None:
        pair = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        assert asked.headers["Authorization"] == f"Basic {pair}", "not logged in"
        resource = urlsplit(asked.path).path.rpartition("/")[2]
        assert asked.path.startswith(f"/2010-04-01/Accounts/{ACCOUNT}/"), asked.path
        assert resource in {"Messages.json", "Calls.json"}, resource
        if asked.method == "POST":
            self._check_form(asked, resource)

    def _check_form(self, asked: Asked, resource: str) -> None:
        form = self.form(asked)
        assert asked.headers["Content-Type"] == FORM
        assert form["To"][0].startswith("+"), form
        assert ("From" in form) != ("MessagingServiceSid" in form), form
        if resource == "Messages.json":
            assert 0 < len(form["Body"][0]) <= 1600, form
            assert 1 <= int(form["ValidityPeriod"][0]) <= 36_000, form
        else:
            assert ("Twiml" in form) != ("Url" in form), form
            assert len(form["Twiml"][0]) <= 4000, form

    def do(self, asked: Asked) -> Reply:
        parts = urlsplit(asked.path)
        kind = parts.path.rpartition("/")[2].removesuffix(".json").lower()
        if asked.method == "GET":
            to = parse_qs(parts.query)["To"]
            sort = "SM" if kind == "messages" else "CA"
            found = [each for each in self.made if each["to"] in to and each["sid"].startswith(sort)]
            return Reply(200, {kind: found})
        return Reply(201, self.add(kind, **{key: values[0] for key, values in self.form(asked).items()}))

    def add(self, kind: str, **form: str) -> dict[str, Any]:
        """Make a text or a call, as a POST does, and return how Twilio describes it."""
        made = {
            "sid": f"{'SM' if kind == 'messages' else 'CA'}{len(self.made) + 1:032}",
            "to": form["To"],
            "from": form.get("From"),
            "body": form.get("Body"),
            "callback": form.get("StatusCallback"),  # of ours only: Twilio does not tell
            "status": form.get("status", "queued"),
            "direction": "outbound-api",
            "date_created": form.get("date_created", formatdate(self.now())),
        }
        self.made.insert(0, made)
        return made

    @staticmethod
    def form(asked: Asked) -> dict[str, list[str]]:
        return parse_qs(asked.body.decode(), strict_parsing=True)
