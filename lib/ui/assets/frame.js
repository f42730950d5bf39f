// The only script of our own on the screens. It does what Streamlit cannot: tell the page its
// language, keep the one that was chosen, follow a sign-in to the door that sets the cookie, and put
// the cursor into the search field of the pickup desk and of a new complaint.

const SEARCH = '[class*="st-key-pickup_search"] input, [class*="st-key-case_search"] input';
const YEAR_SECONDS = 365 * 24 * 3600;
const followed = new Set();
let searching = null;

function look() {
  const said = document.querySelector("[data-linli-language]");
  if (said && document.documentElement.lang !== said.dataset.linliLanguage) {
    document.documentElement.lang = said.dataset.linliLanguage;
  }
  if (said && /^[a-z]{2}(_[A-Z]{2})?$/.test(said.dataset.linliKeep || "")) {
    const kept = `linli_language=${said.dataset.linliKeep}`;
    if (!document.cookie.split("; ").includes(kept)) {
      document.cookie = `${kept}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
    }
  }
  const search = document.querySelector(SEARCH);
  if (search && search !== searching && document.activeElement === document.body) {
    search.focus({ preventScroll: true });
  }
  searching = search;
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
  attributeFilter: ["data-linli-language", "data-linli-keep", "data-linli-follow", "href"],
});
look();
