// A meeting on two processes behind one address: one is emptied while two people look at each other, then the other one is killed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { at, journey, send, signedIn, world } from './lib/world.mjs';

const run = promisify(execFile);
const gonghui = (...words) => run(world.gonghui, words, { env: { ...process.env, ...world.env } });
const [first, second] = world.people;

const args = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

/** The longest time without a picture, in milliseconds, that people may notice when a meeting moves; and until they are back. */
const MOVES = 2000;
const RETURNS = 10_000;

/** Counts the pictures that a page decodes, over all connections that it has and had, and the longest time without one. */
async function counted(page) {
  await page.addInitScript(() => {
    window.film = { frames: 0, gap: 0, connections: 0 };
    const counts = new Map();
    const { RTCPeerConnection: Peer } = window;
    window.RTCPeerConnection = class extends Peer {
      constructor(...given) {
        super(...given);
        counts.set(this, 0);
        window.film.connections++;
      }
    };
    let last = performance.now();
    const look = async () => {
      for (const peer of counts.keys()) {
        if (peer.signalingState === 'closed') continue;
        let frames = 0;
        for (const report of (await peer.getStats()).values())
          if (report.type === 'inbound-rtp' && report.kind === 'video') frames += report.framesDecoded ?? 0;
        counts.set(peer, Math.max(counts.get(peer), frames));
      }
      const frames = [...counts.values()].reduce((sum, n) => sum + n, 0);
      const now = performance.now();
      window.film.gap = Math.max(window.film.gap, now - last);
      if (frames !== window.film.frames) last = now;
      window.film.frames = frames;
      setTimeout(look, 20);
    };
    void look();
  });
}

const film = (page) => page.evaluate(() => ({ ...window.film }));
const startWatching = (page) =>
  page.evaluate(() => {
    window.film.gap = 0;
  });

async function grows(page, least, within = 30_000) {
  const from = (await film(page)).frames;
  for (const end = Date.now() + within; Date.now() < end; ) {
    if ((await film(page)).frames - from >= least) return;
    await page.waitForTimeout(50);
  }
  assert.fail(`no pictures come: ${JSON.stringify(await film(page))} from ${from}`);
}

/** The name of the process with both people. */
async function busy() {
  for (let n = 0; n < 100; n++) {
    const nodes = JSON.parse((await gonghui('meeting', 'nodes', '--json')).stdout);
    const found = nodes.find((node) => node.load === 2);
    if (found) return found.name;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('the meeting is on no node');
}

const bar = (page) => page.getByRole('navigation', { name: '会议操作' });

journey(
  'nodes',
  async ({ open, step }) => {
    const pages = [await open(), await open()];
    const [host, guest] = pages;
    let number;

    await step('two people meet', async () => {
      for (const [i, person] of [first, second].entries()) {
        await counted(pages[i]);
        await signedIn(pages[i], person.body, person.phone, '/healthz');
      }
      const made = await send(host, 'POST', '/v1/meetings', {
        plan: { title: '两个节点上的会议', minutes: 60, openTo: 'body' },
        instant: true,
      });
      assert.equal(made.code, 200, JSON.stringify(made.body));
      number = made.body.number;
      for (const page of pages) {
        await page.goto(at(first.body, `/meet/${number}`));
        await page.locator('video.shown').waitFor(); // who is quicker than the camera comes without it
        await page.getByRole('button', { name: '加入会议' }).click();
        await bar(page).waitFor();
      }
      for (const page of pages) await grows(page, 30);
    });

    await step('an operator empties the node, and nobody misses anything', async () => {
      const from = await busy();
      for (const page of pages) await startWatching(page);
      await gonghui('meeting', 'drain', '--node', from, '--within', '60s');
      for (const page of pages) {
        await grows(page, 30);
        const { gap, connections } = await film(page);
        assert.equal(connections, 2, 'connections of a page');
        assert.ok(gap <= MOVES, `${Math.round(gap)} ms without a picture`);
        console.log(`moved: at most ${Math.round(gap)} ms without a picture`);
      }
      assert.notEqual(await busy(), from);
      await gonghui('meeting', 'drain', '--node', from, '--undo');
    });

    await step('what they do goes on there', async () => {
      await bar(guest).getByRole('button', { name: '举手' }).click();
      await host.getByText(`${second.name}举手了`).waitFor();
    });

    await step('the node is killed, and they are back at once, as they were', async () => {
      const name = await busy();
      const { pid } = world.nodes.find((one) => one.name === name);
      await host.waitForTimeout(1000); // how it stands is kept twice a second
      const before = [];
      for (const page of pages) before.push(await film(page));
      process.kill(pid, 'SIGKILL');
      const killed = Date.now();
      for (const [i, page] of pages.entries()) {
        for (;;) {
          const now = await film(page);
          if (now.connections > before[i].connections && now.frames > before[i].frames + 5) break;
          assert.ok(Date.now() - killed < 3 * RETURNS, `not back: ${JSON.stringify(now)}`);
          await page.waitForTimeout(50);
        }
      }
      const took = Date.now() - killed;
      console.log(`killed: back after ${took} ms`);
      await host.keyboard.press('p');
      await host.getByRole('complementary', { name: '成员' }).getByRole('img', { name: '第 1 位举手' }).waitFor();
      assert.ok(took <= RETURNS, `${took} ms until pictures came again`);
    });
  },
  args,
);
