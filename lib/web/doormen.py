"""Who stands before every door, in order: headers, hosts, closed doors, bodies, uploads, sockets."""

from starlette.middleware import Middleware

from lib.web.headers import SecurityHeaders


def doormen() -> list[Middleware]:
    """Return the middleware of the program, outermost first."""
    return [Middleware(SecurityHeaders)]
