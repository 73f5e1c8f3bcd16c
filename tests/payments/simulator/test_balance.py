"""The balance: every movement is listed, sums are right, and all of it may come late."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.simulator import balance
from payments.simulator.balance import Movement
from payments.simulator.clock import Clock
from payments.simulator.contract import published_contract
from payments.simulator.store import Store
from payments.simulator.world import World
from tests.support.simulator import payment_request

TRANSACTIONS = "/v1/balance_transactions"


def listed(simulator, **filters):
    return simulator.api("GET", TRANSACTIONS, limit="100", **filters).values["data"]


@pytest.fixture
def busy(simulator, charge, account):
    """Makes one movement of every kind and returns what moved, by kind."""

    def move():
        fields = {"amount": "50000", "currency": "inr", "source_transaction": charge["id"]}
        transfer = simulator.api("POST", "/v1/transfers", destination=account, **fields).values
        reversal = simulator.api("POST", f"/v1/transfers/{transfer['id']}/reversals", amount="1").values
        refund = simulator.api("POST", "/v1/refunds", charge=charge["id"], amount="1000").values
        simulator.control("refunds", refund=refund["id"])
        dispute = simulator.control("disputes", charge=charge["id"], amount=700)
        simulator.control("disputes", dispute=dispute["id"], outcome="won")
        return {
            "transfer": transfer["id"],
            "transfer_refund": reversal["id"],
            "refund": refund["id"],
            "refund_failure": refund["id"],
            "adjustment": dispute["id"],
        }

    return move


def test_movements_are_listed_by_type_source_and_time(simulator, charge, busy):
    sources = busy()
    newest = listed(simulator)[0]

    for kind, source in sources.items():
        assert {row["source"] for row in listed(simulator, type=kind)} == {source}
        assert all(row["source"] == source for row in listed(simulator, source=source))
    assert len(listed(simulator)) == 7
    assert [row["amount"] for row in listed(simulator, source=sources["refund"], type="refund")] == [-1000]
    assert listed(simulator, currency="usd") == []
    assert len(listed(simulator, **{"created[gte]": str(newest["created"] - 60)})) == 7
    assert listed(simulator, **{"created[gt]": str(newest["created"] + 60)}) == []


def test_the_list_is_read_page_by_page(simulator, charge, busy):
    busy()
    everything = [row["id"] for row in listed(simulator)]

    pages = simulator.provider()._client.v1.balance_transactions.list({"limit": 2})
    first = simulator.api("GET", TRANSACTIONS, limit="2").values
    before = simulator.api("GET", TRANSACTIONS, limit="2", ending_before=everything[4]).values

    assert [row.id for row in pages.auto_paging_iter()] == everything
    assert ([row["id"] for row in first["data"]], first["has_more"]) == (everything[:2], True)
    assert ([row["id"] for row in before["data"]], before["has_more"]) == (everything[2:4], True)


def test_every_movement_may_come_late(simulator, charge, busy, told):
    simulator.control("balance", late=True)
    before = simulator.api("GET", "/v1/balance").values
    sources = busy()
    while_late = listed(simulator)
    shown = [
        simulator.api("GET", f"/v1/transfers/{sources['transfer']}").values,
        simulator.api("GET", f"/v1/refunds/{sources['refund']}").values,
    ]
    told()

    settled = simulator.control("balance", late=False)

    assert [row["source"] for row in while_late] == [charge["id"]]
    assert [row["balance_transaction"] for row in shown] == [None, None]
    assert settled == {"settled": 6}
    assert told() == [
        "transfer.updated",
        "refund.updated",
        "refund.updated",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
    ]
    assert [row["type"] for row in listed(simulator)][:6] == [
        "adjustment",
        "adjustment",
        "refund_failure",
        "refund",
        "transfer_refund",
        "transfer",
    ]
    for kind, path in (("transfer", "transfers"), ("refund", "refunds")):
        subject = simulator.api("GET", f"/v1/{path}/{sources[kind]}").values
        row = simulator.api("GET", f"{TRANSACTIONS}/{subject['balance_transaction']}").values
        assert (row["type"], row["source"]) == (kind, sources[kind])
    dispute = simulator.api("GET", f"/v1/disputes/{sources['adjustment']}").values
    assert [row["amount"] for row in dispute["balance_transactions"]] == [-700, 700]
    assert simulator.api("GET", "/v1/balance").values != before
    assert simulator.control("balance", late=False) == {"settled": 0}


def test_a_payout_is_never_late_but_its_failure_may_be(simulator, charge):
    simulator.control("clock", advance=2 * 24 * 3600)
    simulator.control("balance", late=True)
    payout = simulator.control("payouts")
    failed = simulator.control("payouts", payout=payout["id"], outcome="failed")

    simulator.control("balance", late=False)

    assert payout["balance_transaction"] is not None
    assert failed["failure_balance_transaction"] is None
    row = simulator.api("GET", f"/v1/payouts/{payout['id']}").values["failure_balance_transaction"]
    assert simulator.api("GET", f"{TRANSACTIONS}/{row}").values["net"] == payout["amount"]
    assert simulator.objects("event")[-1]["type"] == "payout.updated"


def test_money_that_left_late_does_not_leave_again(simulator, charge, account):
    simulator.control("clock", advance=2 * 24 * 3600)
    simulator.control("balance", late=True)
    asked = {"currency": "inr", "destination": account, "amount": "100000"}

    first = simulator.api("POST", "/v1/transfers", **asked)
    second = simulator.api("POST", "/v1/transfers", **asked)

    assert (first.status, second.status) == (200, 400)
    assert second.values["error"]["code"] == "balance_insufficient"


def test_fees_of_a_charge_depend_on_its_currency():
    rupees, dollars = (balance.fees_of_charge(100_000, currency) for currency in ("inr", "usd"))

    assert [(fee["type"], fee["amount"]) for fee in rupees] == [("stripe_fee", 2000), ("tax", 360)]
    assert [(fee["type"], fee["amount"]) for fee in dollars] == [("stripe_fee", 2930)]


@given(
    steps=st.lists(
        st.tuples(
            st.integers(-10_000, 10_000),
            st.sampled_from(["inr", "usd"]),
            st.booleans(),
            st.integers(0, 3 * 24 * 3600),
        ),
        max_size=25,
    )
)
@settings(max_examples=40, deadline=None)
def test_the_running_sums_are_the_sums_of_the_movements(steps):
    world = World(Store(), Clock(), published_contract(), "http://provider.example")
    numbers = itertools.count()
    for amount, currency, is_immediate, pause in steps:
        with world.store.transaction():
            charge = {"id": f"ch_{next(numbers)}", "object": "charge", "balance_transaction": None}
            due = world.clock.now() if is_immediate else None
            movement = Movement(amount, currency, type="charge", source=charge["id"], available_on=due)
            balance.book(world, charge, movement)
            world.clock.advance(pause)

    rows = world.store.newest_first("balance_transaction")
    shown = balance.retrieve(world)

    for part in shown["available"]:
        mine = [row for row in rows if row["currency"] == part["currency"]]
        due = sum(row["net"] for row in mine if row["available_on"] <= world.clock.now())
        assert part["amount"] == due
        assert balance.available(world, part["currency"]) == due
    for part in shown["pending"]:
        mine = [row for row in rows if row["currency"] == part["currency"]]
        assert part["amount"] == sum(row["net"] for row in mine if row["available_on"] > world.clock.now())


def test_a_year_of_movements_is_summed_in_few_parts(simulator):
    for number in range(5):
        request = payment_request(key=f"attempt:{number}", attempt_reference=str(number))
        simulator.pay(simulator.provider().create_payment(request).session_id)

    [purse] = simulator.objects("purse")

    assert len(purse["coming"]) <= 2
    assert purse["settled"] + sum(purse["coming"].values()) == 5 * 120537
