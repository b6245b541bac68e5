"""Settings from the environment. `PORTAL_MODE` is `production` (the default), `demo` or `test`.

Production refuses to start while a value is missing, unfit or a demo value, and names it (portal/values.py).
"""

import logging
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from portal.logs import logging_config
from portal.values import Required, mailer, refuse_unfit

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

MODE = env.str("PORTAL_MODE", "production")
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"PORTAL_MODE is {MODE!r}; it is one of production, demo, test.")
PRODUCTION = MODE == "production"
DEMO_DIR = Path(env.str("DEMO_DIR", str(BASE_DIR / ".demo")))

#: What the embedded defaults stand in for; production must give each of them.
DEMO_VALUES = {
    "SECRET_KEY": "demo-only-key-that-production-refuses-0123456789-abcdefghij",
    "DATABASE_URL": f"sqlite:///{DEMO_DIR / 'portal.sqlite3'}",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "PORTAL_BASE_URL": "http://127.0.0.1:8000",
    "EMAIL_URL": "dummymail://",
    "VENDOR_ACCOUNT_ID": "111111111111",
    "BOOTSTRAP_TEMPLATE_URL": "http://127.0.0.1:4566/byoc-templates",
}


required = Required(env, PRODUCTION, DEMO_VALUES)
SECRET_KEY = required("SECRET_KEY")
ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS").split(",")]
PORTAL_BASE_URL = required("PORTAL_BASE_URL").rstrip("/")
VENDOR_ACCOUNT_ID = required("VENDOR_ACCOUNT_ID")
BOOTSTRAP_TEMPLATE_URL = required("BOOTSTRAP_TEMPLATE_URL").rstrip("/")
#: Where links to the AWS console lead; `{region}` is filled in. The demo has a stand-in.
AWS_CONSOLE_URL = env.str("AWS_CONSOLE_URL", "https://{region}.console.aws.amazon.com").rstrip("/")
VENDOR_NAME = env.str("VENDOR_NAME", "ClickHouse Cloud")
DEBUG = False

INSTALLED_APPS = [
    "portal.support.apps.SupportConfig",
    "portal.accounts.apps.AccountsConfig",
    "portal.findings.apps.FindingsConfig",
    "portal.aws.apps.AwsConfig",
    "portal.workflows.apps.WorkflowsConfig",
    "onboarding.apps.OnboardingConfig",
    "networking.apps.NetworkingConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "auditlog",
    "django_structlog",
    "django_q",
]
if not PRODUCTION:
    INSTALLED_APPS.append("portal.demo.apps.DemoConfig")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # First of what sees pages: each line that is logged after it, and each error page, has the request's id.
    "portal.accounts.middleware.RequestLogMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "portal.accounts.middleware.StrictRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "portal.accounts.middleware.ViewerTimeZoneMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.accounts.context.portal",
            ],
        },
    }
]

# Database: SQLite is the embedded default, PostgreSQL is production.
DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url_config(required("DATABASE_URL"))}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Path(str(DATABASES["default"]["NAME"])).parent.mkdir(parents=True, exist_ok=True)
    # IMMEDIATE: a writer queues at BEGIN instead of failing later with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        # Shared by all processes, so that allauth's throttling counts everybody's attempts.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
    }
}
if MODE == "test":
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "test"}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "onboarding:home"
ACCOUNT_ADAPTER = "portal.accounts.adapters.PortalAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {} if MODE == "test" else {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = f"{VENDOR_NAME} BYOC"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ONLY = False

# Mail
MAILERS = {"default": mailer(required("EMAIL_URL"))}
if not PRODUCTION:
    IN_MEMORY = "django.core.mail.backends.locmem.EmailBackend"
    MAILERS["default"] = {"BACKEND": "portal.demo.mailbox.MailboxBackend" if MODE == "demo" else IN_MEMORY}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "BYOC onboarding <onboarding@vendor.example>")

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ja", _("Japanese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# Static files
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "portal.statics.RememberingStorage"
    },
}
if MODE == "test":
    WHITENOISE_AUTOREFRESH = True
    WHITENOISE_USE_FINDERS = True
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# Security
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.accounts.views.errors.csrf_failure"
if PRODUCTION:
    refuse_unfit(
        secret_key=SECRET_KEY,
        hosts=ALLOWED_HOSTS,
        base_url=PORTAL_BASE_URL,
        vendor=VENDOR_ACCOUNT_ID,
        mail=MAILERS["default"],
    )
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # asked from inside, before TLS
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [PORTAL_BASE_URL]
    # The browsers' preload list binds every host of a domain for months: that is for its owner to decide, not for us.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
#: How many of our own proxies stand before the web process. The n-th address from the right of `X-Forwarded-For` was
#: written by them, everything left of it by the client. 0: the header is not believed at all.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "portal.accounts.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# The queue is a doorbell: the truth is in the workflow rows. Figures as measured; see docs/adr/0002.
Q_CLUSTER = {
    "name": "portal",
    "orm": "default",
    "broker_class": "portal.workflows.broker.DelayingBroker",
    "workers": env.int("WORKERS", 2),
    "poll": 0.1,
    "bulk": 1,
    "queue_limit": 4,
    "timeout": 60,
    "retry": 600,
    "ack_failures": True,
    "max_attempts": 1,
    "catch_up": False,
    "save_limit": -1,
    "recycle": 500,
    "scheduler": False,
    "label": "Queue",
}

# Workflows: seconds. Tests and the demo shorten them.
WORKFLOW = {
    "lease": env.int("WORKFLOW_LEASE", 90),
    "max_attempts": 5,
    "sweep_every": env.float("WORKFLOW_SWEEP_EVERY", 60.0),
    "window": env.float("WORKFLOW_WINDOW", 300.0),
    "window_first": env.float("WORKFLOW_WINDOW_FIRST", 2.0),
    "window_factor": 1.7,
    "poll": env.float("WORKFLOW_POLL", 5.0),
    "trust_patience": env.float("WORKFLOW_TRUST_PATIENCE", 120.0),
}
#: Seconds botocore waits for a connection and for an answer.
AWS_TIMEOUTS = {"connect": env.float("AWS_CONNECT_TIMEOUT", 5.0), "read": env.float("AWS_READ_TIMEOUT", 20.0)}

LOGGING = logging_config(MODE)
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
AUDITLOG_INCLUDE_ALL_MODELS = False
