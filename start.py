"""Start Linli, or test it, on a machine that has nothing but Python 3.11 or newer.

``python start.py``       makes .venv once, starts the shop and opens the browser
``python start.py test``  runs every check and every test
``python start.py verify``  checks every published price sheet
``python start.py --help``

The work is done in lib/launch. This file compiles on Python 3.6 too, so that a Python that is too
old gets a sentence and not a traceback.
"""

import sys

OLDEST_PYTHON = (3, 11)


def too_old(version: "tuple[int, ...]") -> str:
    """Return the sentence, in both languages, for a Python that is too old; "" if it is not."""
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return ""
    found = ".".join(str(part) for part in version[:3])
    return (
        f"Linli needs Python 3.11 or newer, this is Python {found}; "
        "install a newer one from python.org and run start.py with it.\n"
        f"邻里需要 Python 3.11 或更新的版本，现在用的是 {found}；"
        "请到 python.org 下载安装，再用它运行 start.py。"
    )


if __name__ == "__main__":
    sentence = too_old(sys.version_info[:3])
    if sentence:
        sys.exit(sentence)

    from lib.launch.entry import main

    sys.exit(main(sys.argv[1:]))
