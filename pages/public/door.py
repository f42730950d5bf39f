"""A closed door: the sign-in form at the address of a page that needs it."""

from lib.ui import sign_in

sign_in.show()
