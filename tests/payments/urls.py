from django.urls import include, path

urlpatterns = [path("fake-card/", include("plugins.payments.urls"))]
