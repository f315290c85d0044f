/**
 * What script adds to the pages, none of which need it: the components' behaviour, live figures, and how much of a file
 * is sent. An element with data-live="/console/…" is replaced every fifteen seconds by the one of the same id in that
 * page, while it is seen.
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

/** The form as the browser would send it, with a bar; the page that it leads to is gone to, or shown where it stays. */
function send(form) {
  const bar = document.createElement('progress');
  bar.className = 'app-progress';
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute('aria-label', document.body.dataset.sending);
  form.append(bar);
  const request = new XMLHttpRequest();
  request.open('POST', form.action);
  request.upload.addEventListener('progress', ({ lengthComputable, loaded, total }) => {
    if (lengthComputable) bar.value = loaded / total;
  });
  request.addEventListener('load', () => {
    if (request.responseURL !== form.action) {
      location.assign(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, 'text/html');
    const main = document.getElementById('main');
    main.replaceChildren(...page.getElementById('main').childNodes);
    document.title = page.title;
    initAll({ scope: main });
    watch(main);
  });
  // What cannot be sent this way is sent as without script.
  request.addEventListener('error', () => {
    bar.remove();
    form.submit();
  });
  request.send(new FormData(form));
}

function watch(place) {
  for (const form of place.querySelectorAll('form[enctype="multipart/form-data"]')) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      send(form);
    });
  }
}

watch(document);
