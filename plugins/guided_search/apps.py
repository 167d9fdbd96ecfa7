from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidedSearchConfig(AppConfig):
    name = "plugins.guided_search"
    label = "guided_search"
    verbose_name = _("Guided search")
