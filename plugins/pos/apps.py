from django.apps import AppConfig


class PosConfig(AppConfig):
    name = "plugins.pos"
    label = "pos"
    verbose_name = "Point of sale"
