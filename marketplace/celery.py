"""The Celery application: queues `money`, `notices` and `slow`."""

import os

from celery import Celery

from marketplace.lib import folder_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.development")

folder_broker.use_for_files()

app = Celery("marketplace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
