"""Who stands before every door, outermost first: headers, hosts, closed doors, bodies, sockets."""

from collections.abc import Iterable

from starlette.middleware import Middleware

from lib.web.bodies import SmallBodies
from lib.web.headers import SecurityHeaders
from lib.web.hosts import ClosedDoors, Hosts, Welcome
from lib.web.sockets import Sockets
from lib.web.uploads import UploadGate


def doormen(
    *, hosts: Iterable[str], origins: Iterable[str], largest_upload: int
) -> list[Middleware]:
    """Return the middleware of the program.

    ``hosts`` are names under which browsers may come (addresses in figures always may),
    ``origins`` other sites let in, ``largest_upload`` is in bytes.
    """
    welcome = Welcome.of(hosts, origins)
    return [
        Middleware(SecurityHeaders),
        Middleware(Hosts, welcome=welcome),
        Middleware(ClosedDoors),
        Middleware(UploadGate, largest=largest_upload),
        Middleware(SmallBodies),
        Middleware(Sockets),
    ]
