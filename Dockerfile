# The production image: web, worker and migration job are the same image with different commands.
FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/portal && /opt/portal/bin/pip install --require-hashes --requirement /tmp/base.txt

FROM python:3.13-slim-bookworm
ENV PATH=/opt/portal/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_MODE=production DJANGO_SETTINGS_MODULE=portal.settings STATIC_ROOT=/srv/static
RUN useradd --system --uid 10001 --home-dir /srv portal && mkdir -p /srv/static
COPY --from=build /opt/portal /opt/portal
WORKDIR /srv/portal
COPY manage.py ./
COPY portal portal
COPY onboarding onboarding
COPY networking networking
COPY templates templates
COPY static static
COPY locale locale
# Production refuses to start without values of its own; these exist during this one command only and open nothing.
RUN SECRET_KEY=only-while-the-image-is-built-0123456789-abcdefghijklmnopqrstuvwxyz \
    DATABASE_URL=postgres://nobody@127.0.0.1/none ALLOWED_HOSTS=build.invalid PORTAL_BASE_URL=https://build.invalid \
    EMAIL_URL=smtp://build.invalid:25 VENDOR_ACCOUNT_ID=426924874929 BOOTSTRAP_TEMPLATE_URL=https://build.invalid/byoc \
    python manage.py collectstatic --no-input
USER portal
EXPOSE 8000
# Two processes of eight threads suit two cores. /dev/shm: gunicorn's heartbeat must not wait for a disk.
# No access log: the portal logs each request itself, without the tokens that stand in some addresses.
CMD ["gunicorn", "portal.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--max-requests", "10000", "--max-requests-jitter", "1000", \
     "--no-control-socket"]
