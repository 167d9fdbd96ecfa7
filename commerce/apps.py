from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.translation import gettext_lazy as _


class CommerceConfig(AppConfig):
    name = "commerce"
    label = "commerce"
    verbose_name = _("Commerce core")

    def ready(self) -> None:
        register(check_core_address)


def check_core_address(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """A suite for customers needs a core, at an address that can be one."""
    url = settings.SALEOR_API_URL
    parts = urlsplit(url)
    if url and not (parts.scheme in {"http", "https"} and parts.netloc):
        hint = "For instance https://shop.example.com/graphql/"
        return [Error(f"SALEOR_API_URL is not an address: {url}", hint=hint, id="commerce.E001")]
    if not url and not settings.DEBUG:
        return [Error("SALEOR_API_URL must be set when DEBUG is off.", id="commerce.E002")]
    return []
