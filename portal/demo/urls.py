"""Addresses below /demo/; they exist outside production only."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, path

from portal.demo.views import codes, console, mailbox, start

app_name = "demo"
CONSOLE = "console/cloudformation"
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
    path("console/<path:page>", console.elsewhere, name="console_elsewhere"),
]

if find_spec("portal.demo.styleguide"):
    from portal.demo.styleguide import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
