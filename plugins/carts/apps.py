from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CartsConfig(AppConfig):
    name = "plugins.carts"
    label = "carts"
    verbose_name = _("Carts and orders")

    def ready(self) -> None:
        from commerce import inbox
        from kernel import sagas
        from plugins.carts import cancellation, completion, handlers, personal_data

        sagas.register(completion.DEFINITION)
        handlers.register()
        personal_data.register()
        inbox.register("order_cancelled", cancellation.cancelled_in_core)
