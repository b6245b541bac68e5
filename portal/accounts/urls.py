"""Addresses of people and invitations, mounted at /people/."""

from django.urls import path

from portal.accounts.views import invitation, people, profile

app_name = "accounts"
urlpatterns = [
    path("", people.people, name="people"),
    path("profile/", profile.profile, name="profile"),
    path("protect/", profile.protect, name="protect"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("invitations/<uuid:invitation_id>/revoke/", people.revoke, name="revoke"),
    path("<uuid:organisation_id>/", people.members, name="members"),
    path("<uuid:organisation_id>/invite/", people.invite, name="invite"),
    path("<uuid:organisation_id>/<uuid:user_id>/role/", people.change_role, name="change_role"),
    path("<uuid:organisation_id>/<uuid:user_id>/remove/", people.remove, name="remove"),
]
