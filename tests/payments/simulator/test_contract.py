"""The published contract: what may be asked, what may be answered."""

import json

import pytest

from payments.simulator.api import HANDLERS
from payments.simulator.contract import PUBLISHED, published_contract
from payments.simulator.errors import ApiError

CONTRACT = published_contract()
FIXTURES = json.loads((PUBLISHED.parent / "fixtures3.trimmed.json").read_text())["resources"]
# A dispute has a field now that Stripe's examples lack; capabilities are no object of the calls we know.
LEFT_OUT = {"dispute", "capability"}


def decoded(method, path, **fields):
    operation = CONTRACT.match(method, path)
    return CONTRACT.parameters(operation, list(fields.items()))


def refusal(method, path, pairs):
    with pytest.raises(ApiError) as refused:
        CONTRACT.parameters(CONTRACT.match(method, path), pairs)
    return refused.value


@pytest.mark.parametrize("kind", sorted(set(FIXTURES) - LEFT_OUT))
def test_stripes_own_examples_break_no_rule_but_that_of_unknown_fields(kind):
    example = FIXTURES[kind]
    if kind == "event":
        # The example is about a plan, which the contract does not hold.
        example = {**example, "data": {"object": FIXTURES["charge"]}, "type": "charge.succeeded"}

    violations = CONTRACT.violations({**example, "object": example.get("object", kind)})

    assert [found for found in violations if "Additional properties" not in found] == []


@pytest.mark.parametrize("call", sorted(HANDLERS))
def test_every_call_of_the_simulator_is_in_the_contract(call):
    method, template = call

    operation = CONTRACT.match(method, template.replace("{", "").replace("}", ""))

    assert (operation.method, operation.template) == (method, template)


def test_a_path_outside_the_contract_is_not_matched():
    assert CONTRACT.match("GET", "/v1/plans") is None
    assert CONTRACT.match("DELETE", "/v1/refunds") is None
    assert CONTRACT.match("GET", "/v1/refunds/re_1/more") is None


def test_a_fixed_path_comes_before_one_with_a_name():
    assert CONTRACT.match("GET", "/v1/payment_intents/search").template == "/v1/payment_intents/search"
    assert CONTRACT.match("GET", "/v1/payment_intents/pi_1").arguments == {"intent": "pi_1"}


def test_brackets_become_lists_groups_and_numbers():
    params = decoded(
        "POST",
        "/v1/checkout/sessions",
        **{
            "mode": "payment",
            "expires_at": "1790000000",
            "line_items[1][quantity]": "2",
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": "inr",
            "metadata[order]": "0017",
            "expand[]": "payment_intent",
        },
    )

    assert params == {
        "mode": "payment",
        "expires_at": 1790000000,
        "line_items": [{"quantity": 1, "price_data": {"currency": "inr"}}, {"quantity": 2}],
        "metadata": {"order": "0017"},
        "expand": ["payment_intent"],
    }


def test_a_filter_by_time_is_a_number_or_a_range():
    assert decoded("GET", "/v1/events", created="12") == {"created": 12}
    assert decoded("GET", "/v1/events", **{"created[gte]": "12"}) == {"created": {"gte": 12}}


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"payment_method_types[]": "card"}, "parameter_unknown", "payment_method_types"),
        ({"line_items[0][colour]": "red"}, "parameter_unknown", "line_items[0][colour]"),
        ({"line_items[0][quantity]": "two"}, "parameter_invalid_integer", "line_items[0][quantity]"),
        ({"expires_at": "1e9"}, "parameter_invalid_integer", "expires_at"),
        ({"customer_email": ""}, "parameter_invalid_empty", "customer_email"),
        (
            {"line_items[0][price_data][unit_amount]": "1"},
            "parameter_missing",
            "line_items[0][price_data][currency]",
        ),
        ({"mode": "gift"}, "", "mode"),
        ({"line_items": "one"}, "", "line_items"),
        ({"line_items[first][quantity]": "1"}, "", "line_items"),
        ({"metadata": "text"}, "", "metadata"),
    ],
)
def test_a_wrong_parameter_is_refused_in_stripes_words(fields, code, param):
    error = refusal("POST", "/v1/checkout/sessions", list(fields.items()))

    assert (error.status, error.type, error.code, error.param) == (400, "invalid_request_error", code, param)


@pytest.mark.parametrize(
    "pairs",
    [
        [("a[b", "1")],
        [("[a]", "1")],
        [("", "1")],
        [("metadata[a]", "1"), ("metadata", "2")],
        [("metadata", "2"), ("metadata[a]", "1")],
        [("a" + "[b]" * 40, "1")],
    ],
)
def test_brackets_that_make_no_sense_are_refused(pairs):
    assert refusal("POST", "/v1/checkout/sessions", pairs).status == 400


def test_an_empty_metadata_value_is_allowed_because_it_unsets():
    assert decoded("POST", "/v1/refunds", **{"metadata[a]": ""}) == {"metadata": {"a": ""}}


def test_an_answer_with_a_field_of_our_own_is_a_violation():
    refund = {"id": "re_1", "object": "refund", "amount": 1, "created": 1, "currency": "inr"}

    assert CONTRACT.violations(refund) == []
    assert CONTRACT.violations({**refund, "amount": "1"}) == ["refund.amount: '1' is not of type 'integer'"]
    [unknown] = CONTRACT.violations({**refund, "colour": "red"})
    assert "'colour' was unexpected" in unknown


def test_a_list_is_checked_entry_by_entry():
    refund = {"id": "re_1", "object": "refund", "created": 1, "currency": "inr"}

    listed = {"object": "list", "data": [refund], "has_more": False, "url": "/v1/refunds"}

    assert CONTRACT.violations(listed) == ["refund.: 'amount' is a required property"]


def test_the_object_inside_an_event_is_checked():
    event = {
        "id": "evt_1",
        "object": "event",
        "created": 1,
        "data": {"object": {"id": "re_1", "object": "refund"}},
        "livemode": False,
        "pending_webhooks": 0,
        "type": "refund.created",
    }

    assert len(CONTRACT.violations(event)) == 3
    assert CONTRACT.violations({**event, "type": "refund.invented"}) != []


def test_an_unknown_kind_of_object_is_a_violation():
    assert CONTRACT.violations({"object": "plan"}) == ["plan: not an object of the contract"]
