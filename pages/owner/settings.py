"""Everything the owner may change, with what it does and what its default is."""

import streamlit as st

from lib.shop.settings import GROUPS
from lib.shop.settings_commands import save_settings, stored_settings
from lib.ui import feedback, session, settings
from lib.ui.forms import Form
from lib.ui.words import _, plain

shop = session.owner()
st.title(_("Settings"))

group = st.segmented_control(
    _("Group"),
    list(GROUPS),
    default=GROUPS[0],
    required=True,
    format_func={name: _(name) for name in GROUPS}.__getitem__,
    label_visibility="collapsed",
    key="group",
)
names = settings.names_in(group or GROUPS[0])
stored = stored_settings(shop)
form = Form(f"settings-{GROUPS.index(group or GROUPS[0])}")
seen = form.seen("versions", {name: stored[name].version for name in names})

with st.form(form.field("form"), border=False):
    typed = {name: settings.draw(form, name, shop, stored[name]) for name in names}
    if st.form_submit_button(_("Save"), type="primary", key=form.field("save")):
        with feedback.saying(_("Settings saved"), form):
            save_settings(form.once(shop, typed), typed, seen)

changed = [name for name in names if settings.differs(name, shop)]
if changed:
    with st.expander(_("Back to the defaults"), icon=":material/restart_alt:"):
        reset = Form(f"reset-{form.name}")
        back = st.multiselect(
            _("Settings to put back"),
            changed,
            format_func={name: settings.label(name) for name in changed}.__getitem__,
            placeholder=_("Choose"),
            key=reset.field("names"),
        )
        for name in back:
            line = _("{setting}: {now} → {default}")
            st.markdown(
                line.format(
                    setting=plain(settings.label(name)),
                    now=plain(settings.said_value(name, getattr(shop.settings, name))),
                    default=plain(settings.default_of(name)),
                )
            )
        if st.button(_("Put back"), disabled=not back, key=reset.field("save")):
            with feedback.saying(_("Settings saved"), reset):
                defaults = {name: getattr(settings.DEFAULTS, name) for name in back}
                save_settings(reset.once(shop, defaults), defaults, seen)
                form.renew()
