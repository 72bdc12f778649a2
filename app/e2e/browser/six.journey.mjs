// Six people in one meeting, each in a window of their own with a picture and a tone of their own: who is heard and seen, how large, who
// speaks, who is pinned and shown to all, who drops out and comes back, who comes late.
import assert from 'node:assert/strict';
import { watch } from './lib/look.mjs';
import {
  cameras,
  countable,
  counted,
  counts,
  disguised,
  enters,
  grows,
  heightOf,
  held,
  moves,
  press,
  sees,
  sound,
  tile,
  tones,
} from './lib/meeting.mjs';
import { account, desktop, journey, signedIn } from './lib/world.mjs';

const officer = account('officer', '440103');

/** Who comes. One brings a picture of 1280×720, one that of an old camera; the others' are small, for the sake of the machine. */
const guests = [
  { name: '江晓岚', hertz: 620, colour: '#735', width: 1280, height: 720, rate: 15 },
  { name: '贺知行', hertz: 800, colour: '#257' },
  { name: '温如玉', hertz: 1000, colour: '#752' },
  { name: '庄明哲', hertz: 1240, colour: '#527', width: 640, height: 480 },
  { name: '尹长青', hertz: 1500, colour: '#367' },
];
const own = 480;

const talks = (page, on) =>
  page.evaluate((now) => {
    window.talking = now;
  }, on);

journey(
  'six',
  async ({ open, step }) => {
    const host = await open();
    const { quiet } = watch(host);
    const pages = [];
    let link;
    const [large, second, third, fourth, late] = guests;

    const comes = async (one) => {
      const page = await open({ viewport: { width: 800, height: 600 } });
      await countable(page);
      await disguised(page, one);
      await enters(page, link, one.name);
      pages.push(page);
      return page;
    };

    await step('four come by the link to an officer', async () => {
      await countable(host);
      await disguised(host, { hertz: own, colour: '#375' });
      await signedIn(host, officer.Host, officer.Phone, '/healthz');
      ({ link } = await held(host, { title: '六方视频会商' }));
      await enters(host, link);
      for (const one of guests.slice(0, 4)) await comes(one);
      for (const { name } of guests.slice(0, 4)) await sees(host, name);
    });

    await step('who comes late sees and hears all within three seconds', async () => {
      await talks(host, true);
      const page = await open({ viewport: desktop });
      await countable(page);
      await disguised(page, late);
      await page.goto(link);
      await page.getByLabel('您的姓名').fill(late.name);
      await page.locator('video.shown').waitFor();
      const begin = Date.now();
      await page.getByRole('button', { name: '加入会议' }).click();
      await page.waitForFunction(() => document.querySelectorAll('.tile video.shown').length === 6, null, {
        polling: 50,
      });
      const took = Date.now() - begin;
      console.log(`all six within ${took} ms`);
      assert.ok(took <= 3000, `${took} ms`);
      await grows(page, 'energy', 0.01, 0);
      pages.push(page);
    });

    await step('everybody sees everybody, and sends what is looked at', async () => {
      for (const page of [host, ...pages]) {
        for (const { name } of [{ name: officer.Name }, ...guests]) await sees(page, name);
        await grows(page, 'frames', 20);
      }
      await sound(host, 'six-grid');
    });

    await step('everybody hears who speaks, and nobody else', async () => {
      const all = [own, ...guests.map(({ hertz }) => hertz)];
      for (const [i, page] of pages.entries()) {
        const heard = await tones(page, all);
        assert.deepEqual(heard, [own], guests[i].name);
      }
    });

    await step('who speaks is large, and another one when they speak', async () => {
      await host.keyboard.press('l');
      const big = (name) => host.locator('.tile.large').filter({ hasText: name }).waitFor();
      await talks(host, false);
      await talks(pages[1], true);
      await big(second.name);
      await talks(pages[1], false);
      await talks(pages[2], true);
      await big(third.name);
      await tile(host, third.name).filter({ hasText: '正在讲话' }).waitFor();
      await sound(host, 'six-speaker');
      await talks(pages[2], false);
    });

    await step('a small picture comes in a small layer, a large one in the largest', async () => {
      const is = async (height) => {
        for (let n = 0; (await heightOf(host, large.name)) !== height; n++) {
          assert.ok(n < 100, `${await heightOf(host, large.name)} lines and not ${height}`);
          await host.waitForTimeout(200);
        }
      };
      await is(180);
      await tile(host, large.name).hover();
      await tile(host, large.name).getByRole('button', { name: '固定画面' }).click();
      await host.locator('.tile.large').filter({ hasText: large.name }).waitFor();
      await is(720);
      const { sizes } = await counted(pages[0], 'three layers', ({ layers: l }) => l.q > 5 && l.h > 5 && l.f > 5);
      assert.deepEqual(sizes, { q: 180, h: 360, f: 720 });
      await sound(host, 'six-pinned');
      await tile(host, large.name).getByRole('button', { name: '取消固定' }).click();
      await is(180);
      // Nobody looks at the largest layer any more: it is not made.
      const sent = async () => (await counts(pages[0])).layers;
      for (let n = 0, last = -1; ; n++) {
        const { f } = await sent();
        if (f === last) break;
        assert.ok(n < 10, 'the largest layer is still made');
        last = f;
        await host.waitForTimeout(1500);
      }
      await grows(pages[0], 'pictures', 10);
    });

    await step('whom the host shows to all is large on every page', async () => {
      await tile(host, fourth.name).hover();
      await tile(host, fourth.name)
        .getByRole('button', { name: `${fourth.name}的操作` })
        .click();
      await host.getByRole('menuitem', { name: '设为焦点视频' }).click();
      for (const page of pages) await page.locator('.tile.large').filter({ hasText: fourth.name }).waitFor();
      // An old camera goes out whole, and in half.
      await counted(pages[3], 'an old camera', ({ sizes }) => sizes.h === 480 && sizes.q === 240);
      for (let n = 0; (await heightOf(pages[4], fourth.name)) !== 480; n++) {
        assert.ok(n < 100, `${await heightOf(pages[4], fourth.name)} lines of an old camera`);
        await host.waitForTimeout(200);
      }
      await sound(pages[4], 'six-spotlight');
      await tile(host, fourth.name).hover();
      await tile(host, fourth.name)
        .getByRole('button', { name: `${fourth.name}的操作` })
        .click();
      await host.getByRole('menuitem', { name: '取消焦点视频' }).click();
      await pages[4].locator('.tile.large').waitFor({ state: 'detached' });
    });

    await step('who drops out is told of, and comes back into the same seat', async () => {
      const page = pages[3];
      const seat = await tile(host, fourth.name).getAttribute('data-participant');
      const ways = /\/v1\/meetings/;
      await page.route(ways, (request) => request.abort());
      await page.evaluate(() => window.sockets.at(-1).close());
      await tile(host, fourth.name).getByText('网络中断，等待重连').waitFor();
      await page.waitForTimeout(2000);
      await page.unroute(ways);
      await tile(host, fourth.name).getByText('网络中断，等待重连').waitFor({ state: 'detached' });
      assert.equal(await tile(host, fourth.name).getAttribute('data-participant'), seat);
      assert.equal(await host.locator('.tile').count(), 6);
      await moves(tile(host, fourth.name).locator('video.shown'), 10);
      await moves(tile(page, officer.Name).locator('video.shown'), 10);
    });

    await step('the host ends it for all', async () => {
      await press(host, '结束');
      await host.getByRole('dialog').getByRole('button', { name: '结束会议' }).click();
      for (const page of pages) await page.getByRole('heading', { name: '会议已结束' }).waitFor();
    });

    await step('nothing went wrong behind the page', async () => quiet());
  },
  cameras,
);
