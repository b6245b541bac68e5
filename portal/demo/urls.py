"""Addresses below /demo/; they exist outside production only."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, path

from portal.demo.views import codes, console, mailbox, start, vpc_console, vpc_peerings

app_name = "demo"
CONSOLE = "console/cloudformation"
VPC = "console/vpc/<str:account>/<str:region>"
STACK = f"{CONSOLE}/stacks/<str:account>/<str:region>/<str:name>/<uuid:key>"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="start"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("codes/", codes.codes, name="codes"),
    path("codes/now/", codes.code, name="code"),
    path("console/", console.home, name="console"),
    path(f"{CONSOLE}/home", console.home, name="console_home"),
    path(f"{CONSOLE}/quick-create/", console.quick_create_stack, name="quick_create_stack"),
    path(f"{CONSOLE}/stacks/", console.stack_list, name="stack_list"),
    path(f"{CONSOLE}/stack/", console.stack_by_link, name="stack_by_link"),
    path(f"{STACK}/", console.stack, name="stack"),
    path(f"{STACK}/progress/", console.stack_progress, name="stack_progress"),
    path(f"{STACK}/delete/", console.delete_stack, name="delete_stack"),
    path("console/vpcconsole/home", vpc_console.vpc_home, name="vpc_home"),
    path("console/vpc/page/", vpc_console.vpc_by_link, name="vpc_by_link"),
    path(f"{VPC}/vpcs/", vpc_console.vpc_list, name="vpc_list"),
    path(f"{VPC}/vpcs/<str:own>/", vpc_console.vpc, name="vpc"),
    path(f"{VPC}/subnets/<str:own>/", vpc_console.vpc_subnet, name="vpc_subnet"),
    path(f"{VPC}/route-tables/", vpc_console.vpc_tables, name="vpc_tables"),
    path(f"{VPC}/route-tables/<str:own>/", vpc_console.vpc_table, name="vpc_table"),
    path(f"{VPC}/route-tables/<str:own>/edit/", vpc_console.vpc_routes, name="vpc_routes"),
    path(f"{VPC}/route-tables/<str:own>/change/", vpc_console.vpc_route_change, name="vpc_route_change"),
    path(f"{VPC}/route-tables/<str:own>/remove/", vpc_console.vpc_route_remove, name="vpc_route_remove"),
    path(f"{VPC}/security-groups/", vpc_console.vpc_groups, name="vpc_groups"),
    path(f"{VPC}/security-groups/<str:own>/", vpc_console.vpc_group, name="vpc_group"),
    path(f"{VPC}/peerings/", vpc_peerings.vpc_peerings, name="vpc_peerings"),
    path(f"{VPC}/peerings/create/", vpc_peerings.vpc_peering_create, name="vpc_peering_create"),
    path(f"{VPC}/peerings/<str:own>/", vpc_peerings.vpc_peering, name="vpc_peering"),
    path(f"{VPC}/peerings/<str:own>/accept/", vpc_peerings.vpc_peering_accept, name="vpc_peering_accept"),
    path(f"{VPC}/peerings/<str:own>/reject/", vpc_peerings.vpc_peering_reject, name="vpc_peering_reject"),
    path(f"{VPC}/peerings/<str:own>/delete/", vpc_peerings.vpc_peering_delete, name="vpc_peering_delete"),
    path("console/<path:page>", console.elsewhere, name="console_elsewhere"),
]

if find_spec("portal.demo.styleguide"):
    from portal.demo.styleguide import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
