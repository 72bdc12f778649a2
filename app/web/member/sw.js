// The service worker: keeps the app's own files on the phone, so that it opens at once and without a network. Answers of
// the API never come near it: what a person may see without a network is the app's own business (src/kept.ts).

/** Written by the build: a digest of all files, and their paths. */
const VERSION = '__VERSION__';
const FILES = ['__FILES__'];

const CACHE = `shell-${VERSION}`;

/** The first steps of the paths of this app's pages, written by the build. Others of the host (console, API) are not ours. */
const PAGES = ['__PAGES__'];

self.addEventListener('install', (event) => {
  // Past the browser's own cache: index.html may be older there than the files that it names.
  const fresh = FILES.map((path) => new Request(path, { cache: path.startsWith('/assets/') ? 'default' : 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

async function clear() {
  for (const name of await caches.keys()) if (name.startsWith('shell-') && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

self.addEventListener('activate', (event) => event.waitUntil(clear()));

// A new version waits until the person takes it, or until the app is opened the next time.
self.addEventListener('message', ({ data }) => {
  if (data === 'take over') void self.skipWaiting();
});

async function kept(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname, searchParams } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  // The preview of a draft stands in a frame: only the server's own answer allows that.
  if (searchParams.has('preview')) return;
  if (request.mode === 'navigate' && PAGES.includes(pathname.split('/')[1])) event.respondWith(kept('/', request));
  else if (FILES.includes(pathname)) event.respondWith(kept(pathname, request));
});
