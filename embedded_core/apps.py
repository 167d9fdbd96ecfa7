from django.apps import AppConfig


class EmbeddedCoreConfig(AppConfig):
    """The commerce core that stands in for Saleor on one machine."""

    name = "embedded_core"
    label = "embedded_core"
    verbose_name = "Embedded commerce core"
    default_auto_field = "django.db.models.BigAutoField"
