from django.apps import AppConfig


class GuidedSearchConfig(AppConfig):
    name = "plugins.guided_search"
    label = "guided_search"
    verbose_name = "Guided search"
