"""Ports, addresses, and who answers on them."""

import contextlib
import http.client
import socket
import sys
import urllib.error
import urllib.request
from typing import NamedTuple

from lib.launch.sentences import Problem

DEFAULT_PORT = 8501


def port_number(given: str) -> int:
    """Return the port typed by the user. Raises Problem."""
    if given.isdigit() and 1 <= int(given) <= 65535:
        return int(given)
    raise Problem("port_range", code=2, port=given)


def port_state(address: str, port: int) -> str:
    """Return "free", "taken" or "forbidden" for listening on this port."""
    # A listener on one address only does not always stop a listener on all of them.
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with contextlib.suppress(OSError), socket.socket(family) as caller:
            caller.settimeout(0.5)
            if caller.connect_ex((host, port)) == 0:
                return "taken"
    with socket.socket() as listener:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, port))
        except PermissionError:
            return "forbidden"
        except OSError:
            return "taken"
    return "free"


def free_port(address: str, port: int) -> int:
    """Return a free port near ``port``."""
    start = max(port + 1, 1024) if port < 65000 else DEFAULT_PORT
    for candidate in range(start, start + 200):
        if port_state(address, candidate) == "free":
            return candidate
    with socket.socket() as listener:
        listener.bind((address, 0))
        return int(listener.getsockname()[1])


class Health(NamedTuple):
    """An answer of /healthz: HTTP status, and whether it names Linli."""

    status: int
    is_linli: bool


def health(port: int) -> Health | None:
    """Ask a program on this machine how it is; None if nothing there speaks HTTP."""
    # A proxy set for the internet must not be asked about this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/healthz", timeout=3) as answer:
            return Health(answer.status, b"linli" in answer.read(10000).lower())
    except urllib.error.HTTPError as error:
        with error:
            return Health(error.code, b"linli" in error.read(10000).lower())
    except (OSError, ValueError, http.client.HTTPException):
        return None


def local_address(port: int) -> str:
    """Return the address for the browser on this machine."""
    return f"http://localhost:{port}"


def lan_ips() -> list[str]:
    """Return the IPv4 addresses of this machine in local networks, the main one first."""
    found: list[str] = []
    # Connecting a datagram socket sends nothing; it only asks which address would be used.
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("10.254.254.254", 9))
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET):
            found.append(str(entry[4][0]))
    unusable = ("127.", "169.254.", "0.")
    return [ip for ip in dict.fromkeys(found) if not ip.startswith(unusable)]


def host_names(ips: list[str], hostname: str) -> list[str]:
    """Return every name under which a browser may reach this machine."""
    own = hostname.lower()
    names = ["localhost", "127.0.0.1", *ips]
    if own:
        names += [own] if own.endswith(".local") else [own, own + ".local"]
    return list(dict.fromkeys(names))


def is_linli(port: int) -> bool:
    """Say whether Linli answers on this port."""
    answer = health(port)
    return answer is not None and answer.is_linli


def check_port(address: str, port: int) -> None:
    """Raise Problem, naming a free port, unless ``port`` can be used."""
    state = port_state(address, port)
    if state != "free":
        raise Problem("port_" + state, port=port, free=free_port(address, port))
