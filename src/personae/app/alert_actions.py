"""Who is told: from the ``[action.NAME]`` tables of ``alerts.toml`` to notifiers."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from personae.adapters.notify.log import LogNotifier
from personae.adapters.notify.mqtt import Mqtt, MqttSettings, topics
from personae.adapters.notify.webhook import Webhook, WebhookSettings
from personae.app.alert_rules import BROWSER
from personae.core.errors import AlertsUnclear
from personae.ports import Notifier

Table = Mapping[str, object]
_WEBHOOK = ("kind", "url", "url_env", "secret", "secret_env", "timeout", "tries")
_MQTT = (
    "kind", "host", "port", "user", "password", "password_env",
    "tls", "prefix", "node", "discovery",
)  # fmt: skip


def notifiers_from(
    actions: Mapping[str, Table], version: str, environment: Mapping[str, str] | None = None
) -> dict[str, Notifier]:
    """A notifier for each action; those that connect begin to.

    Args:
        actions: tables by name, each with its ``kind``.
        version: of the program, for those who show it.
        environment: where secrets named ``…_env`` are; that of the process if None.

    Raises:
        AlertsUnclear: a table is not understood; none was begun then.
        ExtraMissing: a kind needs a package that is not there.
    """
    makers = makers_from(actions, version, environment)
    return {name: make() for name, make in makers.items()}


def makers_from(
    actions: Mapping[str, Table], version: str, environment: Mapping[str, str] | None = None
) -> dict[str, Callable[[], Notifier]]:
    """What begins each notifier; arguments and errors as for `notifiers_from`.

    Pages that are open read for themselves what was told.
    """
    secrets = os.environ if environment is None else environment
    return {
        name: _maker(name, table, version, secrets)
        for name, table in actions.items()
        if name != BROWSER
    }


def _maker(
    name: str, table: Table, version: str, secrets: Mapping[str, str]
) -> Callable[[], Notifier]:
    of = f"action {name!r}"
    match table.get("kind"):
        case "log":
            _only(table, ("kind",), of)
            return LogNotifier
        case "webhook":
            webhook = _webhook(table, of, secrets)
            return lambda: Webhook(webhook)
        case "mqtt":
            mqtt = _mqtt(table, of, version, secrets)
            return lambda: Mqtt(mqtt)
    raise AlertsUnclear(f"{of}: kind is webhook, mqtt or log, not {table.get('kind')!r}")


def _webhook(table: Table, of: str, secrets: Mapping[str, str]) -> WebhookSettings:
    _only(table, _WEBHOOK, of)
    url = _secret(table, "url", of, secrets)
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.username is not None or not url.isascii() or not url.isprintable():
        raise AlertsUnclear(
            f"{of}: its url is no address of a webhook",
            "It begins with http:// or https://, has a host, no user, spaces or other letters.",
        )
    if " " in url:
        raise AlertsUnclear(f"{of}: its url has a space in it")
    return WebhookSettings(
        url=url,
        secret=_secret(table, "secret", of, secrets),
        timeout_s=_number(table, "timeout", 10, (1, 60), of),
        tries=int(_number(table, "tries", 6, (1, 20), of)),
    )


def _mqtt(table: Table, of: str, version: str, secrets: Mapping[str, str]) -> MqttSettings:
    _only(table, _MQTT, of)
    host = _text(table, "host", "", of)
    if not host:
        raise AlertsUnclear(f"{of}: it needs the broker's host")
    prefix, listens = (
        _text(table, key, fallback, of)
        for key, fallback in (("prefix", "personae"), ("discovery", "homeassistant"))
    )
    if any(not one or set(one) & set("+#\0") for one in (prefix, listens)):
        raise AlertsUnclear(f"{of}: prefix and discovery are topics without + and #")
    tls = table.get("tls", False)
    if not isinstance(tls, bool):
        raise AlertsUnclear(f"{of}: tls is true or false")
    return MqttSettings(
        host=host,
        port=int(_number(table, "port", 8883 if tls else 1883, (1, 65535), of)),
        user=_text(table, "user", "", of),
        password=_secret(table, "password", of, secrets),
        tls=tls,
        topics=topics(prefix, _text(table, "node", socket.gethostname(), of), listens),
        version=version,
    )


def _secret(table: Table, key: str, of: str, secrets: Mapping[str, str]) -> str:
    """A text that may also stand in an environment variable that the table names."""
    variable = _text(table, f"{key}_env", "", of)
    if not variable:
        return _text(table, key, "", of)
    if key in table:
        raise AlertsUnclear(f"{of}: either {key} or {key}_env")
    if not secrets.get(variable):
        raise AlertsUnclear(f"{of}: the environment has no {variable}")
    return secrets[variable]


def _text(table: Table, key: str, fallback: str, of: str) -> str:
    value = table.get(key, fallback)
    if not isinstance(value, str):
        raise AlertsUnclear(f"{of}: {key} is no text")
    return value


def _number(table: Table, key: str, fallback: float, span: tuple[float, float], of: str) -> float:
    value = table.get(key, fallback)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise AlertsUnclear(f"{of}: {key} is no number")
    if not span[0] <= value <= span[1]:
        raise AlertsUnclear(f"{of}: {key} lies between {span[0]:g} and {span[1]:g}")
    return float(value)


def _only(table: Table, known: tuple[str, ...], of: str) -> None:
    for key in table:
        if key not in known:
            raise AlertsUnclear(f"{of}: {key!r} is not known", f"There are: {', '.join(known)}.")
