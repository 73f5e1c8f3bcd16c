"""A worker killed in the middle of handling an event, then started again: one settled order, one notice of each kind."""

import email
import time
from collections import Counter
from types import SimpleNamespace

import pytest
from celery import Celery
from django.conf import settings as project_settings
from django.db import connection, transaction

from notices.models import Notice
from orders.services.releasing import lock_order
from payments.models import LedgerPosting, PaymentAttempt, ProviderEvent
from payments.services.attempts import start_payment
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.support.sale import a_listing, placed_order, states_of, stock_of
from tests.support.services import RunningMarketplace, wait_until
from tests.support.simulator import RunningSimulator

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault(16), pytest.mark.fault(17)]

KINDS = Counter(
    {
        ("order_placed", "email", "dema@example.org"): 1,
        ("order_placed", "sms", "+97517123456"): 1,
        ("order_paid", "email", "dema@example.org"): 1,
        ("order_paid", "sms", "+97517123456"): 1,
        ("new_sale", "email", "khoma@example.org"): 1,
        ("new_sale", "email", "chair@example.org"): 1,
        ("new_sale", "sms", "+97517000001"): 1,
    }
)


class Beat:
    """Sends what celery beat sends every minute."""

    def __init__(self, marketplace, redis_url):
        messages = str(marketplace.folder / "broker" / "messages")
        control = str(marketplace.folder / "broker" / "control")
        folders = {"data_folder_in": messages, "data_folder_out": messages, "control_folder": control}
        self.app = Celery(
            "beat",
            broker=redis_url or "filesystem://localhost",
            set_as_current=False,
            broker_transport_options={} if redis_url else folders,
        )
        self.app.conf.task_routes = project_settings.CELERY_TASK_ROUTES

    def tick(self):
        for task in ("payments.drain_provider_events", "notices.send_waiting"):
            self.app.send_task(task)

    def tick_until(self, condition, explain):
        """Tick every second: a message that Redis had handed to the killed worker is gone for good.

        The event itself is left alone for half a minute, in which its first try might still have gone on.
        """
        last = 0.0

        def look():
            nonlocal last
            if time.monotonic() - last > 1:
                self.tick()
                last = time.monotonic()
            return condition()

        wait_until(look, seconds=120, explain=explain)


def sold_goods():
    """An order of a guest with both contacts, of a group with members."""
    vendor = VendorFactory(email="khoma@example.org", phone="+97517000001")
    MembershipFactory(vendor=vendor, user=PersonFactory(email="chair@example.org"))
    listing = a_listing(vendor=vendor)
    return listing, placed_order((listing, 2), phone="+97517123456")


def messages_in(folder):
    """How often each address got which text, as files hold it."""
    mails = [email.message_from_bytes(file.read_bytes()) for file in (folder / "mail").glob("*.eml")]
    texts = [file.read_text(encoding="utf-8") for file in (folder / "sms").glob("*.txt")]
    return Counter(mail["To"] for mail in mails) + Counter(text.split()[1] for text in texts)


def somebody_waits_for_a_row():
    with connection.cursor() as cursor:
        # Within one transaction the view would not change otherwise.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return cursor.fetchone()[0] > 0


def kill_while_it_asks_the_provider(marketplace, simulator, _order, pay):
    """The worker hangs in a call that the provider answers late."""
    simulator.control("faults", method="GET", path="/v1/checkout/sessions/*", kind="delay", seconds=20)
    pay()
    wait_until(lambda: "message='Request to Stripe api' method=get" in marketplace.worker.log)
    marketplace.worker.kill()


def kill_inside_the_transaction(marketplace, _simulator, order, pay):
    """The worker hangs at a row that somebody else holds."""
    with transaction.atomic():
        lock_order(order.pk)
        pay()
        wait_until(somebody_waits_for_a_row)
        marketplace.worker.kill()


@pytest.mark.parametrize(
    ("broker", "kill"),
    [("redis", kill_while_it_asks_the_provider), ("files", kill_inside_the_transaction)],
    ids=["redis-asking the provider", "files-inside the transaction"],
)
def test_a_worker_killed_in_the_middle_of_an_event_and_started_again_settles_once(
    broker, kill, request, tmp_path, settings
):
    redis_url = request.getfixturevalue("redis_url") if broker == "redis" else ""
    with RunningMarketplace(tmp_path, redis_url=redis_url) as marketplace:
        simulator = RunningSimulator(SimpleNamespace(url=marketplace.simulator_url))
        settings.STRIPE_API_BASE = marketplace.simulator_url
        listing, order = sold_goods()
        attempt = start_payment(order)

        kill(marketplace, simulator, order, lambda: simulator.pay(attempt.session_id))
        when_killed = (states_of(order), LedgerPosting.objects.count())
        event_id = ProviderEvent.objects.get(kind="checkout.session.completed").event_id
        repeats = simulator.control("redeliver", event_id=event_id, copies=10)["statuses"]
        beat = Beat(marketplace, redis_url)
        marketplace.worker.start()
        beat.tick_until(
            lambda: (
                not ProviderEvent.objects.filter(state="received").exists()
                and not Notice.objects.filter(state="waiting").exists()
            ),
            explain=lambda: marketplace.worker.log,
        )
        beat.tick()
        sent = messages_in(tmp_path)

    assert when_killed == (("awaiting_payment", ["awaiting_payment"]), 0)
    assert repeats == [200] * 10
    assert ProviderEvent.objects.filter(event_id=event_id).count() == 1
    assert states_of(order) == ("paid", ["new"])
    assert stock_of(listing) == (10, 2)
    assert list(PaymentAttempt.objects.values_list("state", flat=True)) == ["succeeded"]
    assert sorted(LedgerPosting.objects.values_list("kind", flat=True)) == ["captured", "released"]
    rows = Notice.objects.values_list("kind", "channel", "address")
    assert Counter(rows) == KINDS
    assert set(Notice.objects.values_list("state", "tries")) == {("sent", 1)}
    assert sent == Counter(address for _kind, _channel, address in KINDS)
