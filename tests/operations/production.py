"""Production's environment, complete and made up, for tests that start `manage.py` under it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

FIT = {
    "SECRET_KEY": "production-like-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "postgres://portal:hidden@127.0.0.1:1/portal",
    "ALLOWED_HOSTS": "portal.example,www.portal.example",
    "PORTAL_BASE_URL": "https://portal.example",
    "EMAIL_URL": "smtp+tls://portal:p%40ss@mail.example:587",
    "VENDOR_ACCOUNT_ID": "426924874929",
    "BOOTSTRAP_TEMPLATE_URL": "https://templates.example/byoc",
}


def manage(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """Runs `manage.py` in production with FIT; a value in `changed` replaces its own, an empty one removes it."""
    values = {name: value for name, value in (FIT | changed).items() if value}
    kept = {name: value for name, value in os.environ.items() if name not in FIT}
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *arguments],
        cwd=ROOT,
        env=kept
        | values
        | {
            "PORTAL_MODE": "production",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "STATIC_ROOT": str(ROOT / "docs"),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
