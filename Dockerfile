# One image for web, worker and beat. Build: docker build -t marketplace .
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 \
    DJANGO_SETTINGS_MODULE=marketplace.settings.production VAR_DIR=/var/lib/marketplace

WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt

COPY . .
RUN useradd --system --uid 10001 --home-dir /nonexistent marketplace \
    && install --directory --owner marketplace /var/lib/marketplace

USER marketplace
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", "0.0.0.0:8000", "--preload", "marketplace.wsgi"]
