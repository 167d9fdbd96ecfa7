from django.db import models


class Shop(models.Model):
    """The one shop of this core."""

    name = models.CharField(max_length=120, default="Embedded core")


class SigningKey(models.Model):
    """The RSA key that signs user tokens and webhooks; made at the first start, public half at the JWKS address."""

    kid = models.CharField(max_length=64, unique=True)
    private_pem = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)


class Channel(models.Model):
    """A place where products are sold: currency, country and the rules of its checkouts."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    currency_code = models.CharField(max_length=3)
    default_country = models.CharField(max_length=2)
    is_active = models.BooleanField(default=True)
    prices_entered_with_tax = models.BooleanField(default=False)
    charge_taxes = models.BooleanField(default=True)
    allow_unpaid_orders = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class TaxClass(models.Model):
    """A group of products that are taxed alike."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        verbose_name_plural = "tax classes"

    def __str__(self) -> str:
        return self.name


class TaxRate(models.Model):
    """The flat rate of a tax class in a country, in per cent (8.25 means 8.25 %)."""

    tax_class = models.ForeignKey(TaxClass, on_delete=models.CASCADE, related_name="rates")
    country = models.CharField(max_length=2)
    rate = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tax_class", "country"], name="one_rate_per_country")]
        ordering = ["country"]

    def __str__(self) -> str:
        return f"{self.tax_class} in {self.country}"
