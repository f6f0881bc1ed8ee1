"""People with an account."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from gallery.models.fields import LineField, ProseField
from gallery.models.moderation import Suspension

username_validators = [
    RegexValidator(
        r"^[A-Za-z0-9][A-Za-z0-9_-]*$",
        gettext_lazy(
            "Use letters, digits, hyphens and underscores, and begin with a letter or digit."
        ),
    )
]


class Role(models.TextChoices):
    """What a person may do for the site.

    Moderators may also do what curators may, and administrators everything.
    """

    MEMBER = "member", gettext_lazy("Member")
    CURATOR = "curator", gettext_lazy("Curator")
    MODERATOR = "moderator", gettext_lazy("Moderator")
    ADMINISTRATOR = "administrator", gettext_lazy("Administrator")


class AccountManager(UserManager["User"]):
    """Gives superusers who are created on the command line the role of an administrator."""

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        return super().create_superuser(
            username, email, password, **({"role": Role.ADMINISTRATOR} | fields)
        )


class User(AbstractUser):
    """A person with an account; their page is at /@username/."""

    username = models.CharField(
        gettext_lazy("username"),
        max_length=30,
        unique=True,
        validators=username_validators,
        error_messages={"unique": gettext_lazy("That username is taken. Please choose another.")},
    )
    # Django removes an inherited field this way; its stubs do not know it.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(gettext_lazy("email address"), blank=True)
    display_name = LineField(
        gettext_lazy("display name"),
        max_length=60,
        blank=True,
        help_text=gettext_lazy("Shown beside your works instead of your username."),
    )
    role = models.CharField(
        gettext_lazy("role"), max_length=13, choices=Role.choices, default=Role.MEMBER
    )
    language = models.CharField(
        gettext_lazy("language"),
        max_length=10,
        blank=True,
        help_text=gettext_lazy("For pages and emails; if empty, the browser's language."),
    )
    sees_adult_works = models.BooleanField(
        gettext_lazy("shows works for adults"),
        default=False,
        help_text=gettext_lazy("Whether they said that they are of age, and want to see them."),
    )
    notification_settings = models.JSONField(
        gettext_lazy("notification settings"),
        default=dict,
        blank=True,
        help_text=gettext_lazy(
            "Kind of notification -> {bell, mail}; anything missing is as"
            " gallery.notifications.inbox says."
        ),
    )
    closed_at = models.DateTimeField(
        gettext_lazy("closed at"),
        null=True,
        blank=True,
        help_text=gettext_lazy("When the person deleted their account."),
    )
    bio = ProseField(
        gettext_lazy("bio"),
        max_length=600,
        blank=True,
        help_text=gettext_lazy("A few words about you; everybody can read them."),
    )

    links = models.JSONField(
        gettext_lazy("links"),
        default=list,
        blank=True,
        help_text=gettext_lazy("Addresses of the person's other pages, shown on their profile."),
    )
    avatar = models.ForeignKey(
        "gallery.Artwork",
        verbose_name=gettext_lazy("profile picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=gettext_lazy("One of the person's own works; shown while it is public."),
    )

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = gettext_lazy("person")
        verbose_name_plural = gettext_lazy("people")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name that pages show: the display name, else the username."""
        return self.display_name or self.username

    @property
    def avatar_url(self) -> str:
        """Address of the profile picture; "" without one, and while its work is not public."""
        work = self.avatar
        return work.thumbnail_url if work and work.is_listed and work.author_id == self.pk else ""

    @property
    def is_administrator(self) -> bool:
        return self.is_active and (self.is_superuser or self.role == Role.ADMINISTRATOR)

    @property
    def is_moderator(self) -> bool:
        """Whether they may see every work and decide about reports."""
        return self.is_administrator or (self.is_active and self.role == Role.MODERATOR)

    @property
    def is_curator(self) -> bool:
        """Whether they may pick works and open exhibitions."""
        return self.is_moderator or (self.is_active and self.role == Role.CURATOR)

    @property
    def suspension(self) -> Suspension | None:
        """The suspension in force, if any: the person may look, but not act."""
        in_force = Q(lifted_at__isnull=True) & (
            Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now())
        )
        return self.suspensions.filter(in_force).first()

    def get_absolute_url(self) -> str:
        return reverse("profile", args=[self.username])
