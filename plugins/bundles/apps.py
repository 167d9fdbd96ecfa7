from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BundlesConfig(AppConfig):
    name = "plugins.bundles"
    label = "bundles"
    verbose_name = _("Bundles")
    version = "0.1.0"
    description = "Offers of devices, plans and services as data: configured, priced and dated as one."

    def ready(self) -> None:
        from commerce import check
        from kernel import notices, personal_data
        from plugins.bundles import addresses, checks, monthly, qualified, services
        from plugins.bundles.models import BuyerProfile
        from plugins.catalogue.changes import CATALOGUE
        from plugins.catalogue.providers import providers

        check.register(checks.promotions)
        addresses.provide(qualified.find)
        providers.monthly_prices = monthly.prices
        notices.register(services.OFFERS, monthly.follower)
        notices.register(CATALOGUE, monthly.follower)

        personal_data.register(
            BuyerProfile,
            ["shopper_id", "credit_class", "segment", "born_on"],
            note="Who may have which offer. By the core's id of the shopper; kept with the account.",
        )
