"""Every address of the portal."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from portal.workflows.views import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("onboarding.urls")),
    path("", include("networking.urls")),
    path("people/", include("portal.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("health/", health, name="health"),
]

if settings.MODE != "production":
    urlpatterns.append(path("demo/", include("portal.demo.urls")))

handler400 = "portal.accounts.views.errors.bad_request"
handler403 = "portal.accounts.views.errors.forbidden"
handler404 = "portal.accounts.views.errors.not_found"
handler500 = "portal.accounts.views.errors.server_error"
