# One image for web, worker and beat. Build: docker build -t marketplace .
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 \
    DJANGO_SETTINGS_MODULE=marketplace.settings.production VAR_DIR=/var/lib/marketplace

WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt

COPY . .
# The stand-ins of deploy/check.env last for this one step only.
RUN useradd --system --uid 10001 --home-dir /nonexistent marketplace \
    && mkdir -p /var/lib/marketplace \
    && sh -c 'set -a; . deploy/check.env; exec python manage.py collectstatic --noinput --verbosity 0' \
    && chown -R marketplace /var/lib/marketplace

USER marketplace
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", "0.0.0.0:8000", "--preload", "marketplace.wsgi"]
