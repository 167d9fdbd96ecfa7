from django.apps import AppConfig


class PickupConfig(AppConfig):
    name = "plugins.pickup"
    label = "pickup"
    verbose_name = "Pickup"
