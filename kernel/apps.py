from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "kernel"
    label = "kernel"
    verbose_name = _("Kernel")

    def ready(self) -> None:
        from kernel import metrics, personal_data
        from kernel.models import IdempotencyKey, OutboxMessage

        metrics.at_scrape(metrics.outbox_waiting)
        metrics.at_scrape(metrics.sagas_open)
        personal_data.register(
            IdempotencyKey,
            ["body", "scope"],
            find=personal_data.sealed_text_holds(IdempotencyKey, "body"),
            erasure=personal_data.Erasure.DELETE,
            shown=["created_at"],
            note="The stored answer of a request; forgotten after thirty days. A guest's scope is a network address.",
        )
        personal_data.register(
            OutboxMessage,
            ["last_error"],
            find=personal_data.text_holds(OutboxMessage, "last_error"),
            erasure=personal_data.Erasure.BLANK,
            shown=["topic", "created_at"],
            note="What a mail server said of a recipient, until the message is delivered. Payloads hold ids only.",
        )
