// Runs before anything else, in every browser there is: hence ES5, inlined by the build, and allowed by its hash. It gives the page
// the colours of the body before the first paint, shows whose app is starting, and tells who has a browser that is too old.
(function () {
  var root = document.documentElement;
  var start = document.getElementById('root');

  function show(id) {
    if (start && start.parentNode) start.parentNode.removeChild(start);
    start = null;
    document.getElementById(id).style.display = 'block';
    document.getElementById('again').onclick = function () {
      location.reload();
    };
  }

  // What the app and its libraries take for granted, each the youngest of its kind: Chromium 76, Safari 14.
  var enough =
    'noModule' in document.createElement('script') &&
    typeof Promise === 'function' &&
    typeof Promise.allSettled === 'function' &&
    typeof Intl === 'object' &&
    typeof Intl.RelativeTimeFormat === 'function' &&
    typeof BigInt === 'function' &&
    typeof globalThis === 'object';
  if (!enough) {
    show('old');
    return;
  }

  // Whatever else is missing shows as a file that cannot be read, or that does not come, while the start screen still stands.
  addEventListener(
    'error',
    function (event) {
      if (!document.getElementById('splash')) return;
      if (/SyntaxError/.test(event.message || '')) show('old');
      else if (event.target && event.target.tagName === 'SCRIPT') show('lost');
    },
    true
  );

  function kept(key) {
    try {
      return localStorage.getItem('gonghui.' + key);
    } catch (_refused) {
      return null;
    }
  }
  function read(text) {
    try {
      return JSON.parse(text || 'null');
    } catch (_broken) {
      return null;
    }
  }

  var mode = kept('mode');
  var dark = mode === 'dark' || (mode !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  var elder = kept('elder') === 'on';
  root.setAttribute('data-mode', dark ? 'dark' : 'light');
  if (elder) root.setAttribute('data-elder', '');
  // A page out of the service worker is as old as the app's last version: then what the device has seen since is newer.
  var served = read(document.getElementById('look').textContent);
  var worker = navigator.serviceWorker;
  var preview = /[?&]preview=/.test(location.search);
  var look =
    !preview && worker && worker.controller ? read(kept('look')) || served : served || (!preview && read(kept('look')));
  // What the person chose, what the body starts in, what the device speaks: the first that the body offers.
  var languages = (look && look.languages) || [];
  var wishes = [kept('locale'), look && look.language, (navigator.language || '').slice(0, 2), languages[0], 'zh'];
  var locale = wishes.filter(function (one) {
    return (one === 'zh' || one === 'en') && (!languages.length || languages.indexOf(one) >= 0);
  })[0];
  var english = locale === 'en';
  root.lang = english ? 'en' : 'zh-CN';
  if (!look) return;
  window.gonghuiLook = look;

  var colours = {
    '--accent': look.accent,
    '--accent-solid-usual': look.accentSolid,
    '--accent-solid-elder': look.accentSolidElder,
    '--accent-text-light-usual': look.accentText,
    '--accent-text-light-elder': look.accentTextElder,
    '--accent-text-dark-usual': look.accentTextDark,
    '--accent-text-dark-elder': look.accentTextDarkElder
  };
  for (var name in colours) if (colours[name]) root.style.setProperty(name, colours[name]);
  var title = (english && look.appNameEn) || look.appName || look.bodyName;
  document.title = title;
  var splash = document.getElementById('splash');
  if (look.splash === 'accent') {
    splash.className = 'splash-accent';
    splash.style.background = elder ? look.accentSolidElder : look.accentSolid;
  }
  var words = document.createElement('p');
  words.textContent = title;
  if (look.logo) {
    var logo = document.createElement('img');
    logo.alt = '';
    logo.src = look.logo;
    splash.appendChild(logo);
  }
  splash.appendChild(words);
})();
