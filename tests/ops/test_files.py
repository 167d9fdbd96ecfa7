"""The files of ops/: nginx and systemd take them, and every figure that they ask for exists."""

import datetime as dt
import importlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from prometheus_client import REGISTRY

from demo.machine import ROOT
from kernel import metrics

OPS = ROOT / "ops"
UNITS = sorted((OPS / "systemd").iterdir())
# Words of PromQL that look like names of figures.
NAME = re.compile(r"\bsuite_[a-z_]+")
SUFFIXES = ("_bucket", "_count", "_sum", "_total")


def nginx_configuration(folder: Path, *, ports=(8001, 8002), tls: int = 8443, plain: int = 8080) -> Path:
    """The file of ops/ as a whole configuration that runs in `folder` without root's rights."""
    text = (OPS / "nginx.conf").read_text()
    servers = "\n".join(f"    server 127.0.0.1:{port} max_fails=3 fail_timeout=5s;" for port in ports)
    text = re.sub(r"(    server 127\.0\.0\.1:\d+ [^\n]*\n?)+", f"{servers}\n", text)
    text = re.sub(r"    listen \[::\][^\n]*\n", "", text)
    text = text.replace("listen 443 ", f"listen 127.0.0.1:{tls} ").replace("listen 80;", f"listen 127.0.0.1:{plain};")
    text = text.replace("/etc/suite/tls", str(folder)).replace("/var/log/nginx", str(folder))
    text = text.replace("/var/lib/suite", str(folder))
    make_certificate(folder)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ include /etc/nginx/mime.types; {temporary}\n{text}\n}}\n"
    )
    return whole


def make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example.com")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )  # fmt: skip


def program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def test_nginx_takes_its_configuration(tmp_path):
    command = [program("nginx"), "-t", "-p", str(tmp_path), "-c", str(nginx_configuration(tmp_path))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_systemd_takes_the_units(tmp_path):
    """As they are, but for the programs: they are those of this machine."""
    verify = program("systemd-analyze")
    for unit in UNITS:
        text = unit.read_text().replace("/opt/suite/.venv/bin/python", shutil.which("true") or "/bin/true")
        (tmp_path / unit.name.replace("@.", "@8001.")).write_text(text)
    names = [str(path) for path in sorted(tmp_path.iterdir())]
    done = subprocess.run([verify, "verify", "--man=no", *names], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "suite" in line.split(":")[0]]
    assert (done.returncode, ours) == (0, []), done.stderr


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_a_unit_has_no_rights_that_it_does_not_need(unit):
    text = unit.read_text()
    for line in ("User=suite", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="):
        assert f"\n{line}\n" in text
    assert "SECRET" not in text


def known_figures() -> set[str]:
    """What the page tells: processes' figures as they are defined, tables' as they are read."""
    for module in ("commerce", "inventory", "plugins.guided_search", "plugins.pos", "storefront_api"):
        importlib.import_module(f"{module}.metrics")
    found = {name for family in REGISTRY.collect() for name in _names(family)}
    for reader in metrics._readers:
        found |= {family.name for family in reader()}
    return found | {"suite_database_up", "suite_broker_up", "suite_queue_waiting"}


def _names(family):
    if family.type == "counter":
        return [f"{family.name}_total"]
    return [family.name, *(f"{family.name}{suffix}" for suffix in SUFFIXES[:3] if family.type == "histogram")]


def expressions():
    """Every PromQL expression of the two files, with its place."""
    board = json.loads((OPS / "dashboard.json").read_text())
    for panel in board["panels"]:
        for target in panel.get("targets", ()):
            yield f"panel {panel['title']}", target["expr"]
    for alert, _body, expression in alerts():
        yield f"alert {alert}", expression


def alerts():
    """Each rule: its name, its text, its expression. Read without a YAML library: the file keeps to one form."""
    text = (OPS / "alerts.yml").read_text()
    for body in text.split("\n      - alert: ")[1:]:
        name = body.split("\n")[0].strip()
        expression = re.search(r"\n        expr: (.+?)(?=\n        [a-z]+:)", body, re.S)
        assert expression, name
        yield name, body, expression[1]


@pytest.mark.django_db
def test_every_figure_of_dashboard_and_alerts_exists():
    known = known_figures()
    asked = {(where, name) for where, expression in expressions() for name in NAME.findall(expression)}
    assert len(asked) > 30
    assert sorted((where, name) for where, name in asked if name not in known) == []


@pytest.mark.django_db
def test_every_figure_is_shown_or_watched():
    asked = {name for _where, expression in expressions() for name in NAME.findall(expression)}
    families = {re.sub("(_bucket|_count|_sum)$", "", name) for name in asked}
    ours = {re.sub("(_bucket|_count|_sum)$", "", name) for name in known_figures() if name.startswith("suite_")}
    assert ours - families == set()


def test_the_dashboard_can_be_imported():
    board = json.loads((OPS / "dashboard.json").read_text())
    assert board["uid"] == "saleor-omnichannel"
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    places = [panel["gridPos"] for panel in board["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    assert len({(place["x"], place["y"]) for place in places}) == len(places)


def test_each_alert_says_what_to_do():
    page = (ROOT / "docs" / "operate.md").read_text()
    found = list(alerts())
    assert len(found) >= 12
    for name, body, _expression in found:
        assert re.search(r"severity: (page|ticket)", body), name
        assert "summary:" in body, name
        assert "#what-to-watch-and-what-to-do" in body, name
        assert f"`{name}`" in page, f"{name} is not in docs/operate.md"


def test_prometheus_takes_the_alerts():
    command = [program("promtool"), "check", "rules", str(OPS / "alerts.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
