"""Addresses of the onboarding."""

from django.urls import include, path

from onboarding.views import account, bootstrap, infrastructure, journey, launch, permissions, records, review

app_name = "onboarding"

STEPS = [
    path("", journey.journey, name="journey"),
    path("progress/", journey.journey_progress, name="journey_progress"),
    path("account/", account.account, name="account"),
    path("bootstrap/", bootstrap.bootstrap, name="bootstrap"),
    path("bootstrap/progress/", bootstrap.bootstrap_progress, name="bootstrap_progress"),
    path("bootstrap/look/", bootstrap.bootstrap_look, name="bootstrap_look"),
    path("bootstrap/options/", bootstrap.bootstrap_permissions, name="bootstrap_permissions"),
    path("bootstrap/override/", bootstrap.bootstrap_override, name="bootstrap_override"),
    path("bootstrap/template.json", bootstrap.bootstrap_file, {"kind": "cloudformation"}, name="bootstrap_template"),
    path("bootstrap/main.tf", bootstrap.bootstrap_file, {"kind": "terraform"}, name="bootstrap_terraform"),
    path("bootstrap/policies.json", bootstrap.bootstrap_file, {"kind": "policies"}, name="bootstrap_policies"),
    path("permissions/", permissions.permissions, name="permissions"),
    path("infrastructure/", infrastructure.infrastructure, name="infrastructure"),
    path("infrastructure/progress/", infrastructure.infrastructure_progress, name="infrastructure_progress"),
    path("infrastructure/addresses/", infrastructure.address_plan, name="address_plan"),
    path("infrastructure/survey/", infrastructure.survey_region, name="survey_region"),
    path("infrastructure/ranges/", infrastructure.declare_range, name="declare_range"),
    path("infrastructure/ranges/<uuid:range_id>/remove/", infrastructure.remove_range, name="remove_range"),
    path("infrastructure/review/", review.review, name="review"),
    path("infrastructure/review/override/", review.review_override, name="review_override"),
    path("launch/", launch.launch, name="launch"),
    path("launch/progress/", launch.launch_progress, name="launch_progress"),
    path("launch/resume/", launch.launch_resume, name="launch_resume"),
    path("teardown/", launch.teardown, name="teardown"),
    path("calls/", records.calls, name="calls"),
    path("calls.csv", records.calls_export, name="calls_export"),
]

urlpatterns = [
    path("", journey.home, name="home"),
    path("request/", include("onboarding.requests.urls")),
    path("deployments/<uuid:deployment_id>/", include(STEPS)),
]
