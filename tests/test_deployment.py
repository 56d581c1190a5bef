"""The files of ``deploy/``: what they say must be true of this program."""

from __future__ import annotations

import json
import os
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
HOME = "/srv/radio-archive"
#: ``${NAME:-what it is where nobody says}``
_DEFAULT = re.compile(r"\$\{[A-Z_]+:-([^}]*)\}")


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
    settings = Settings.load(
        {key: _DEFAULT.sub(r"\1", str(value)) for key, value in environment.items()}
    )
    assert settings.database_url.startswith("postgresql://")
    assert settings.media_url.startswith("s3://")
    # the index, the names and the settings lie in the home that all of one machine share
    assert settings.search_engine == "auto"
    assert settings.worker_host == "archive"
    assert f"station:{HOME}" in SERVICES[name]["volumes"]


def test_the_home_and_the_cache_of_the_image_are_the_volumes_of_its_containers() -> None:
    recipe = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert f"RADIO_ARCHIVE_HOME={HOME}" in recipe
    declared = re.search(r"^VOLUME (\[.*\])$", recipe, re.MULTILINE)
    assert declared is not None
    mounted = {volume.split(":")[1] for volume in SERVICES["worker"]["volumes"]}
    assert set(json.loads(declared[1])) == mounted


def test_the_proxy_asks_every_web_container_not_the_first_it_finds() -> None:
    proxy = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert re.search(r"dynamic a \{\s+name web\s+port 8000\s", proxy)
    assert SERVICES["web"]["expose"] == ["8000"]


def test_the_image_is_made_of_what_its_context_lets_in() -> None:
    recipe = (DEPLOY / "Dockerfile").read_text("utf-8")
    copied = set(" ".join(re.findall(r"^COPY (.*) \S+$", recipe, re.MULTILINE)).split())
    let_in = (DEPLOY.parent / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in let_in  # keys and virtual environments stay out
    assert copied == {line.removeprefix("!") for line in let_in if line.startswith("!")}
    assert all((DEPLOY.parent / name).exists() for name in copied)


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


def test_a_copy_of_the_database_that_was_broken_off_is_never_taken_for_a_whole_one(
    tmp_path: Path,
) -> None:
    """The script of the replica itself, with a ``pg_basebackup`` that is killed the first time."""
    volume, tools = tmp_path / "volume", tmp_path / "tools"
    volume.mkdir()
    tools.mkdir()
    _tool(
        tools / "pg_basebackup",
        f"""
        for each in "$@"; do case $each in --pgdata=*) copy=${{each#--pgdata=}} ;; esac; done
        mkdir -p "$copy" && echo 15 >"$copy/PG_VERSION"
        if [[ ! -e {tmp_path}/tried ]]; then touch {tmp_path}/tried; kill -9 $PPID; sleep 1; fi
        echo all >"$copy/data"
        """,
    )
    _tool(tools / "chown", "")
    _tool(tools / "gosu", f'echo "$@" >{tmp_path}/started')
    script = (DEPLOY / "postgresql" / "replica.sh").read_text("utf-8")
    here = script.replace("/var/lib/postgresql/data", str(volume))
    assert here != script
    environment = {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "POSTGRES_USER": "archive",
        "POSTGRES_PASSWORD": "secret",
    }

    def start() -> int:
        return subprocess.run(["bash", "-c", here], env=environment, check=False).returncode

    assert start() == -9
    assert not (tmp_path / "started").exists()
    assert start() == 0
    assert "-D" in (tmp_path / "started").read_text("utf-8")
    data = (tmp_path / "started").read_text("utf-8").split("-D ")[1].split()[0]
    assert (Path(data) / "data").read_text("utf-8") == "all\n"
    (Path(data) / "kept").touch()
    assert start() == 0
    assert (Path(data) / "kept").exists()  # what is there is not copied again
    (volume / "PG_VERSION").write_text("15", "utf-8")  # nor is what an earlier version left
    assert start() == 0
    assert (tmp_path / "started").read_text("utf-8").split("-D ")[1].split()[0] == str(volume)
    assert (Path(data) / "kept").exists()


def _tool(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/bash\n{script}\n", "utf-8")
    path.chmod(0o755)
