// A network that lets no UDP through, as those of many offices: a rule of the kernel drops it. The meeting goes through the relay, over TLS,
// by a certificate that this machine trusts because its own store says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watch } from './lib/look.mjs';
import {
  bar,
  cameras,
  countable,
  counted,
  counts,
  disguised,
  enters,
  grows,
  held,
  moves,
  sees,
  sound,
  tile,
} from './lib/meeting.mjs';
import { dropped, launchInside, secured, wall } from './lib/walls.mjs';
import { account, journey, signedIn, world } from './lib/world.mjs';

const officer = account('officer', '440103');
const name = '闻人远';

/** How the way to the server is now: directly, or over the relay by TLS. */
const direct = ({ way }) => way && way.local !== 'relay' && way.protocol === 'udp';
const relayed = ({ way }) => way?.local === 'relay' && way.relay === 'tls';

const walk = async ({ open, step }) => {
  wall();
  const product = await secured();
  const inside = await launchInside(cameras);
  try {
    const host = await open();
    const { quiet } = watch(host);
    const guest = await open({ from: inside });
    let link;

    /** Both hear and see each other, from now on. */
    const flows = async () => {
      await sees(guest, officer.Name);
      await sees(host, name);
      for (const [page, other] of [
        [host, name],
        [guest, officer.Name],
      ]) {
        await grows(page, 'energy', 0.005);
        await moves(tile(page, other).locator('video.shown'), 10);
      }
    };

    await step('an officer holds a meeting, a guest comes to it over TLS', async () => {
      await countable(host);
      await disguised(host, { hertz: 440 });
      await countable(guest);
      await disguised(guest, { hertz: 700, colour: '#735' });
      await signedIn(host, officer.Host, officer.Phone, '/healthz');
      const meeting = await held(host, { title: '墙内外' });
      await enters(host, meeting.link);
      link = meeting.link.replace(/^http:\/\/([^:/]+):\d+/, (_, at) => `https://${at}:${product.port}`);
      // Whose store does not name the authority sees no page at all.
      const stranger = await open();
      await assert.rejects(
        stranger.goto(`https://${world.walls.address}:${product.port}/`),
        /ERR_CERT_AUTHORITY_INVALID/,
      );
      await stranger.close();
      await enters(guest, link, name);
      for (const page of [host, guest])
        await page.evaluate(() => {
          window.talking = true;
        });
    });

    await step('as long as UDP goes through, nothing is relayed', async () => {
      await counted(guest, 'a direct way', direct);
      await flows();
    });

    await step('UDP is dropped in the midst of it: the page finds the relay', async () => {
      wall('meta l4proto udp');
      const begin = Date.now();
      await counted(guest, 'the relay', relayed, 40_000);
      await flows();
      console.log(`over the relay after ${Date.now() - begin} ms`);
      assert.ok(dropped() > 0, 'nothing was dropped');
    });

    await step('who comes anew comes over the relay', async () => {
      await guest.reload();
      const begin = Date.now();
      await guest.getByRole('button', { name: '加入会议' }).click();
      await bar(guest).waitFor();
      await sees(guest, officer.Name);
      console.log(`the first picture over the relay after ${Date.now() - begin} ms`);
      await guest.evaluate(() => {
        window.talking = true;
      });
      await counted(guest, 'the relay', relayed);
      await flows();
      assert.match((await counts(guest)).way.url, /^turns:turn\.gonghui\.localhost:\d+\?transport=tcp$/);
      await sound(guest, 'walled-relay');
    });

    await step('without the relay nothing comes, and the page says so', async () => {
      const ports = await guest.evaluate(() =>
        window.connections
          .at(-1)
          .getConfiguration()
          .iceServers.flatMap(({ urls }) => urls)
          .map((url) => Number(/:(\d+)/.exec(url)[1])),
      );
      wall('meta l4proto udp', `tcp dport { ${ports.join(', ')} }`, `tcp sport { ${ports.join(', ')} }`);
      await guest.getByText('网络已中断，正在重新连接').waitFor();
      const received = async () => (await counts(guest)).way?.received ?? 0;
      const before = await received();
      await guest.waitForTimeout(4000);
      assert.equal(await received(), before, 'something came all the same');
      await sound(guest, 'walled-away');
      wall('meta l4proto udp');
      await counted(guest, 'the relay again', relayed, 40_000);
      await flows();
    });

    await step('who is cut off altogether comes back into the same seat', async () => {
      wall(`ip daddr ${world.walls.address}`, `ip saddr ${world.walls.address}`);
      await tile(host, name).getByText('网络中断，等待重连').waitFor();
      assert.equal(await host.locator('.tile').count(), 2);
      await guest.waitForTimeout(3000);
      wall('meta l4proto udp');
      const begin = Date.now();
      await tile(host, name).getByText('网络中断，等待重连').waitFor({ state: 'detached' });
      await flows();
      console.log(`back after ${Date.now() - begin} ms`);
      assert.equal(await host.locator('.tile').count(), 2);
    });

    await step('nothing went wrong behind the page', async () => quiet());
  } finally {
    await inside.close();
    product.close();
    wall();
  }
};

if (world.walls) journey('walled', walk, cameras);
else test('walled', { skip: 'no network namespaces without root' }, () => {});
