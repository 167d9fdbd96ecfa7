from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StoreOperationsConfig(AppConfig):
    name = "plugins.store_operations"
    label = "store_operations"
    verbose_name = _("Store operations")
    version = "0.1.0"
    description = "What store staff do with stock: each act once, by who may, however often a device tells it."
