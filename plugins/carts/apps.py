from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CartsConfig(AppConfig):
    name = "plugins.carts"
    label = "carts"
    verbose_name = _("Carts and orders")

    def ready(self) -> None:
        """Register what is done with carts. Raises ImproperlyConfigured for a guard's secret that is too short."""
        from commerce import inbox
        from inventory import core_orders
        from kernel import sagas
        from plugins.carts import (
            cancellation,
            completion,
            handlers,
            hold_handlers,
            own_orders,
            personal_data,
            sealing,
            unchecked,
        )

        sealing.check_secret()
        sagas.register(completion.DEFINITION)
        handlers.register()
        hold_handlers.register()
        personal_data.register()
        core_orders.register_own(own_orders.made_here)
        core_orders.register_foreign(unchecked.note)
        inbox.register("order_cancelled", cancellation.cancelled_in_core)
