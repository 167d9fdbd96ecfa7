from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from storefront_api import views

urlpatterns = [
    path("graphql/", views.graphql, name="graphql"),
    # A client that forgets the slash must not lose its POST in a redirect.
    path("graphql", views.graphql),
    path("health/", views.health, name="health"),
    path("webhooks/", include("commerce.urls")),
    path("fake-card/", include("plugins.payments.urls")),
    path("admin/language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
]
