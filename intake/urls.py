"""The front door: public."""

from django.urls import path

from intake.views import (
    check,
    crawlers,
    embed,
    enquiry,
    interruption,
    own_page,
    pages,
    prebooked,
    received,
    review,
    staff,
    stranded,
    way_back,
)

app_name = "intake"
urlpatterns = [
    path("", pages.home, name="home"),
    path("help/<slug:substance>/", pages.guide, name="guide"),
    path("urgent/", enquiry.urgent, name="urgent"),
    path("pre-booked/", prebooked.step, name="prebooked"),
    path("pre-booked/<int:number>/", prebooked.step, name="prebooked_step"),
    path("pre-booked/check/", check.check, name="prebooked_check"),
    path("pre-booked/now/", interruption.now, name="prebooked_now"),
    path("back/<str:link>/", way_back.back, name="back"),
    path("refer/", enquiry.refer, name="refer"),
    path("received/<str:token>/", received.received, name="received"),
    path("received/<str:token>/ways/", own_page.ways, name="own_ways"),
    path("received/<str:token>/more/", own_page.more, name="own_more"),
    path("received/<str:token>/<slug:wish>/", own_page.wish, name="own_wish"),
    path("embed/urgent/", embed.embed, name="embed"),
    path("leave/", pages.leave, name="leave"),
    path("leaving/", pages.leaving, name="leaving"),
    path("leaving/<slug:journey>/", pages.leaving, name="leaving_first"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("complaints/", pages.complaints, name="complaints"),
    path("favicon.ico", crawlers.favicon, name="favicon"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("desk/phone-enquiry/", staff.phone_enquiry, name="phone_enquiry"),
    path("desk/website/", embed.website, name="website"),
    path("desk/stranded/", stranded.stranded, name="stranded"),
    path("desk/review/<str:reference>/accept/", review.accept, name="review_accept"),
    path("desk/review/<str:reference>/reject/", review.reject, name="review_reject"),
]
