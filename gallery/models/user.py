"""A gardener: somebody with an account."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

username_validators = [
    RegexValidator(
        r"^[A-Za-z0-9][A-Za-z0-9_-]*$",
        "Use letters, digits, hyphens and underscores, and begin with a letter or digit.",
    )
]


class User(AbstractUser):
    """A person with a garden of their own at /@username/."""

    username = models.CharField(
        max_length=30, unique=True, validators=username_validators,
        error_messages={"unique": "Somebody already gardens under that name. Please choose another."},
    )
    first_name = None
    last_name = None
    email = models.EmailField("e-mail address", blank=True)
    display_name = models.CharField(max_length=60, blank=True, help_text="Shown beside your works instead of your user name.")
    bio = models.TextField(max_length=600, blank=True, help_text="A few words about you; everybody can read them.")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What people read: the display name, else the user name."""
        return self.display_name or self.username

    def get_absolute_url(self) -> str:
        return reverse("profile", args=[self.username])
