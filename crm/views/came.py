"""Saying without signing in that a test came: by its link, or by a key in its call.

Only POST says it: mail filters open links.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.came_tokens import check_of
from crm.models import WayCheck
from crm.refusals import OverByNow
from crm.services.way_checks import note_that_it_came
from crm.views.acknowledge import keeps_its_address
from crm.views.keys import key_pressed
from jobs.clock import database_now
from notifications.channels.mime import desk_name
from notifications.channels.spoken import KEY, a_test_from, of_test, say_again, say_and_hang_up, times_said


@csrf_exempt  # nobody is signed in by it: whoever has the link may do this one thing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_its_address
def came(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the test came, with one button."""
    check, at = _check_or_404(token), database_now()
    if request.method == "POST":
        try:
            note_that_it_came(check=check, at=at)
        except OverByNow:
            return render(request, "crm/came.html", {"is_over": True}, status=410)
        check.refresh_from_db(fields=["confirmed_at"])
    is_over = check.confirmed_at is None and check.expires_at <= at
    context = {"check": check, "is_over": is_over}
    return render(request, "crm/came.html", context, status=410 if is_over else 200)


@key_pressed
def came_call(request: HttpRequest, token: str) -> str:
    """Take the key that was pressed in the call of a test: 1 says that it came."""
    check = _check_or_404(token)
    if request.POST.get("Digits") != KEY:
        there = f"{settings.BASE_URL}{request.path}"
        return say_again(of_test(a_test_from(desk_name()), there), after=times_said(request.GET))
    try:
        note_that_it_came(check=check, at=database_now())
    except OverByNow:
        return say_and_hang_up("This test has run out.")
    return say_and_hang_up("Thank you. It is noted that this number reaches you.")


def _check_or_404(token: str) -> WayCheck:
    named = check_of(token)
    check = WayCheck.objects.filter(pk=named).first() if named else None
    if check is None:
        raise Http404
    return check
