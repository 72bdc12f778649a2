// What is checked on every page, whoever looks at it.
import assert from 'node:assert/strict';
import { axeSource } from './world.mjs';

/** watch notes what a person does not see: errors of scripts, refused sources, answers that the server owes. */
export function watch(page) {
  const faults = [];
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    // A refused call is part of many journeys, and the browser writes each into its console.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
      faults.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
  });
  return { faults, quiet: () => assert.deepEqual(faults, []) };
}

const COMING =
  '[aria-busy="true"]:not(.ant-skeleton), .ant-btn-loading, [role="status"][aria-label], main div[role="img"]:not(:has(svg)), ' +
  'main .bar, main .grey, .ant-drawer .bar, .ant-skeleton';
const STARTING =
  '[class*="-enter-prepare"], [class*="-enter-start"], [class*="-appear-prepare"], [class*="-appear-start"]';

/** Waits until nothing moves, and nothing is there of what a selector finds. */
const rest = (page, selector) =>
  page.waitForFunction(
    (some) =>
      !document.querySelector(some) &&
      document.getAnimations().every((a) => a.playState !== 'running' || a.effect?.getTiming().iterations === Infinity),
    selector,
  );

/** still waits until nothing moves: before, a colour is not yet what it will be. */
export const still = (page) => rest(page, STARTING);

/** settle waits until the page has what it asked for and nothing moves. */
export async function settle(page) {
  await rest(page, `${STARTING}, ${COMING}`);
  await page.evaluate(() => document.fonts.ready);
}

/** accessible runs axe-core; serious and critical findings fail. */
export async function accessible(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map(
        (v) =>
          `${v.id} (${v.impact}): ${v.nodes
            .slice(0, 3)
            .map((n) => `${n.target.join(' ')} — ${n.any[0]?.message ?? n.all[0]?.message ?? ''}`)
            .join(' | ')}`,
      );
  });
  return found;
}

/** sideways tells how far the page can be pushed sideways, in pixels. */
export function sideways(page) {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
}

/** overlaps lists texts that lie on each other. Layers that float over the page are compared among themselves only. */
export function overlaps(page) {
  return page.evaluate(() => {
    const layer = (element) => {
      for (let e = element; e; e = e.parentElement) {
        const { position, overflowX, overflowY } = getComputedStyle(e);
        if (position === 'fixed' || position === 'sticky') return e;
        if (e !== document.body && /auto|scroll/.test(overflowX + overflowY)) return e;
      }
      return document;
    };
    // What of a line is to be seen: the rest of it may be cut off by a box around it.
    const seen = (element, { left, right, top, bottom }) => {
      const box = { left, right, top, bottom };
      for (let e = element; e !== document.body; e = e.parentElement) {
        if (getComputedStyle(e).overflowX === 'visible') continue;
        const cut = e.getBoundingClientRect();
        box.left = Math.max(box.left, cut.left);
        box.right = Math.min(box.right, cut.right);
        box.top = Math.max(box.top, cut.top);
        box.bottom = Math.min(box.bottom, cut.bottom);
      }
      return box;
    };
    const texts = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const line of range.getClientRects()) {
        const box = seen(element, line);
        if (box.right - box.left < 4 || box.bottom - box.top < 4) continue;
        const top = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
        // What is covered or lies outside the window is not read.
        if (!top || !(element.contains(top) || top.contains(element))) continue;
        texts.push({ element, box, text: node.data.trim().slice(0, 20), layer: layer(element) });
      }
    }
    const found = [];
    for (let i = 0; i < texts.length; i++) {
      for (let j = i + 1; j < texts.length; j++) {
        const [a, b] = [texts[i], texts[j]];
        if (a.element === b.element || a.layer !== b.layer) continue;
        const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (wide > 2 && high > 5) found.push(`“${a.text}” and “${b.text}”`);
      }
    }
    return found;
  });
}

/** heard collects every text that the API answers, so that data can be told from the words of the product. */
export function heard(page) {
  const texts = new Set();
  const collect = (value, key = '') => {
    if (/(Zh|_zh)$|^zh$/.test(key)) return;
    if (typeof value === 'string') texts.add(value);
    else if (value && typeof value === 'object') for (const [k, v] of Object.entries(value)) collect(v, k);
  };
  page.on('response', async (response) => {
    try {
      if (response.url().includes('/v1/')) collect(await response.json());
      // How the host looks stands in the page itself.
      else if (response.request().resourceType() === 'document') {
        const [, look] = (await response.text()).match(/id="look">(.*?)<\/script>/s) ?? [];
        collect(JSON.parse(look ?? 'null'));
      }
    } catch {
      // No JSON, or the page has gone on.
    }
  });
  // What a meeting says comes over its WebSocket.
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload === 'string') collect(JSON.parse(payload));
    }),
  );
  return texts;
}

/** chinese lists the Han texts on screen that are neither data nor the name of the other language. */
export async function chinese(page, data) {
  const shown = await page.evaluate(() => {
    const out = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (!node.parentElement.closest('script, style') && node.parentElement.checkVisibility()) out.push(node.data);
    }
    for (const element of document.body.querySelectorAll('[aria-label], [placeholder], [title]')) {
      for (const name of ['aria-label', 'placeholder', 'title']) out.push(element.getAttribute(name) ?? '');
    }
    return [...out, document.title];
  });
  const known = [...data].join('\n');
  const stray = new Set();
  for (const text of shown) {
    for (const run of text.match(/[\p{Script=Han}（）〔〕·\d]*\p{Script=Han}[\p{Script=Han}（）〔〕·\d]*/gu) ?? []) {
      if (run !== '中文' && !known.includes(run) && !known.includes(run.replace(/[·\d]+$|^[·\d]+/g, '')))
        stray.add(run);
    }
  }
  return [...stray];
}
