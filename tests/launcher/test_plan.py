"""What the launcher makes of the environment."""

import socket

import pytest

from marketplace.launcher import ports
from marketplace.launcher.errors import StartupError
from marketplace.launcher.plan import child_environment, read_plan
from marketplace.launcher.running import AlreadyRunning, Claim


def test_defaults(tmp_path):
    plan = read_plan(tmp_path, {})

    assert (plan.port, plan.simulator_port, plan.site_url) == (8000, 8001, "http://127.0.0.1:8000")
    assert plan.var == tmp_path / "var"
    assert (plan.database_url, plan.redis_url) == ("", "")


def test_processes_are_told_where_everything_is(tmp_path):
    plan = read_plan(tmp_path, {"PORT": "9000", "SITE_URL": "https://shop.example/"})

    env = child_environment(plan, "postgres://here/shop")

    assert env["DATABASE_URL"] == "postgres://here/shop"
    assert env["STRIPE_API_BASE"] == "http://127.0.0.1:9001"
    assert env["SITE_URL"] == "https://shop.example"
    assert plan.webhook_url == "http://127.0.0.1:9000/payments/webhooks/stripe/"


def test_provider_of_ones_own_needs_no_simulator(tmp_path):
    assert read_plan(tmp_path, {"STRIPE_API_BASE": "https://api.stripe.com"}).simulator_port is None


@pytest.mark.parametrize(
    "environ",
    [
        {"PORT": "http"},
        {"PORT": "0"},
        {"PORT": "65536"},
        {"PORT": "65535"},
        {"PORT": "-1"},
        {"SIMULATOR_PORT": "x"},
        {"PORT": "9000", "SIMULATOR_PORT": "9000"},
        {"VAR_DIR": "/dev/null/var"},
    ],
)
def test_wrong_setting_is_one_line_that_names_it(environ, tmp_path):
    with pytest.raises(StartupError) as refusal:
        read_plan(tmp_path, environ)

    assert "\n" not in str(refusal.value)
    assert any(name in str(refusal.value) for name in ("PORT", "VAR_DIR"))


def test_taken_port_is_one_line_that_names_another():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(
            StartupError, match=f"^port {port} is taken by another program; choose one with PORT="
        ):
            ports.require_free("PORT", port)


def test_second_launcher_in_a_folder_hears_where_the_first_serves(tmp_path):
    with Claim(tmp_path) as first:
        first.write_down("http://127.0.0.1:8000", [])

        with pytest.raises(AlreadyRunning, match=r"127\.0\.0\.1:8000"):
            Claim(tmp_path).__enter__()

    with Claim(tmp_path):
        pass
