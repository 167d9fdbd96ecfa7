from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "plugins.catalogue"
    label = "catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from inventory import valuation
        from kernel import notices
        from plugins.catalogue import events, kept, selectors, services

        events.register()
        notices.register(services.CHANNELS, kept.channels)
        valuation.register(selectors.prices_in_stores)
