"""The product's addresses and the reference's."""

from django.urls import include, path

from bench.bare import bare_enquiry

urlpatterns = [path("bench/bare/", bare_enquiry), path("", include("config.urls"))]
