"""How many file handles this process has, and how many tabs they carry (finding 13, R12)."""

try:
    import resource
except ImportError:  # Windows counts differently and has no such limit
    resource = None  # type: ignore[assignment]

WANTED = 65536
KEPT_FREE = 200
REMEMBERED_TABS = 128
PER_REMEMBERED_TAB = 3
PER_SOCKET = 4
MOST = 1500


def raise_limit() -> None:
    """Ask the system for as many file handles as it lets this user have."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def most_sockets() -> int:
    """Return how many tabs may be connected at once and still leave handles for the books."""
    if resource is None:
        return MOST
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST
    free = soft - KEPT_FREE - REMEMBERED_TABS * PER_REMEMBERED_TAB
    return max(40, min(MOST, free // PER_SOCKET))
