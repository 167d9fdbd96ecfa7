from django.apps import AppConfig


class CartsConfig(AppConfig):
    name = "plugins.carts"
    label = "carts"
    verbose_name = "Carts and orders"
