/**
 * What script adds to the pages, none of which need it: the components' behaviour, and live figures. An element with
 * data-live="/console/…" is replaced every fifteen seconds by the one of the same id in that page, while it is seen.
 */
document.documentElement.classList.add('js');
document.body.classList.add('js-enabled', 'govuk-frontend-supported');
const { initAll } = await import(new URL('govuk.js', import.meta.url).href);
initAll();

const pauseMs = 15_000;

async function refresh(element) {
  if (document.hidden) return;
  // The header tells the session guard that this is no use of the session: who has left the desk is signed out.
  const answer = await fetch(element.dataset.live, { headers: { 'x-console-live': '1' } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.getElementById(element.id);
  if (fresh !== null) element.replaceChildren(...fresh.childNodes);
}

for (const element of document.querySelectorAll('[data-live]')) {
  setInterval(() => refresh(element).catch(() => undefined), pauseMs);
}
