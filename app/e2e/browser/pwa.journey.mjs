// The members' app of every union can be put on a phone, and opens there without a network.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, journey, launchKept, phone, world } from './lib/world.mjs';

/** So many unions are looked at by the browser; all others by what the browser would ask for. */
const SEEN = 30;
/** Questions at the same time. */
const LANES = 6;

const [, port] = world.base.split(':');

/** Asks a host of the product, whatever it is called. */
function get(body, path) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers: { Host: `${body}.${world.base}` } }, (reply) => {
      const parts = [];
      reply.on('data', (part) => parts.push(part));
      reply.on('end', () =>
        resolve({ code: reply.statusCode, type: reply.headers['content-type'] ?? '', body: Buffer.concat(parts) }),
      );
      reply.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** What keeps a browser from installing the app of a union (Chromium's list: manifest, name, start, display, icons, service worker). */
async function lacks(body) {
  const found = [];
  const manifest = await get(body, '/manifest.webmanifest');
  if (manifest.code !== 200 || !manifest.type.startsWith('application/manifest+json')) return ['no manifest'];
  const { name, short_name, start_url, display, scope, icons } = JSON.parse(manifest.body);
  if (!name || !short_name) found.push('no name');
  if (start_url !== '/' || scope !== '/') found.push(`starts at ${start_url} in ${scope}`);
  if (display !== 'standalone') found.push(`display ${display}`);
  for (const side of [192, 512]) {
    const icon = icons.find(({ sizes, purpose }) => sizes === `${side}x${side}` && purpose.split(' ').includes('any'));
    const png = icon && (await get(body, icon.src));
    // Bytes 16 to 23 of a PNG are its width and height (ISO/IEC 15948, 11.2.2).
    if (png?.code !== 200 || png.body.readUInt32BE(16) !== side || png.body.readUInt32BE(20) !== side) {
      found.push(`no icon of ${side}`);
    }
  }
  const worker = await get(body, '/sw.js');
  if (worker.code !== 200 || !/javascript/.test(worker.type)) found.push('no service worker');
  const start = await get(body, '/');
  if (start.code !== 200 || !start.body.includes('rel="manifest"')) found.push('the page names no manifest');
  return found;
}

journey('pwa', async ({ browser, step }) => {
  const folder = mkdtempSync(join(tmpdir(), 'gonghui-pwa-'));
  // Spread over the country and its levels, always the same.
  const every = Math.floor(world.bodies.length / SEEN);
  const seen = world.bodies.filter((_, n) => n % every === 0).slice(0, SEEN);
  const kept = await launchKept(folder);
  const page = kept.pages()[0] ?? (await kept.newPage());
  page.setDefaultTimeout(40_000);

  const keptBy = async (body, of) => {
    await of.goto(at(body, '/'));
    await of.getByRole('heading', { level: 1 }).waitFor();
    await of.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  };

  await step(`${SEEN} unions: the browser finds nothing that stands in the way`, async () => {
    assert.equal(seen.length, SEEN);
    const cdp = await kept.newCDPSession(page);
    const faults = [];
    for (const body of seen) {
      await keptBy(body, page);
      const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
      const { data, errors } = await cdp.send('Page.getAppManifest');
      for (const { errorId } of installabilityErrors) faults.push(`${body}: ${errorId}`);
      for (const { message } of errors) faults.push(`${body}: ${message}`);
      assert.ok(JSON.parse(data).name, `${body} has no name`);
    }
    assert.deepEqual(faults, []);
  });

  await step('a page without a manifest is told apart', async () => {
    const cdp = await kept.newCDPSession(page);
    await page.goto(at(seen[0], '/healthz'));
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
    assert.ok(installabilityErrors.length > 0, 'everything can be installed: the question says nothing');
  });

  await step('all other unions, by what the browser would ask for', async () => {
    const left = world.bodies.filter((body) => !seen.includes(body));
    const faults = [];
    let asked = 0;
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        for (let body = left.shift(); body; body = left.shift()) {
          asked += 1;
          for (const fault of await lacks(body)) faults.push(`${body}: ${fault}`);
        }
      }),
    );
    assert.deepEqual(faults, []);
    console.log(`${SEEN} unions by the browser, ${asked} by what it asks for`);
    assert.ok((await lacks('hq')).length > 0, 'the supervision host is no app of a union');
  });

  await step('without a network the app opens where it was kept, and only there', async () => {
    const [first] = seen;
    await keptBy(first, page);
    await page.reload();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await kept.setOffline(true);
    await page.reload();
    await page.locator('#root > *').first().waitFor();
    assert.equal(await page.title().then((title) => title.length > 0), true);
    await kept.setOffline(false);

    const bare = await browser.newContext({ viewport: phone, serviceWorkers: 'block' });
    const other = await bare.newPage();
    await other.goto(at(first, '/'));
    await other.getByRole('heading', { level: 1 }).waitFor();
    await bare.setOffline(true);
    await assert.rejects(other.reload(), /ERR_INTERNET_DISCONNECTED/);
    await bare.close();
  });

  await kept.close();
  rmSync(folder, { recursive: true, force: true });
});
