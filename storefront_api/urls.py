from django.contrib import admin
from django.urls import include, path

from storefront_api import views

urlpatterns = [
    path("graphql/", views.graphql, name="graphql"),
    path("health/", views.health, name="health"),
    path("webhooks/", include("commerce.urls")),
    path("fake-card/", include("plugins.payments.urls")),
    path("admin/", admin.site.urls),
]
