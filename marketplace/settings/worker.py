"""Settings of the worker and of the clock of periodic tasks."""

from datetime import time, timedelta
from typing import Any

from celery.schedules import crontab

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_DEFAULT_QUEUE = "slow"
CELERY_TASK_ROUTES = {
    "payments.reconcile": {"queue": "slow"},
    # A payout run has thousands of calls to make, behind which no buyer's payment should wait.
    "payments.plan_payouts": {"queue": "slow"},
    "payments.make_transfer": {"queue": "slow"},
    "payments.drain_transfers": {"queue": "slow"},
    "payments.*": {"queue": "money"},
    "notices.*": {"queue": "notices"},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
# The worker logs as LOGGING says, with the keys of each message.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# UTC: late in the evening of every country of the programme, so that what becomes payable on a day is paid on it.
PAYOUT_RUN_AT = time(16, 30)
# Every periodic task finds its own work by query, so a run that was missed heals at the next one.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "drain-provider-events": {"task": "payments.drain_provider_events", "schedule": timedelta(minutes=1)},
    "sweep-attempts": {"task": "payments.sweep_attempts", "schedule": timedelta(minutes=5)},
    "keep-accept-clock": {"task": "orders.keep_accept_clock", "schedule": timedelta(minutes=5)},
    "keep-rest-clock": {"task": "orders.keep_rest_clock", "schedule": timedelta(hours=1)},
    "deliver-overdue": {"task": "orders.deliver_overdue", "schedule": timedelta(hours=1)},
    "move-overdue-returns": {"task": "orders.move_overdue_returns", "schedule": timedelta(hours=1)},
    "alert-about-overdue-cash": {
        "task": "payments.alert_about_overdue_cash",
        "schedule": timedelta(hours=6),
    },
    "ask-for-reviews": {"task": "orders.ask_for_reviews", "schedule": timedelta(hours=1)},
    "mend-ratings": {"task": "orders.mend_ratings", "schedule": timedelta(hours=6)},
    "expire-orders": {"task": "payments.expire_orders", "schedule": timedelta(minutes=1)},
    "drain-refunds": {"task": "payments.drain_refunds", "schedule": timedelta(minutes=5)},
    "refund-what-is-owed": {"task": "payments.refund_what_is_owed", "schedule": timedelta(minutes=5)},
    "poll-disputes": {"task": "payments.poll_disputes", "schedule": timedelta(hours=1)},
    "poll-provider-events": {"task": "payments.poll_provider_events", "schedule": timedelta(hours=1)},
    "drain-transfers": {"task": "payments.drain_transfers", "schedule": timedelta(minutes=5)},
    "drain-reversals": {"task": "payments.drain_reversals", "schedule": timedelta(minutes=5)},
    "refresh-payout-accounts": {"task": "payments.refresh_payout_accounts", "schedule": timedelta(hours=6)},
    "plan-payouts": {
        "task": "payments.plan_payouts",
        "schedule": crontab(hour=str(PAYOUT_RUN_AT.hour), minute=str(PAYOUT_RUN_AT.minute)),
    },
    "fetch-balance-transactions": {
        "task": "payments.fetch_balance_transactions",
        "schedule": timedelta(hours=1),
    },
    # In the night of Thimphu and Delhi.
    "reconcile": {"task": "payments.reconcile", "schedule": crontab(hour=21, minute=30)},
    "make-missing-renditions": {
        "task": "catalogue.make_missing_renditions",
        "schedule": timedelta(minutes=5),
    },
    "make-missing-group-renditions": {
        "task": "vendors.make_missing_renditions",
        "schedule": timedelta(minutes=5),
    },
    "make-missing-story-renditions": {
        "task": "programme.make_missing_renditions",
        "schedule": timedelta(minutes=5),
    },
    # Hourly, so that a night that was missed heals; the first run after midnight draws.
    "draw-turns": {"task": "programme.draw_turns", "schedule": crontab(minute="2")},
    # Hourly, for a month ends at another hour in each country.
    "publish-impact": {"task": "programme.publish_impact", "schedule": crontab(minute="7")},
    "carry-out-changes": {"task": "regions.carry_out_changes", "schedule": timedelta(minutes=5)},
    # Midnight falls on another hour in each country, and India's on a half one.
    "refresh-known-names": {
        "task": "catalogue.refresh_known_names",
        "schedule": crontab(minute="1,31"),
    },
    "run-imports": {"task": "catalogue.run_imports", "schedule": timedelta(minutes=1)},
    "refresh-vocabulary": {"task": "catalogue.refresh_vocabulary", "schedule": timedelta(minutes=15)},
    "recount-listings": {"task": "catalogue.recount_listings", "schedule": timedelta(minutes=5)},
    "tell-of-stock": {"task": "catalogue.tell_of_stock", "schedule": timedelta(minutes=5)},
    "tell-of-news": {"task": "catalogue.tell_of_news", "schedule": timedelta(hours=1)},
    "clear-stock-requests": {"task": "catalogue.clear_stock_requests", "schedule": timedelta(hours=6)},
    "clear-old-files": {"task": "catalogue.clear_old_files", "schedule": timedelta(hours=6)},
    "tell-of-low-stock": {"task": "vendors.tell_of_low_stock", "schedule": timedelta(minutes=5)},
    "warn-of-certificate-ends": {
        "task": "vendors.warn_of_certificate_ends",
        "schedule": timedelta(hours=1),
    },
    "forget-reporters": {"task": "programme.forget_reporters", "schedule": timedelta(hours=6)},
    "end-old-invitations": {"task": "vendors.end_old_invitations", "schedule": timedelta(hours=1)},
    "sweep-codes": {"task": "people.sweep_codes", "schedule": timedelta(hours=6)},
    "make-reports": {"task": "programme.make_reports", "schedule": timedelta(minutes=1)},
    "expire-reports": {"task": "programme.expire_reports", "schedule": timedelta(hours=1)},
    "make-exports": {"task": "privacy.make_exports", "schedule": timedelta(minutes=1)},
    "remove-exports": {"task": "privacy.remove_exports", "schedule": timedelta(hours=1)},
    "clear-sessions": {"task": "privacy.clear_sessions", "schedule": timedelta(hours=1)},
    "clear-baskets": {"task": "orders.clear_baskets", "schedule": timedelta(minutes=10)},
    "forget-old-sales": {"task": "privacy.forget_old_sales", "schedule": timedelta(hours=6)},
    "clear-left-files": {"task": "privacy.clear_left", "schedule": timedelta(minutes=10)},
    "queue-broadcasts": {"task": "programme.queue_broadcasts", "schedule": timedelta(minutes=1)},
    "send-notices": {"task": "notices.send_waiting", "schedule": timedelta(minutes=1)},
    "gather-digests": {"task": "notices.gather_digests", "schedule": timedelta(minutes=5)},
    "forget-secrets": {"task": "notices.forget_secrets", "schedule": timedelta(minutes=5)},
}
