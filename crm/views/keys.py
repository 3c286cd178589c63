"""A key was pressed in a call that we made. Only Twilio is answered: it signs."""

from collections.abc import Callable
from functools import wraps

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from crm.permissions import PublicView
from notifications.hooks.from_twilio import check_from_twilio
from notifications.hooks.signatures import NotTheirs

log = structlog.get_logger(__name__)

Script = Callable[[HttpRequest, str], str]  # what a call goes on to say, in TwiML, for its token


def key_pressed(script: Script) -> PublicView[str]:
    """Make the address to which Twilio posts a key of what the call goes on to say; 403 for anybody else."""

    @csrf_exempt
    @never_cache
    @require_POST
    @wraps(script)
    def view(request: HttpRequest, token: str) -> HttpResponse:
        try:
            check_from_twilio(request)
        except NotTheirs:
            log.warning("key_refused", reason="forged")
            return HttpResponse(status=403)
        return HttpResponse(script(request, token), content_type="text/xml")

    return view
