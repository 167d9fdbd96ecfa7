from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "plugins.catalogue"
    label = "catalogue"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        from plugins.catalogue import events

        events.register()
