from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PosConfig(AppConfig):
    name = "plugins.pos"
    label = "pos"
    verbose_name = _("Point of sale")
    version = "0.1.0"
    description = "Shifts and sales of the registers in the stores."

    def ready(self) -> None:
        from inventory import documents
        from kernel import outbox
        from plugins.carts import timeline
        from plugins.pos import core_orders, selectors

        timeline.tell("SOLD_IN_STORE", _("You bought this in %(store)s."))
        outbox.register(core_orders.TOPIC, core_orders.want_esims)
        outbox.register(core_orders.TOPIC, core_orders.tell_core)
        documents.register("sale/", selectors.documents_of_sales)
