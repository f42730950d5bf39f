"""Every sentence the launcher says, in English and Chinese, and the choice between them.

A table instead of gettext, because nothing is installed yet when it speaks.
"""

import functools
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

# key: (English, Chinese)
SENTENCES: dict[str, tuple[str, str]] = {
    # problems
    "no_venv": (
        "This Python lacks the module {module}; on Debian or Ubuntu run "
        "“sudo apt install python3-venv”, elsewhere install Python from python.org.",
        "这个 Python 缺少 {module} 模块；Debian、Ubuntu 请运行 "
        "“sudo apt install python3-venv”，其他系统请从 python.org 安装 Python。",
    ),
    "venv_failed": (
        "Could not make the folder {folder}: {reason}",
        "无法创建文件夹 {folder}：{reason}",
    ),
    "no_network": (
        "Could not download what Linli needs: check the internet connection and start again "
        "(on a slow line, set PIP_INDEX_URL to a mirror near you).",
        "无法下载需要的组件：请检查网络，然后重新启动"
        "（如果网速很慢，可以把环境变量 PIP_INDEX_URL 设为就近的镜像源）。",
    ),
    "no_packages": (
        "There are no ready-made packages for Python {version} on this machine; "
        "use a 64-bit Python 3.11, 3.12 or 3.13.",
        "这台电脑上的 Python {version} 没有现成的安装包；"
        "请改用 64 位的 Python 3.11、3.12 或 3.13。",
    ),
    "install_failed": (
        "Installing failed: {reason} (everything pip said is in {log})",
        "安装失败：{reason}（完整记录见 {log}）",
    ),
    "disk_full": (
        "The disk is too full: {folder} needs {needed} MB, {free} MB are free.",
        "磁盘空间不足：{folder} 需要 {needed} MB，只剩 {free} MB。",
    ),
    "cannot_write": (
        "Cannot write to {folder}; change its permissions or choose another folder with --data.",
        "没有权限写入 {folder}；请修改它的权限，或用 --data 换一个文件夹。",
    ),
    "cannot_write_program": (
        "Cannot write to the program's folder {folder}; move Linli to a folder of your own.",
        "没有权限写入程序所在的文件夹 {folder}；请把邻里放到您自己的文件夹里。",
    ),
    "not_a_folder": (
        "{folder} cannot be the data folder, because there is a file of that name.",
        "{folder} 不能用作数据文件夹，因为已有同名文件。",
    ),
    "port_range": (
        "{port} is not a port; choose a number from 1 to 65535.",
        "{port} 不是有效的端口；请填 1 到 65535 之间的数字。",
    ),
    "port_taken": (
        "Port {port} is in use by another program; start again with --port {free}.",
        "端口 {port} 已被其他程序占用；请加上 --port {free} 重新启动。",
    ),
    "port_other_shop": (
        "Port {port} is in use by another Linli with the data folder {other}; "
        "start again with --port {free}.",
        "端口 {port} 正由另一个邻里使用（数据文件夹 {other}）；请加上 --port {free} 重新启动。",
    ),
    "port_forbidden": (
        "This machine does not allow port {port}; start again with --port {free}.",
        "这台电脑不允许使用端口 {port}；请加上 --port {free} 重新启动。",
    ),
    "app_stopped": (
        "Linli stopped while starting (exit code {exit_code}); the reason stands above.",
        "邻里在启动时停止了（退出码 {exit_code}），原因见上方。",
    ),
    "no_answer": (
        "Linli does not answer after {seconds} seconds; look above for the reason.",
        "邻里启动 {seconds} 秒后仍没有响应，请看上方的提示。",
    ),
    "crashed": (
        "Linli stopped by itself (exit code {exit_code}); the reason stands above.",
        "邻里意外停止了（退出码 {exit_code}），原因见上方。",
    ),
    "bad_arguments": (
        "{reason}; see python start.py --help",
        "参数有误（{reason}）；用法见 python start.py --help",
    ),
    "interrupted": (
        "Interrupted; the next start repeats what was not finished.",
        "已中断；下次启动时会接着做完。",
    ),
    # progress
    "installing": (
        "Fetching what Linli needs; the first time takes one to two minutes …",
        "正在下载需要的组件，首次大约要一两分钟……",
    ),
    "seconds": ("  {seconds} s", "  已用 {seconds} 秒"),
    "installed": ("Ready after {seconds} s.", "准备好了，用时 {seconds} 秒。"),
    "starting": ("Starting Linli …", "正在启动邻里……"),
    "filling_demo": (
        "Telling the demo shop's two years, once; this takes half a minute …",
        "正在准备演示店两年的数据，只需一次，大约半分钟……",
    ),
    "stopped": (
        "Linli has stopped; the shop's data is in {folder}",
        "邻里已停止；店里的数据在 {folder}",
    ),
    # what stands on the screen while the shop runs
    "already_running": (
        "Linli is already running: {address} (stop it in the window where it was started)",
        "邻里已经在运行：{address}（请在启动它的窗口里停止）",
    ),
    "running": ("Linli is running.", "邻里已启动。"),
    "running_demo": (
        "The demo shop is running; its logins are shown on the login page.",
        "演示店已启动；登录页上有演示账号。",
    ),
    "unwell": (
        "Linli runs, but reports that something needs care: {address}/healthz",
        "邻里在运行，但有需要处理的问题，详见 {address}/healthz",
    ),
    "address_staff": ("  Owner and staff: {address}", "  店主和店员：{address}"),
    "address_residents": ("  Residents: {address}", "  居民：{address}"),
    "lan_heading": ("In the shop's network:", "店内网络（手机可打开）："),
    "lan_none": (
        "No local network was found, so phones cannot reach Linli yet.",
        "没有找到局域网，手机暂时打不开。",
    ),
    "lan_hint": (
        "For phones in the shop's network start with --lan (address {address}).",
        "要让店里的手机打开，请加上 --lan 启动（地址 {address}）。",
    ),
    "data_folder": ("Data folder: {folder}", "数据文件夹：{folder}"),
    "setup_code": (
        "One-time set-up code for the owner's account: {setup_code}",
        "创建店主账号用的一次性设置码：{setup_code}",
    ),
    "how_to_stop": ("To stop: press Ctrl+C in this window.", "停止：在本窗口按 Ctrl+C。"),
    # help
    "help_program": (
        "Starts Linli. python start.py test runs all checks; "
        "python start.py test -k NAME runs only the tests named; "
        "python start.py backup and python start.py restore copy the books; "
        "python start.py verify checks every published price sheet.",
        "启动邻里。python start.py test 运行全部检查；"
        "python start.py test -k 名称 只运行指定的测试；"
        "python start.py backup 备份，python start.py restore 恢复；"
        "python start.py verify 核对每一份已发布的价格公示。",
    ),
    "help_port": ("port, {default} if not given", "端口，默认 {default}"),
    "help_browser": ("do not open the browser", "不打开浏览器"),
    "help_data": ("folder for the shop's data", "存放数据的文件夹"),
    "help_lan": (
        "let phones and computers of the local network in",
        "允许同一局域网的手机和电脑访问",
    ),
    "help_demo": ("start a demo shop with its own data", "启动演示店（数据另存）"),
    "help_backup": (
        "Backs up database and files into one checked file; the shop may stay open.",
        "把数据库和文件备份成一个核对过的文件；店可以开着。",
    ),
    "help_backup_folder": (
        "where to put it, for example a USB stick; the shop's backups folder if not given",
        "备份放哪里，比如 U 盘；不写就放在店铺数据的 backups 文件夹",
    ),
    "help_restore": (
        "Puts a backup into a new, empty folder.",
        "把备份恢复到一个新的空文件夹。",
    ),
    "help_archive": ("the backup file (.zip)", "备份文件（.zip）"),
    "help_restore_folder": ("a folder that is empty or not there yet", "空的或还不存在的文件夹"),
    "backup_made": (
        "The backup was made and checked. Keep a copy away from this computer.",
        "备份已做好并核对过。请在别的地方也留一份。",
    ),
    "restored": (
        "The backup is in place. Start it with: python start.py --data FOLDER",
        "备份已恢复。这样启动：python start.py --data 文件夹",
    ),
    "help_verify": (
        "Checks that every published price sheet is as it was published; changes nothing, and the "
        "shop may stay open. Exit code 0: all are; 1: faults were found; 2: it could not be done.",
        "核对每一份已发布的价格公示是否和发布时一样；不改动任何数据，店可以开着。"
        "退出码 0：都一样；1：发现问题；2：没能核对。",
    ),
    "help_verify_archive": (
        "a backup file (.zip) to check instead of the shop",
        "要核对的备份文件（.zip）；不写就核对店里的数据",
    ),
    "help_demo_data": ("take the demo shop's data", "使用演示店的数据"),
    "help_test": (
        "python start.py test [pytest arguments]: without arguments format, lint, types, layers "
        "and all tests; with arguments only pytest.",
        "python start.py test [pytest 参数]：不带参数时检查格式、规范、类型、分层并运行全部测试；"
        "带参数时只运行 pytest。",
    ),
    # tests
    "check_passed": ("ok      {name} ({seconds} s)", "通过    {name}（{seconds} 秒）"),
    "check_failed": ("FAILED  {name} ({seconds} s)", "未通过  {name}（{seconds} 秒）"),
    "all_passed": ("All checks passed.", "全部检查通过。"),
    "some_failed": ("FAILED: {names}", "未通过：{names}"),
    "missing_browser": (
        "Not run: browser tests, because no Chromium or Chrome was found.",
        "未运行：浏览器测试，因为没有找到 Chromium 或 Chrome。",
    ),
    "missing_postgresql": (
        "Not run: PostgreSQL tests, because no PostgreSQL programs (initdb) were found.",
        "未运行：PostgreSQL 测试，因为没有找到 PostgreSQL 程序（initdb）。",
    ),
}


class Problem(Exception):  # noqa: N818 - what the user meets is no error of the program
    """Something the user can put right; ``str()`` of it is the sentence to show."""

    def __init__(self, key: str, code: int = 1, **values: Any) -> None:
        super().__init__(text(key, **values))
        self.key = key
        self.code = code
        self.values = values


def choose_language(environment: Mapping[str, str], system_language: str) -> str:
    """Return "zh" or "en": the locale variables decide, then the system's own language."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "").lower()
        if value and value.split(".")[0] not in ("c", "posix"):
            return "zh" if value.startswith("zh") else "en"
    return "zh" if system_language.lower().startswith("zh") else "en"


def system_language() -> str:
    """Return the language of the Windows or macOS screens, like "zh-CN"; "" if unknown."""
    if sys.platform == "win32":
        import ctypes

        chinese = 0x04
        is_chinese = ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == chinese
        return "zh" if is_chinese else "en"
    if sys.platform == "darwin":
        asked = subprocess.run(
            ["defaults", "read", "-g", "AppleLocale"], capture_output=True, check=False
        )
        return asked.stdout.decode("utf-8", "replace").strip()
    return ""


@functools.cache
def language() -> str:
    """Return the language of this run, "zh" or "en"."""
    return choose_language(os.environ, system_language())


def text(key: str, **values: Any) -> str:
    """Return the sentence ``key`` in the language of this run, with ``values`` filled in."""
    english, chinese = SENTENCES[key]
    return (chinese if language() == "zh" else english).format(**values)


def say(key: str, **values: Any) -> None:
    """Print a sentence at once, so that it keeps its place between the output of children."""
    print(text(key, **values), flush=True)
