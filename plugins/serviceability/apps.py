from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServiceabilityConfig(AppConfig):
    name = "plugins.serviceability"
    label = "serviceability"
    verbose_name = _("Serviceability")

    def ready(self) -> None:
        from kernel import notices, outbox, personal_data
        from plugins.catalogue.providers import providers
        from plugins.serviceability import changes, deliverable, loader, requalifying
        from plugins.serviceability.models import DemandEntry, Qualification

        notices.register(changes.TOPIC, loader.follower)
        outbox.register(changes.NETWORK_CHANGED, requalifying.settle_ports)
        outbox.register(changes.NETWORK_CHANGED, requalifying.on_network_changed)
        providers.at_address = deliverable.AtAddress()
        personal_data.register(
            DemandEntry,
            ["email", "address"],
            find=lambda email: DemandEntry.objects.filter(email__iexact=email),
            erasure=personal_data.Erasure.DELETE,
            shown=["created_at"],
        )
        personal_data.register(
            Qualification,
            ["address"],
            note="An address without a name: nobody is found by it. Purged after 90 days.",
        )
