// Asks whether this phone trusts the authority, by fetching a picture that only https serves, and opens the steps of its system.
(() => {
  const main = document.querySelector('main');
  const part = (id) => document.getElementById(id);
  const system = [
    ['android', /Android/],
    ['ios', /iPhone|iPad|iPod/],
    ['harmony', /HarmonyOS|OpenHarmony|ArkWeb/],
    ['windows', /Windows/],
  ]
    .filter(([, form]) => form.test(navigator.userAgent))
    .pop();
  const own = system && document.querySelector(`[data-system="${system[0]}"]`);
  if (own) {
    own.open = true;
    own.parentNode.insertBefore(own, document.querySelector('details'));
  }
  const show = (trusted) => {
    part('asking').hidden = true;
    part('yes').hidden = !trusted;
    part('no').hidden = trusted;
    part('in').hidden = !trusted;
    part('steps').hidden = trusted;
  };
  const ask = () => {
    const picture = new Image();
    picture.onload = () => show(true);
    picture.onerror = () => show(false);
    picture.src = `${main.dataset.origin}/lan/trusted.gif?${Date.now()}`;
  };
  part('asking').hidden = false;
  part('no').hidden = true;
  ask();
  // Back from the settings, the answer may be another.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && ask());
})();
