"""Addresses of the networking app."""

from django.urls import include, path

from networking.views import facts, hand_offs, mend, peering_start, vpc, vpc_requests
from networking.views import peering as peering_pages

app_name = "networking"

VPC = [
    path("", vpc.vpc, name="vpc"),
    path("progress/", vpc.vpc_progress, name="vpc_progress"),
    path("look/", vpc.vpc_look, name="vpc_look"),
    path("subnets/", vpc.vpc_choose, name="vpc_choose"),
    path("everything.sh", vpc.vpc_script, name="vpc_script"),
    path("apply/", mend.vpc_mend, name="vpc_mend"),
    path("facts.sh", facts.vpc_facts_script, name="vpc_facts_script"),
    path("facts/", facts.vpc_facts, name="vpc_facts"),
    path("request/", vpc_requests.vpc_submit, name="vpc_submit"),
    path("hand-offs/", hand_offs.vpc_hand_off, name="vpc_hand_off"),
    path("hand-offs/<uuid:hand_off_id>/revoke/", hand_offs.vpc_hand_off_revoke, name="vpc_hand_off_revoke"),
]

HAND_OFF = [
    path("", hand_offs.hand_off, name="hand_off"),
    path("everything.sh", hand_offs.hand_off_script, name="hand_off_script"),
    path("facts.sh", hand_offs.hand_off_facts_script, name="hand_off_facts_script"),
    path("facts/", hand_offs.hand_off_facts, name="hand_off_facts"),
]

PEERINGS = [
    path("", peering_start.peerings, name="peerings"),
    path("new/", peering_start.peering_new, name="peering_new"),
    path("new/look/", peering_start.peering_around, name="peering_around"),
]

PEERING_PAGES = [
    path("", peering_pages.peering, name="peering"),
    path("progress/", peering_pages.peering_progress, name="peering_progress"),
    path("state/", peering_pages.peering_state, name="peering_state"),
    path("ask/", peering_pages.peering_ask, name="peering_ask"),
    path("renew/", peering_pages.peering_renew, name="peering_renew"),
]

urlpatterns = [
    path("deployments/<uuid:deployment_id>/peerings/<uuid:peering_id>/", include(PEERING_PAGES)),
    path("deployments/<uuid:deployment_id>/peerings/", include(PEERINGS)),
    path("deployments/<uuid:deployment_id>/vpc/", include(VPC)),
    path("handoff/<str:token>/", include(HAND_OFF)),
]
