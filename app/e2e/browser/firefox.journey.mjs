// A meeting between Chromium and Firefox: an officer there, a guest here who came by the link.
import assert from 'node:assert/strict';
import { launchFirefox } from './lib/firefox.mjs';
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
  panel,
  press,
  sees,
  soundOf,
  tile,
} from './lib/meeting.mjs';
import { account, journey, shotPath, signedIn } from './lib/world.mjs';

const officer = account('officer', '440103');
// Letters that have a key: others are put into a field in a way that React does not see.
const name = 'Pei Yuanhang';

journey(
  'firefox',
  async ({ open, step }) => {
    const firefox = await launchFirefox();
    try {
      const host = await open();
      const guest = await open({ from: firefox });
      const { quiet } = watch(host);
      let link;

      await step('an officer holds a meeting for everybody', async () => {
        await countable(host);
        await disguised(host, { hertz: 440, colour: '#257' });
        await signedIn(host, officer.Host, officer.Phone, '/healthz');
        ({ link } = await held(host, { title: '狐与恐龙' }));
        await enters(host, link);
        await host.evaluate(() => {
          window.talking = true;
        });
      });

      await step('a guest comes by the link in Firefox', async () => {
        await countable(guest);
        await guest.goto(link);
        await guest.locator('video.shown').waitFor();
        await guest.screenshot({ path: shotPath('firefox-door') });
        await guest.getByLabel('您的姓名').pressSequentially(name);
        await guest.getByRole('button', { name: '加入会议' }).click();
        await bar(guest).waitFor();
      });

      await step('sound and pictures go both ways', async () => {
        await sees(host, name);
        await sees(guest, officer.Name);
        for (const page of [host, guest]) {
          await grows(page, 'frames', 20, 0);
          await grows(page, 'energy', 0.02, 0);
        }
        await guest.screenshot({ path: shotPath('firefox-grid') });
      });

      await step('Firefox sends its picture in layers, as many as are looked at', async () => {
        const { layers, sizes } = await counted(guest, 'layers', ({ layers: l }) => l.q > 10 && l.h > 10);
        assert.deepEqual(Object.keys(layers).sort(), ['f', 'h', 'q']);
        assert.ok(sizes.q < sizes.h, JSON.stringify(sizes));
        assert.equal((await counts(host)).way.protocol, 'udp');
      });

      await step('the officer mutes the guest, and asks them to speak again', async () => {
        await host.keyboard.press('p');
        const row = panel(host, '成员').getByRole('listitem').filter({ hasText: name });
        const does = async (what) => {
          await row.getByRole('button', { name: `${name}的操作` }).click();
          await host.getByRole('menuitem', { name: what }).click();
        };
        await does('静音');
        await guest.getByText('主持人已将您静音').waitFor();
        await tile(host, name).getByRole('img', { name: '已静音' }).waitFor();
        await host.waitForTimeout(1000);
        assert.ok((await soundOf(host)) < 0.001, 'a muted guest is still heard');
        await does('请求解除静音');
        await guest.getByRole('status').getByRole('button', { name: '解除静音' }).click();
        await grows(host, 'energy', 0.01);
        await host.keyboard.press('Escape');
      });

      await step('a shared screen is seen in Firefox', async () => {
        await press(host, '共享屏幕');
        await host.getByText('您正在共享屏幕').waitFor();
        const screen = guest.locator('.tile.screen video.shown');
        await screen.waitFor();
        await moves(screen, 5);
        await guest.screenshot({ path: shotPath('firefox-screen') });
        await press(host, '停止共享');
        await guest.locator('.tile.screen').waitFor({ state: 'detached' });
      });

      await step('a camera that is turned off and on again is seen again', async () => {
        await guest.keyboard.press('v');
        await tile(host, name).locator('video').waitFor({ state: 'detached' });
        await guest.keyboard.press('v');
        await sees(host, name);
        await grows(host, 'frames', 20);
      });

      await step('a lost connection comes back into the same seat', async () => {
        await guest.evaluate(() => window.sockets.at(-1).close());
        await guest.waitForFunction(() => window.sockets.length > 1 && window.sockets.at(-1).readyState === 1);
        // Firefox counts anew after every offer: what is shown is looked at instead.
        await moves(tile(guest, officer.Name).locator('video.shown'), 10);
        await moves(tile(host, name).locator('video.shown'), 10);
        assert.equal(await tile(host, name).count(), 1);
      });

      await step('the guest leaves', async () => {
        await press(guest, '离开');
        await guest.getByRole('dialog').getByRole('button', { name: '离开会议' }).click();
        await guest.getByRole('heading', { name: '您已离开会议' }).waitFor();
        await tile(host, name).waitFor({ state: 'detached' });
      });

      await step('nothing went wrong behind the page', async () => quiet());
    } finally {
      await firefox.close();
    }
  },
  cameras,
);
