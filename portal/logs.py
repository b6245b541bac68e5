"""Structured logs: one JSON object a line in production, readable lines elsewhere. No credentials, no customer text."""

import re
from logging import LogRecord
from typing import Any

import structlog

MASK = "…"

#: What opens a door to whoever reads it, and the addresses of people: pattern → what is written in its place.
SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Password-reset and confirmation keys, invitation tokens, and any other long random part of a path.
    (re.compile(r"(/password/reset/key/|/confirm-email/)[^/?\s\"'\\]+"), rf"\1{MASK}"),
    (re.compile(r"(?<=/)(?=[A-Za-z0-9_-]*[0-9A-Z_])[A-Za-z0-9_-]{40,}(?=[/?\s\"'\\]|$)"), MASK),
    # Legs of a sign-in by an identity provider, signatures and session tokens of AWS's links, one-time form keys.
    (
        re.compile(
            r"(?<=[?&])(code|state|token|key|form_key|X-Amz-(?:Signature|Credential|Security-Token))=[^&\s\"'\\]+",
            re.IGNORECASE,
        ),
        rf"\1={MASK}",
    ),
    (re.compile(r"\b(password|csrfmiddlewaretoken)=[^&\s\"'\\]+", re.IGNORECASE), rf"\1={MASK}"),
    # A URL with a password in it: DATABASE_URL, EMAIL_URL.
    (re.compile(r"(?<=://)[^/\s@\"']+@"), f"{MASK}@"),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    (re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{12,}\b"), rf"\1{MASK}"),
    (
        re.compile(r"(?i)(secret_?access_?key|session_?token|secretaccesskey)(\W{1,4})[A-Za-z0-9/+=]{16,}"),
        rf"\1\2{MASK}",
    ),
    # The look-behind keeps a long word without @ from being tried anew at each of its letters.
    (re.compile(r"(?<![\w.+%-])[\w.+%-]+@(?=[\w-]+\.[\w.-]*\w)"), f"{MASK}@"),
)


def masked(text: str) -> str:
    """`text` without tokens, keys, passwords and the local parts of e-mail addresses."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


class MaskingFormatter(structlog.stdlib.ProcessorFormatter):
    """Writes structlog's events and everybody else's records as one line each; the finished line is masked.

    Masking the line, not its parts, also reaches what a traceback or a library's message quotes.
    """

    def format(self, record: LogRecord) -> str:
        return masked(super().format(record))


def logging_config(mode: str) -> dict[str, Any]:
    """The `LOGGING` setting of a `PORTAL_MODE`; also configures structlog."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "portal.logs.MaskingFormatter",
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(mode)],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING" if mode == "test" else "INFO"},
        "loggers": {
            "botocore": {"level": "WARNING"},
            "boto3": {"level": "WARNING"},
            # Django's own console and mail to administrators are left out: one line, on stderr, masked.
            "django": {"handlers": [], "level": "INFO"},
        },
    }


def _renderer(mode: str) -> Any:
    if mode == "production":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], repr_native_str=False)
