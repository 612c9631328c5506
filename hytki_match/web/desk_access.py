"""Who may open the adviser's desk: an adviser who has logged in, or whoever sits at the machine."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
LOCAL_ADDRESSES = (None, "127.0.0.1", "::1")
LOCAL_USER = "localhost"
JUST_S = 60


@dataclass(frozen=True, slots=True)
class Access:
    """Whether the desk opens, for whom, and with the cases of which hub (None: of all).

    ``reason`` is the key of a phrase that says why it does not open, or that it is open only
    here; empty for an adviser who has logged in.
    """

    is_open: bool
    who: str = ""
    hub: str | None = None
    reason: str = ""


def current_access() -> Access:
    """Return the access of this session."""
    secrets = _secrets()
    user = st.user.to_dict() if "auth" in secrets else {}
    return decide(secrets, user, is_local=_is_local())


def has_just_logged_in() -> bool:
    """Tell whether this browser comes back from the log-in: Streamlit leads it to the first page.

    Only advisers log in, and a token of the last minute is from the log-in that just ended.
    """
    user = st.user.to_dict() if "auth" in _secrets() else {}
    issued = user.get("iat")
    return isinstance(issued, int | float) and time.time() - issued < JUST_S


def decide(secrets: Mapping[str, Any], user: Mapping[str, Any], *, is_local: bool) -> Access:
    """Decide from the configuration and the user's claims.

    Parameters
    ----------
    secrets
        Streamlit's secrets: ``auth`` configures the log-in, ``desk`` names the advisers by
        ``emails`` and ``domains``, and their ``hubs``.
    user
        Claims of the one who has logged in; without ``is_logged_in`` nobody has.
    is_local
        Whether the browser runs on this machine; counts only where no log-in is configured.
    """
    if "auth" not in secrets:
        return Access(is_local, LOCAL_USER, None, "desk.local" if is_local else "desk.not_local")
    if not user.get("is_logged_in"):
        return Access(False, reason="desk.log_in")
    email = str(user.get("email") or "").casefold()
    domain = email.rpartition("@")[2]
    desk = secrets.get("desk", {})
    is_confirmed = bool(email) and user.get("email_verified") is not False
    is_adviser = email in _lower(desk.get("emails", ())) or domain in _lower(
        desk.get("domains", ())
    )
    if not (is_confirmed and is_adviser):
        return Access(False, reason="desk.no_adviser")
    hubs = {str(name).casefold(): str(hub) for name, hub in desk.get("hubs", {}).items()}
    return Access(True, email, hubs.get(email) or hubs.get(domain) or domain)


def _lower(values: Any) -> set[str]:  # noqa: ANN401 - from a file that somebody wrote
    return {str(value).casefold() for value in values}


def _secrets() -> Mapping[str, Any]:
    """Return Streamlit's secrets; none where there is no such file."""
    try:
        return dict(st.secrets)
    except FileNotFoundError:
        return {}


def _is_local() -> bool:
    """Tell whether the browser runs on this machine and speaks to it without a proxy between."""
    headers = st.context.headers
    host = (headers.get("Host") or "").rpartition(":")[0] or headers.get("Host")
    is_forwarded = any(headers.get(name) for name in ("X-Forwarded-For", "Forwarded", "Via"))
    here = st.context.ip_address in LOCAL_ADDRESSES and host in LOCAL_HOSTS
    return here and not is_forwarded
