"""The logins of the demo shop, shown on its sign-in page and nowhere else."""

from dataclasses import dataclass

from lib.kernel.words import N_


@dataclass(frozen=True)
class DemoLogin:
    """A made-up person of the demo shop and the password everybody may know."""

    login: str
    password: str
    name: str
    role: str


OWNER = DemoLogin("fang", "linli-demo-owner", "芳姐", N_("Owner"))
STAFF = DemoLogin("xiaowu", "linli-demo-staff", "小吴", N_("Staff"))
DEMO_LOGINS = (OWNER, STAFF)
