"""Addresses of the networking app."""

from django.urls import include, path

from networking.views import (
    facts,
    hand_offs,
    handed,
    mend,
    peering_facts,
    peering_hand_offs,
    peering_role,
    peering_start,
    peering_work,
    private_access,
    public_removal,
    screenshots,
    vpc,
    vpc_requests,
)
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
    path("", handed.hand_off, name="hand_off"),
    path("everything.sh", handed.hand_off_script, name="hand_off_script"),
    path("facts.sh", handed.hand_off_facts_script, name="hand_off_facts_script"),
    path("facts/", handed.hand_off_facts, name="hand_off_facts"),
    path("state/", handed.hand_off_state, name="hand_off_state"),
]

TARGET_SIDE = [
    path("facts.sh", peering_facts.peering_facts_script, name="peering_facts_script"),
    path("facts/", peering_facts.peering_facts, name="peering_facts"),
    path("hand-offs/", peering_hand_offs.peering_hand_off, name="peering_hand_off"),
    path(
        "hand-offs/<uuid:hand_off_id>/revoke/",
        peering_hand_offs.peering_hand_off_revoke,
        name="peering_hand_off_revoke",
    ),
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
    path("look/", peering_work.peering_look, name="peering_look"),
    path("everything.sh", peering_work.peering_script, name="peering_script"),
    path("apply/", peering_work.peering_apply, name="peering_apply"),
    path("resume/", peering_work.peering_resume, name="peering_resume"),
    path("leave/", peering_work.peering_leave, name="peering_leave"),
    path("remove/", peering_work.peering_remove, name="peering_remove"),
]

PEERING_ROLE = [
    path("", peering_role.peering_role, name="peering_role"),
    path("progress/", peering_role.peering_role_progress, name="peering_role_progress"),
    path("look/", peering_role.peering_role_look, name="peering_role_look"),
    path("template.json", peering_role.peering_role_file, {"kind": "cloudformation"}, name="peering_role_template"),
    path("main.tf", peering_role.peering_role_file, {"kind": "terraform"}, name="peering_role_terraform"),
    path("policies.json", peering_role.peering_role_file, {"kind": "policies"}, name="peering_role_policies"),
]

PRIVATE_ACCESS = [
    path("", private_access.private_access, name="private_access"),
    path("name/", private_access.private_access_name, name="private_access_name"),
    path("probe.sh", private_access.private_access_script, name="private_access_script"),
    path("proof/", private_access.private_access_proof, name="private_access_proof"),
    path("load-balancer/ask/", private_access.balancer_ask, name="balancer_ask"),
    path("load-balancer/enable/", private_access.balancer_enable, name="balancer_enable"),
    path("public/remove/", public_removal.public_removal, name="public_removal"),
    path("public/withdraw/", public_removal.public_withdraw, name="public_withdraw"),
    path("public/restore/", public_removal.public_restore, name="public_restore"),
]

urlpatterns = [
    path("deployments/<uuid:deployment_id>/private-access/", include(PRIVATE_ACCESS)),
    path("deployments/<uuid:deployment_id>/peerings/<uuid:peering_id>/", include(PEERING_PAGES)),
    path("deployments/<uuid:deployment_id>/peerings/<uuid:peering_id>/", include(TARGET_SIDE)),
    path("deployments/<uuid:deployment_id>/peerings/<uuid:peering_id>/role/", include(PEERING_ROLE)),
    path("screenshots/<slug:step>/<slug:language>/", screenshots.screenshot, name="screenshot"),
    path("deployments/<uuid:deployment_id>/peerings/", include(PEERINGS)),
    path("deployments/<uuid:deployment_id>/vpc/", include(VPC)),
    path("handoff/<str:token>/", include(HAND_OFF)),
]
