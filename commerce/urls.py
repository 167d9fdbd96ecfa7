"""Included under /webhooks/."""

from django.urls import path

from commerce import views

app_name = "commerce"

urlpatterns = [path("saleor/", views.saleor_webhook, name="saleor-webhook")]
