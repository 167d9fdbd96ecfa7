"""What Saleor installs by the entry point `saleor.plugins`."""

from django.apps import AppConfig


class OrderGuardConfig(AppConfig):
    name = "plugins.order_guard"
    label = "order_guard"
    verbose_name = "Order guard"
