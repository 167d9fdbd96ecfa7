from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MerchandisingConfig(AppConfig):
    name = "plugins.merchandising"
    label = "merchandising"
    verbose_name = _("Search and merchandising")
