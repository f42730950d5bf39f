// The only script of our own on the screens. It does two things that Streamlit cannot:
// tell the page its language, and follow a sign-in to the door that sets the cookie.

const followed = new Set();

function look() {
  const said = document.querySelector("[data-linli-language]");
  if (said) {
    document.documentElement.lang = said.dataset.linliLanguage;
  }
  const way = document.querySelector("a[data-linli-follow]");
  if (way && way.origin === location.origin && !followed.has(way.href)) {
    followed.add(way.href);
    location.assign(way.href);
  }
}

new MutationObserver(look).observe(document.documentElement, {
  childList: true,
  subtree: true,
  attributes: true,
  attributeFilter: ["data-linli-language", "data-linli-follow", "href"],
});
look();
