from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PickupConfig(AppConfig):
    name = "plugins.pickup"
    label = "pickup"
    verbose_name = _("Pickup")
    version = "0.1.0"
    description = "From the order to the hand-over at the counter of a store."

    def ready(self) -> None:
        from inventory import documents
        from kernel import outbox, personal_data
        from plugins.carts import hooks, timeline
        from plugins.pickup import emails, followup, selectors, services
        from plugins.pickup.models import Pickup

        hooks.on_order_confirmed(services.make_pickups)
        hooks.on_order_cancelled(services.cancel_pickups)
        timeline.tell("PICKUP_READY", _("Your order is ready for you in %(store)s."))
        documents.register("pickup/", selectors.documents_of)
        outbox.register("pickup.ready", emails.tell_ready)
        outbox.register("pickup.rejected", emails.tell_rejected)
        outbox.register("pickup.expired", emails.tell_expired)
        outbox.register("pickup.handed_over", followup.fulfil_in_core)
        personal_data.register(
            Pickup,
            ["collected_by"],
            find=selectors.of_customer,
            erasure=personal_data.Erasure.BLANK,
            shown=["state", "changed_at"],
            note="Who was given the goods. Handed over or ended, since its order is over.",
        )
