"""The commands of ``start.py``."""

import signal
import sys
from collections.abc import Callable
from types import FrameType

from lib.launch.checks import run_tests
from lib.launch.copies import back_up, put_back
from lib.launch.installation import storage_problem
from lib.launch.sentences import Problem, say
from lib.launch.shop import start_shop
from lib.launch.storage import ROOT
from lib.launch.verifying import verify

COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "test": run_tests,
    "backup": back_up,
    "restore": put_back,
    "verify": verify,
}


def main(arguments: list[str]) -> int:
    """Do what the command line says; print a problem as one sentence; return the exit code."""
    try:
        prepare_process()
        return run(arguments)
    except Problem as problem:
        return tell(problem)
    except OSError as error:
        problem_of_disk = storage_problem(str(error), ROOT)
        if problem_of_disk is None:
            raise
        return tell(problem_of_disk)
    except KeyboardInterrupt:
        say("interrupted")
        return 130


def tell(problem: Problem) -> int:
    """Print the sentence; return the exit code that goes with it."""
    print(problem, file=sys.stderr, flush=True)
    return problem.code


def run(arguments: list[str]) -> int:
    """Run the command named first, or start the shop; return the exit code. Raises Problem."""
    if arguments and arguments[0] in COMMANDS:
        return COMMANDS[arguments[0]](arguments[1:])
    return start_shop(arguments)


def prepare_process() -> None:
    """Print any character on any console, and end cleanly on every kind of request to end."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), treat_as_ctrl_c)


def treat_as_ctrl_c(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    """Let a request to end, or a closed window, end the shop the way Ctrl+C does."""
    raise KeyboardInterrupt
