from django.urls import include, path

app_name = "onboarding"
urlpatterns = [path("request/", include("onboarding.requests.urls"))]
