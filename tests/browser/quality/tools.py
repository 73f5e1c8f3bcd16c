"""Lighthouse and the Nu HTML checker, as programs: package-lock.json pins both, and `make quality` installs them."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tests.browser.sights import Cookies
from tests.support.browser import find_chromium

HERE = Path(__file__).parent
LIGHTHOUSE = HERE / "node_modules" / ".bin" / "lighthouse"
# Fonts for every script of the shop: phones bring those of the same family.
FONTS = Path(settings.BASE_DIR) / "data" / "fonts"
NU = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
SECONDS = 120
# Milliseconds and kilobits a second of what browsers call slow 3G; the browser itself keeps to them, nothing is reckoned.
SLOW_3G = (
    "--throttling-method=devtools",
    "--throttling.requestLatencyMs=400",
    "--throttling.downloadThroughputKbps=400",
    "--throttling.uploadThroughputKbps=400",
    "--throttling.cpuSlowdownMultiplier=4",
)


@dataclass(frozen=True)
class Score:
    """What Lighthouse says of a page on a phone. Scores are 0 to 100; paint, in seconds, is when the first words stand."""

    performance: int
    accessibility: int
    best_practices: int
    seo: int
    paint: float
    shift: float


def missing_tools() -> str:
    """What is not installed, in words; empty when all is."""
    wanted = {"Chromium": find_chromium(), "java": shutil.which("java"), "node": shutil.which("node")}
    found = [name for name, where in wanted.items() if where is None]
    return ", ".join([*found, *(str(path.name) for path in (LIGHTHOUSE, NU) if not path.exists())])


def lighthouse(url: str, cookies: Cookies, folder: Path, *, is_poor: bool = False) -> Score:
    """Measure a page. cookies: of whoever looks. folder: where files for Lighthouse may lie.

    is_poor: on slow 3G, and with a phone that brings no font of our scripts. Otherwise as Lighthouse throttles, and the
    phone has them. Raises subprocess.CalledProcessError when Lighthouse gives up.
    """
    headers = folder / "headers.json"
    pairs = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers.write_text(json.dumps({"Cookie": pairs} if pairs else {}), encoding="utf-8")
    command = [
        str(LIGHTHOUSE),
        url,
        "--quiet",
        "--output=json",
        "--only-categories=performance,accessibility,best-practices,seo",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        f"--extra-headers={headers}",
        *(SLOW_3G if is_poor else ()),
    ]
    environment = {"CHROME_PATH": str(find_chromium()), "PATH": _path(), "HOME": str(folder)}
    if not is_poor:
        environment["FONTCONFIG_FILE"] = str(_with_our_fonts(folder))
    said = json.loads(_output(command, environment))
    scores = {name: round(100 * (found["score"] or 0)) for name, found in said["categories"].items()}
    return Score(
        performance=scores["performance"],
        accessibility=scores["accessibility"],
        best_practices=scores["best-practices"],
        seo=scores["seo"],
        paint=said["audits"]["first-contentful-paint"]["numericValue"] / 1000,
        shift=said["audits"]["cumulative-layout-shift"]["numericValue"],
    )


def nu_errors(pages: Mapping[str, str], folder: Path) -> Mapping[str, Sequence[str]]:
    """Errors of the HTML of many pages, by key. pages: key -> HTML; folder: where they may lie meanwhile."""
    names = {f"{number}.html": key for number, key in enumerate(pages)}
    for name, key in names.items():
        (folder / name).write_text(pages[key], encoding="utf-8")
    command = ["java", "-jar", str(NU), "--format", "json", "--errors-only", "--exit-zero-always"]
    files = [str(folder / name) for name in names]
    done = subprocess.run([*command, *files], capture_output=True, check=True, timeout=SECONDS)
    found: dict[str, list[str]] = {key: [] for key in pages}
    for row in json.loads(done.stderr or b'{"messages": []}')["messages"]:
        found[names[Path(row["url"]).name]].append(f"line {row.get('lastLine')}: {row['message']}")
    return found


def _output(command: Sequence[str], environment: Mapping[str, str]) -> bytes:
    """What it prints. On a busy machine its browser may not answer in time, so what gives up is asked once more."""
    for is_last in (False, True):
        # Our own command line, and addresses of the marketplace that this run has started.
        done = subprocess.run(command, env=environment, capture_output=True, check=is_last, timeout=SECONDS)
        if done.returncode == 0:
            break
    return done.stdout


def _with_our_fonts(folder: Path) -> Path:
    """Settings of fontconfig by which the browser knows our fonts beside those of the machine."""
    file = folder / "fonts.conf"
    places = f"<dir>{FONTS}</dir><cachedir>{folder / 'fonts'}</cachedir>"
    include = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    file.write_text(f"<fontconfig>{include}{places}</fontconfig>", encoding="utf-8")
    return file


def _path() -> str:
    return str(Path(shutil.which("node") or "/usr/bin/node").parent) + ":/usr/bin:/bin"
