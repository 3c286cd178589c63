"""Bearer tokens of the API, from the command line."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.models import User
from crm.services.api_tokens import issue_token, revoke_tokens
from jobs.clock import database_now


class Command(BaseCommand):
    help = (
        "Print a new bearer token of a member of staff: it may do what they may do. It is shown this once; "
        "older tokens stay good until --revoke takes all of them back. Exits with status 1 for an unknown "
        "e-mail address or somebody who has left."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="the e-mail address that they sign in with")
        parser.add_argument("--revoke", action="store_true", help="take all of their tokens back; make none")
        parser.add_argument(
            "--json", action="store_true", help='print {"email", "token"} or {"email", "revoked"}'
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = _user(options["email"])
        at = database_now()
        if options["revoke"]:
            count = revoke_tokens(user=user, at=at)
            self._say(options["json"], {"email": user.email, "revoked": count}, f"Taken back: {count}")
        elif not user.is_active:
            raise CommandError("This member of staff has left; a token of theirs would open nothing.")
        else:
            token = issue_token(user=user, at=at)
            self._say(options["json"], {"email": user.email, "token": token}, token)

    def _say(self, as_json: bool, facts: dict[str, Any], words: str) -> None:
        self.stdout.write(json.dumps(facts) if as_json else words)


def _user(email: str) -> User:
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        raise CommandError("No member of staff signs in with this e-mail address.")
    return user
