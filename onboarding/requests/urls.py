"""Addresses of the public request, mounted at /request/."""

from django.urls import path

from onboarding.requests import views

app_name = "requests"
urlpatterns = [
    path("", views.request, name="request"),
    path("thanks/", views.thanks, name="thanks"),
]
