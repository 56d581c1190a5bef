"""The files of ``deploy/``: what they say must be true of this program."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from radio_archive.settings import ENVIRONMENT_PREFIX, Settings

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "worker", "sync")


def test_every_setting_named_is_one() -> None:
    known = {field.name for field in fields(Settings)}
    named = {
        match.lower()
        for path in DEPLOY.rglob("*")
        if path.is_file()
        for match in re.findall(rf"{ENVIRONMENT_PREFIX}([A-Z_]+)", path.read_text("utf-8"))
    }
    assert named
    assert named <= known


@pytest.mark.parametrize("name", OURS)
def test_our_containers_share_catalogue_store_and_index(name: str) -> None:
    environment = SERVICES[name]["environment"]
    settings = Settings.load({key: str(value) for key, value in environment.items()})
    assert settings.database_url.startswith("postgresql://")
    assert settings.media_url.startswith("s3://")
    assert settings.search_engine == "postgresql"


def test_every_container_waited_for_tells_when_it_is_healthy() -> None:
    for name, service in SERVICES.items():
        waited = service.get("depends_on", {})
        for other in waited:
            assert other in SERVICES, name
            if isinstance(waited, dict) and waited[other]["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], other


def test_volumes_named_are_declared_and_files_mounted_exist() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).exists(), source
            else:
                assert source in COMPOSE["volumes"], source


@pytest.mark.parametrize("script", sorted(DEPLOY.rglob("*.sh")), ids=lambda path: path.name)
def test_scripts_can_be_read_by_their_shell(script: Path) -> None:
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert script.stat().st_mode & 0o100


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").iterdir()), ids=lambda path: path.name)
def test_units_are_understood_by_systemd(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    text = unit.read_text("utf-8").replace(
        "/opt/radio-archive/.venv/bin/radio-archive", "/bin/true"
    )
    copy = tmp_path / unit.name
    copy.write_text(text, "utf-8")
    if unit.suffix == ".timer":  # it starts the service of its name
        beside = unit.with_suffix(".service")
        (tmp_path / beside.name).write_text(beside.read_text("utf-8"), "utf-8")
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in ran.stderr.splitlines() if unit.name in line]
    assert not complaints


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_stop_is_told_to_the_main_process_alone(name: str) -> None:
    unit = (DEPLOY / "systemd" / f"radio-archive-{name}.service").read_text("utf-8")
    assert "KillMode=mixed" in unit.splitlines()


def test_the_web_container_believes_the_proxy_and_only_the_proxy_reaches_it() -> None:
    web = SERVICES["web"]
    assert web["environment"]["FORWARDED_ALLOW_IPS"] == "*"
    assert "ports" not in web
    assert SERVICES["worker"]["environment"].items() <= web["environment"].items()
