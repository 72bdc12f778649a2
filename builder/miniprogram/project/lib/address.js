// Where the pages are. Only path and query come from a shared link: it cannot lead to another host.
function origin(start) {
  return /^https:\/\/[^/?#]+/.exec(start)[0];
}

/** A path as it stands in a link; what is not written as one is none. */
function decoded(path) {
  try {
    return decodeURIComponent(path || '');
  } catch (e) {
    return '';
  }
}

function page(start, path) {
  const given = decoded(path);
  return /^\/(?![/\\])/.test(given) ? origin(start) + given : start;
}

/** The path of a page of the body's own, for a link that is shared; of any other page there is none. */
function path(start, url) {
  const home = `${origin(start)}/`;
  return url && url.indexOf(home) === 0 ? url.slice(home.length - 1) : '';
}

/** One of this program's pages, with a path that it should go on to. */
function link(to, onto) {
  return onto ? `${to}?path=${encodeURIComponent(onto)}` : to;
}

module.exports = { decoded, link, page, path };
