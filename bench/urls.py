"""The product's addresses and the reference's."""

from django.urls import path

from bench.bare import bare_enquiry
from config import urls

urlpatterns = [path("bench/bare/", bare_enquiry), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
