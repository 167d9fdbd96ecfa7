from django.contrib import admin
from django.urls import include, path, re_path
from django.views.i18n import set_language

from commerce import views as commerce_views
from storefront_api import core_page, tmf645, views

_TMF645 = "tmf-api/serviceQualificationManagement/v4"

urlpatterns = [
    path("graphql/", views.graphql, name="graphql"),
    # A client that forgets the slash must not lose its POST in a redirect.
    path("graphql", views.graphql),
    path("health/", views.health, name="health"),
    re_path(rf"^{_TMF645}/(?P<name>(?:check|query)ServiceQualification)/?$", tmf645.collection),
    re_path(rf"^{_TMF645}/(?P<name>(?:check|query)ServiceQualification)/(?P<task_id>[^/]+)/?$", tmf645.resource),
    re_path(rf"^{_TMF645}/(?P<path>.*)$", tmf645.not_offered),
    path("webhooks/", include("commerce.urls")),
    path("saleor/manifest", commerce_views.manifest, name="saleor-manifest"),
    path("saleor/app", core_page.page, name="saleor-app"),
    path("saleor/app/", core_page.page),
    path("saleor/session/", core_page.open_session, name="saleor-session"),
    path("saleor/register/", commerce_views.register, name="saleor-register"),
    path("fake-card/", include("plugins.payments.urls")),
    path("admin/language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
]
