"""Saleor's plugin: asked before a checkout becomes an order, it lets it pass or refuses it with the core's error.

Orders made from drafts and by bulk pass no such question in Saleor. Verification reads what Saleor has in memory: no
query beyond the checkout's metadata and no call.
"""

import time
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from saleor.plugins.base_plugin import BasePlugin, ConfigurationTypeField
from saleor.plugins.error_codes import PluginErrorCode

from plugins.order_guard import seal, verdict

SECRET = "Secret"
REFUSE_UNSEALED = "Refuse unsealed checkouts"
KINDS = "Guarded kinds"
# One of the codes that both ways to complete a checkout know; codes are the enum's values, in lower case.
REFUSED = "unavailable_variant_in_channel"


class OrderGuardPlugin(BasePlugin):
    """Refuses checkouts that the suite has not sealed, or that were changed since."""

    PLUGIN_ID = "omnichannel.order_guard"
    PLUGIN_NAME = "Order guard"
    PLUGIN_DESCRIPTION = (
        "Lets a checkout become an order only with the seal of the omnichannel suite, which has checked bundles, "
        "service at the address and pickup."
    )
    CONFIGURATION_PER_CHANNEL = True
    DEFAULT_ACTIVE = False
    DEFAULT_CONFIGURATION = [
        {"name": SECRET, "value": ""},
        {"name": REFUSE_UNSEALED, "value": True},
        {"name": KINDS, "value": ""},
    ]
    CONFIG_STRUCTURE = {
        SECRET: {
            "type": ConfigurationTypeField.SECRET,
            "label": "Secret",
            "help_text": "The suite's ORDER_GUARD_SECRET, at least 16 characters.",
        },
        REFUSE_UNSEALED: {
            "type": ConfigurationTypeField.BOOLEAN,
            "label": "Refuse unsealed checkouts",
            "help_text": "Off: a checkout of guarded goods without a seal passes; one with a wrong seal never does.",
        },
        KINDS: {
            "type": ConfigurationTypeField.STRING,
            "label": "Guarded kinds",
            "help_text": "For example DEVICE, PLAN: the metadata `kind` of product types. Empty: all goods.",
        },
    }

    @classmethod
    def validate_plugin_configuration(cls, plugin_configuration: Any, **_kwargs: Any) -> None:
        """A guard that is switched on has a secret to guard with."""
        values = {item["name"]: item["value"] for item in plugin_configuration.configuration}
        if plugin_configuration.active and len(values.get(SECRET) or "") < seal.LEAST_SECRET:
            message = f"The secret must have at least {seal.LEAST_SECRET} characters."
            raise ValidationError({SECRET: ValidationError(message, code=PluginErrorCode.INVALID.value)})

    def preprocess_order_creation(self, checkout_info: Any, lines: Any, previous_value: Any) -> Any:
        """Raise ValidationError, which the client gets as a refusal of the core, for a checkout that may not pass."""
        if not self.active:
            return previous_value
        ours = [info for info in lines or () if not info.line.is_gift]  # gifts are the core's own addition
        kinds = {info.product_type.metadata.get("kind", "") for info in ours}
        checkout = checkout_info.checkout
        what = seal.SealedCheckout(
            checkout=str(checkout.pk),
            channel=checkout_info.channel.slug,
            lines=[
                seal.SealedLine(str(info.line.variant_id), info.line.quantity, info.line.price_override)
                for info in ours
            ],
            point=str(checkout.collection_point_id or ""),
        )
        problem = verdict.objection(self._settings(), what, _written(checkout), kinds, now=time.time())
        if problem:
            raise ValidationError({"lines": ValidationError(problem, code=REFUSED)})
        return previous_value

    def _settings(self) -> verdict.Settings:
        values = {item["name"]: item["value"] for item in self.configuration}
        return verdict.Settings(
            secret=values.get(SECRET) or "",
            refuse_unsealed=bool(values.get(REFUSE_UNSEALED, True)),
            kinds=verdict.kinds_of(values.get(KINDS) or ""),
        )


def _written(checkout: Any) -> str | None:
    try:
        metadata = checkout.metadata_storage.private_metadata
    except ObjectDoesNotExist:
        return None
    return metadata.get(seal.KEY)
