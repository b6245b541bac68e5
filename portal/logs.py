"""Structured logs: one JSON object a line in production, readable lines elsewhere. No credentials, no customer text."""

from typing import Any

import structlog


def logging_config(mode: str) -> dict[str, Any]:
    """The `LOGGING` setting of a `PORTAL_MODE`; also configures structlog."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer = (
        structlog.processors.JSONRenderer()
        if mode == "production"
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": renderer,
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING" if mode == "test" else "INFO"},
        "loggers": {"botocore": {"level": "WARNING"}, "boto3": {"level": "WARNING"}},
    }
