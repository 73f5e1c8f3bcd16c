"""Gunicorn, on one machine and in the container; the command line adds the address."""

import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 20
keepalive = 5
# A memory leak of a library never grows for long; the jitter keeps workers from restarting together.
max_requests = 5000
max_requests_jitter = 500
accesslog = "-"
errorlog = "-"
# The path without its query: that holds the key of a guest's link to an order, and what people looked for.
access_log_format = '%(h)s "%(m)s %(U)s %(H)s" %(s)s %(b)s %(M)sms'
# It would lie in the home directory, where two marketplaces meet.
control_socket_disable = True
