from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "plugins.staff"
    label = "staff"
    verbose_name = "Staff"
