// A meeting on a cheap phone, by an officer of another body: in by the link without signing in again, every panel, turned around, with the
// keyboard open; the way in on a slow network with a processor four times slower.
import assert from 'node:assert/strict';
import { watch } from './lib/look.mjs';
import { cameras, countable, disguised, enters, held, panel, press, sees, sound, tile } from './lib/meeting.mjs';
import { ordinal } from './lib/people.mjs';
import { account, byCode, journey, send, signedIn } from './lib/world.mjs';

const officer = account('officer', '440103');
const neighbour = account('admin', '440100');

/** What the neighbour does at home. */
const post = '跨区协调岗';

const upright = { width: 360, height: 740 };
const aside = { width: 740, height: 360 };

/** A cheap phone on a slow network: 1.6 Mbit/s, 150 ms there and back, a processor four times slower. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 };
const CPU = 4;

/** Milliseconds from the link to the first picture of somebody else; the press of the button and what stands before it are in it. */
const SOON = 10_000;

journey(
  'handset',
  async ({ open, step }) => {
    const host = await open();
    const phone = await open({ viewport: upright, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
    const { quiet } = watch(phone);
    let link;
    const row = () => panel(host, '成员').getByRole('listitem').filter({ hasText: neighbour.Name });

    await step('somebody of another body opens the link, and need not sign in again', async () => {
      await countable(host);
      await disguised(host, { hertz: 440 });
      await countable(phone);
      await disguised(phone, { hertz: 700, colour: '#735' });
      await signedIn(host, officer.Host, officer.Phone, '/healthz');
      await signedIn(phone, neighbour.Host, neighbour.Phone, '/healthz');
      // At home they have a post, which is told with their name.
      const home = async (verb, path, content) => {
        const { code, body } = await send(phone, verb, path, content);
        assert.equal(code, 200, `${path} ${JSON.stringify(body)}`);
        return body;
      };
      const { officers } = await home('GET', `/v1/officers?query=${encodeURIComponent(neighbour.Name)}`);
      const dept = await home('POST', '/v1/depts', { name: `协作办${ordinal()}` });
      const place = await home('POST', '/v1/posts', { deptId: dept.id, name: post, headcount: 1 });
      const officerId = officers.find(({ name }) => name === neighbour.Name).id;
      await home('POST', '/v1/appointments', { officerId, postId: place.id, startOn: '2025-01-01' });
      ({ page: link } = await held(host, { title: '跨单位工作协商会', openTo: 'bodies' }));
      await enters(host, link);
      await host.evaluate(() => {
        window.talking = true;
      });
      await phone.goto(link);
      await phone.getByRole('heading', { name: '登录后参会' }).waitFor();
      await sound(phone, 'handset-other-body');
      await phone.getByLabel('所在工会的代码').fill(neighbour.Body);
      await phone.getByRole('button', { name: '前往验证' }).click();
      // Back at the meeting's host, with a pass of the own one.
      await phone.getByRole('button', { name: '加入会议' }).waitFor();
      assert.equal(new URL(phone.url()).hostname, new URL(link).hostname);
      await sound(phone, 'handset-door');
      await phone.getByRole('button', { name: '加入会议' }).click();
      await sees(phone, officer.Name);
      await sees(host, neighbour.Name);
    });

    await step('who is not signed in at home does so, and is back at the meeting', async () => {
      const away = await open({ viewport: upright, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
      const hostname = (page) => new URL(page.url()).hostname;
      await away.goto(link);
      await away.getByLabel('所在工会的代码').fill(neighbour.Body);
      await away.getByRole('button', { name: '前往验证' }).click();
      await away.getByRole('link', { name: '会员登录' }).click();
      await away.getByLabel('手机号', { exact: true }).waitFor();
      assert.notEqual(hostname(away), new URL(link).hostname);
      await byCode(away, neighbour.Phone);
      await away.getByRole('button', { name: '加入会议' }).waitFor();
      assert.equal(hostname(away), new URL(link).hostname);
      await away.close();
    });

    await step('name, post and body are shown', async () => {
      await host.keyboard.press('p');
      await row().waitFor();
      const said = await row().textContent();
      assert.ok(said.includes(`${post} · 广州市总工会`), said);
      assert.ok(!said.includes('访客'), said);
    });
    await step('a page that is opened anew is the same person', async () => {
      const seat = await tile(host, neighbour.Name).getAttribute('data-participant');
      await phone.reload();
      await phone.getByRole('button', { name: '加入会议' }).click();
      await sees(phone, officer.Name);
      assert.equal(await tile(host, neighbour.Name).count(), 1);
      assert.equal(await tile(host, neighbour.Name).getAttribute('data-participant'), seat);
      await sound(phone, 'handset-grid');
    });

    await step('every panel fits and can be read', async () => {
      await press(phone, '成员');
      await sound(phone, 'handset-people');
      await panel(phone, '成员').getByRole('button', { name: '关闭' }).click();
      await press(phone, '更多');
      await phone.getByRole('menuitem', { name: '设备设置' }).waitFor();
      await sound(phone, 'handset-more');
      await phone.getByRole('menuitem', { name: '设备设置' }).click();
      await phone.getByRole('dialog').waitFor();
      await sound(phone, 'handset-settings');
      await phone.getByRole('dialog').getByRole('button', { name: '完成' }).click();
      await press(phone, '离开');
      await phone.getByRole('dialog').waitFor();
      await sound(phone, 'handset-leave');
      await phone.keyboard.press('Escape');
      await phone.getByRole('dialog').waitFor({ state: 'detached' });
    });

    await step('with the keyboard open one sees what one writes', async () => {
      await press(phone, '聊天');
      const field = panel(phone, '聊天').getByRole('textbox', { name: '消息' });
      await field.tap();
      // The keyboard takes its room from the page (interactive-widget) or lies over it; the first is what can be emulated.
      await phone.setViewportSize({ ...upright, height: 420 });
      await field.fill('我在路上，先听。');
      const box = await field.boundingBox();
      assert.ok(box.y >= 0 && box.y + box.height <= 420, JSON.stringify(box));
      await sound(phone, 'handset-keyboard');
      await panel(phone, '聊天').getByRole('button', { name: '发送', exact: true }).click();
      await panel(phone, '聊天').getByText('我在路上').waitFor();
      await phone.setViewportSize(upright);
      await sound(phone, 'handset-chat');
      await panel(phone, '聊天').getByRole('button', { name: '关闭' }).click();
    });

    await step('turned aside it is the same meeting', async () => {
      await phone.setViewportSize(aside);
      await sees(phone, officer.Name);
      for (const name of [officer.Name, neighbour.Name]) {
        const box = await tile(phone, name).boundingBox();
        assert.ok(
          box.width > 120 && box.y >= 0 && box.y + box.height <= aside.height,
          `${name} ${JSON.stringify(box)}`,
        );
      }
      await sound(phone, 'handset-aside');
      await press(phone, '成员');
      await sound(phone, 'handset-aside-people');
      await panel(phone, '成员').getByRole('button', { name: '关闭' }).click();
      await phone.setViewportSize(upright);
    });

    await step('a shared screen is large, upright and aside', async () => {
      await press(host, '共享屏幕');
      await phone.locator('.tile.screen video.shown').waitFor();
      await sound(phone, 'handset-screen');
      await phone.setViewportSize(aside);
      await sound(phone, 'handset-screen-aside');
      await phone.setViewportSize(upright);
      await press(host, '停止共享');
      await phone.locator('.tile.screen').waitFor({ state: 'detached' });
    });

    await step('on a slow network, with a slow processor, one is in soon', async () => {
      const devtools = await phone.context().newCDPSession(phone);
      await devtools.send('Network.enable');
      await devtools.send('Network.emulateNetworkConditions', SLOW);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU });
      const begin = Date.now();
      await phone.reload({ waitUntil: 'commit' });
      await phone.getByRole('button', { name: '加入会议' }).click();
      await sees(phone, officer.Name);
      const took = Date.now() - begin;
      console.log(`in on a cheap phone within ${took} ms`);
      assert.ok(took <= SOON, `${took} ms`);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
      await devtools.send('Network.emulateNetworkConditions', {
        ...SLOW,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: -1,
      });
    });

    await step('in the dark and in English, too', async () => {
      await phone.evaluate(() => {
        localStorage.setItem('gonghui.locale', 'en');
        localStorage.setItem('gonghui.mode', 'dark');
      });
      await phone.reload();
      await phone.getByRole('button', { name: 'Join', exact: true }).waitFor();
      await sound(phone, 'handset-door-dark-en');
      await phone.getByRole('button', { name: 'Join', exact: true }).click();
      await sees(phone, officer.Name);
      await sound(phone, 'handset-grid-dark-en');
      const acts = phone.getByRole('navigation', { name: 'In this meeting' });
      await acts.getByRole('button', { name: 'People' }).click();
      await sound(phone, 'handset-people-dark-en');
    });

    await step('nothing went wrong behind the page', async () => quiet());
  },
  cameras,
);
