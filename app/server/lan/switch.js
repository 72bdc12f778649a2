// Ends the session and empties what this phone keeps of the body that is left, then goes over. Browsers that know Clear-Site-Data do
// the second part by themselves.
(() => {
  const form = document.querySelector('form');
  const empty = async () => {
    await fetch('/v1/session:signOut', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    }).catch(() => {});
    localStorage.clear();
    sessionStorage.clear();
    if ('serviceWorker' in navigator)
      for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
    if ('caches' in window) for (const name of await caches.keys()) await caches.delete(name);
    if (indexedDB.databases) for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    form.querySelector('button').disabled = true;
    empty()
      .catch(() => {})
      .then(() => form.submit());
  });
})();
