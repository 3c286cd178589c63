"""Finding a lead. What is looked for travels in the body of a POST: an address ends up in logs."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from crm.forms.search import SearchForm
from crm.permissions import DeskRequest, desk_view
from crm.references import parse_reference
from crm.selectors.people import find_leads, is_too_short
from jobs.clock import database_now


@desk_view("GET", "POST")
def search(request: DeskRequest) -> HttpResponse:
    """Show what was found; a reference that is ours opens its lead."""
    form = SearchForm(request.POST or None)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    leads = find_leads(user=request.user, query=query)
    if len(leads) == 1 and parse_reference(query):
        return redirect("crm:lead", leads[0].reference)
    context = {"form": form, "looked_for": query, "leads": leads, "at": database_now()}
    context["is_too_short"] = bool(query) and is_too_short(query)
    return render(request, "crm/search.html", context)
