"""Sign in."""

from lib.ui import sign_in

sign_in.show()
