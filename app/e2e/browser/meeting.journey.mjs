// A meeting between an officer and a member: two people in two windows of a real browser, over the product's own media server.
import assert from 'node:assert/strict';
import { newMember } from './lib/enrol.mjs';
import { accessible, settle, watch } from './lib/look.mjs';
import { bar, cameras, countable, counted, grows, panel, press, sound, soundOf, tile } from './lib/meeting.mjs';
import { account, at, byCode, desktop, journey, phone, send, shotPath, signedIn } from './lib/world.mjs';

const officer = account('officer', '440103');

journey(
  'meeting',
  async ({ open, step }) => {
    const host = await open();
    const guest = await open({ viewport: phone, deviceScaleFactor: 2, hasTouch: true });
    const { quiet } = watch(host);
    const { quiet: quietThere } = watch(guest);
    const title = '2026 年第四季度女职工工作推进会';
    let member;
    let address;

    await step('an officer begins a meeting from the console', async () => {
      await countable(host);
      await countable(guest);
      await signedIn(host, officer.Host, officer.Phone, '/healthz');
      member = await newMember(host, guest, officer.Body);
      await host.goto(at(officer.Host, '/console/'));
      await host.getByRole('link', { name: '会议', exact: true }).click();
      await host.getByRole('button', { name: '立即开会' }).first().click();
      const form = host.getByRole('dialog');
      await form.getByLabel('会议主题').fill(title);
      await form.getByRole('switch', { name: '等候室' }).click();
      await settle(host);
      await host.screenshot({ path: shotPath('meeting-form') });
      await form.getByRole('button', { name: '开始会议' }).click();
      await host.getByRole('button', { name: '加入会议' }).waitFor();
      await host.getByText(officer.Name).first().waitFor();
      await host.getByText(/往返 \d+ 毫秒/).waitFor();
      address = host.url();
      await sound(host, 'meeting-door');
      await host.getByRole('button', { name: '加入会议' }).click();
      await bar(host).waitFor();
      await tile(host, officer.Name).locator('video.shown').waitFor();
    });

    await step('a member comes by the link, signs in, and waits until the officer lets them in', async () => {
      await guest.context().clearCookies();
      await guest.goto(address);
      await guest.getByRole('heading', { name: '登录后参会' }).waitFor();
      await sound(guest, 'meeting-sign-in-phone');
      await guest.getByRole('link', { name: '会员登录' }).click();
      await byCode(guest, member.phone);
      await guest.getByText(member.name).first().waitFor(); // back at the meeting's door
      assert.equal(guest.url(), address);
      await guest.locator('video.shown').waitFor();
      await sound(guest, 'meeting-door-phone');
      await guest.getByRole('button', { name: '加入会议' }).click();
      await guest.getByText('已通知主持人').waitFor();
      await host.getByText(`${member.name}正在等候室`).waitFor(); // it goes by itself
      await sound(guest, 'meeting-waiting-phone');
      await press(host, '成员');
      await panel(host, '成员').getByRole('heading', { name: '等候室（1）' }).waitFor();
      await sound(host, 'meeting-knock');
      await panel(host, '成员').getByRole('button', { name: '允许进入' }).click();
      await bar(guest).waitFor();
      await panel(host, '成员').getByRole('heading', { name: '成员（2）' }).waitFor();
      await host.keyboard.press('Escape');
    });

    await step('they see and hear each other', async () => {
      await tile(host, member.name).locator('video.shown').waitFor();
      await tile(guest, officer.Name).locator('video.shown').waitFor();
      for (const page of [host, guest]) {
        await grows(page, 'frames', 30, 0);
        await grows(page, 'energy', 0.05, 0);
      }
      // The larger layers begin when the browser has found that there is room for them.
      const { layers } = await counted(guest, 'two layers', ({ layers: { q, h } }) => q > 0 && h > 0);
      assert.deepEqual(Object.keys(layers).sort(), ['f', 'h', 'q']);
      await sound(host, 'meeting-grid');
      await sound(guest, 'meeting-grid-phone');
    });

    await step('the officer mutes the member, who turns the microphone on again', async () => {
      await host.keyboard.press('p');
      const row = panel(host, '成员').getByRole('listitem').filter({ hasText: member.name });
      await row.getByRole('button', { name: `${member.name}的操作` }).click();
      await sound(host, 'meeting-acts');
      await host.getByRole('menuitem', { name: '静音' }).click();
      await guest.getByText('主持人已将您静音').waitFor();
      await bar(guest).getByRole('button', { name: '解除静音' }).waitFor();
      await tile(host, member.name).getByRole('img', { name: '已静音' }).waitFor();
      await host.waitForTimeout(1000);
      assert.ok((await soundOf(host)) < 0.01, 'a muted member is still heard');
      await row.getByRole('button', { name: `${member.name}的操作` }).click();
      await host.getByRole('menuitem', { name: '请求解除静音' }).click();
      await guest.getByText('主持人请您解除静音').waitFor();
      await guest.getByRole('status').getByRole('button', { name: '解除静音' }).click();
      await tile(host, member.name).getByRole('img', { name: '已静音' }).waitFor({ state: 'detached' });
      await grows(host, 'energy', 0.05);
    });

    await step('a raised hand stands in the list, and the host lowers it', async () => {
      await press(guest, '更多');
      await guest.getByRole('menuitem', { name: '举手' }).click();
      await host.getByText(`${member.name}举手了`).waitFor();
      await panel(host, '成员').getByRole('img', { name: '第 1 位举手' }).waitFor();
      await panel(host, '成员').getByRole('button', { name: '全部放下手' }).click();
      await panel(host, '成员').getByRole('img', { name: '第 1 位举手' }).waitFor({ state: 'detached' });
    });

    await step('what is written is read by the other', async () => {
      await host.keyboard.press('c');
      const field = panel(host, '聊天').getByRole('textbox', { name: '消息' });
      await field.fill('会议材料已发到各单位，请先看第三部分。');
      await field.press('Enter');
      await guest.getByText('1 条未读').waitFor();
      await press(guest, '聊天');
      await panel(guest, '聊天').getByText('请先看第三部分').waitFor();
      await panel(guest, '聊天').getByRole('textbox', { name: '消息' }).fill('收到');
      await panel(guest, '聊天').getByRole('button', { name: '发送', exact: true }).click();
      await panel(host, '聊天').getByText('收到', { exact: true }).waitFor();
      await sound(host, 'meeting-chat');
      await sound(guest, 'meeting-chat-phone');
      await panel(guest, '聊天').getByRole('button', { name: '关闭' }).click();
      await host.keyboard.press('Escape');
    });

    await step('a shared screen is large on the other side', async () => {
      await press(host, '共享屏幕');
      await host.getByText('您正在共享屏幕').waitFor();
      await guest.locator('.tile.screen video.shown').waitFor();
      const frames = () =>
        guest.evaluate(() => document.querySelector('.tile.screen video').getVideoPlaybackQuality().totalVideoFrames);
      const before = await frames();
      for (let n = 0; (await frames()) < before + 5; n++) {
        assert.ok(n < 100, 'the shared screen stands still');
        await guest.waitForTimeout(200);
      }
      await sound(guest, 'meeting-screen-phone');
      await sound(host, 'meeting-sharing');
      await host.keyboard.press('s');
      await guest.locator('.tile.screen').waitFor({ state: 'detached' });
    });

    await step(
      'a lost connection comes back by itself, and a page that is opened anew needs no letting in',
      async () => {
        await guest.evaluate(() => window.sockets.at(-1).close());
        await guest.waitForFunction(() => window.sockets.length > 1 && window.sockets.at(-1).readyState === 1);
        await grows(guest, 'frames', 10);
        // A camera that opens slowly: who does not wait for it is seen as soon as it is open.
        await guest.addInitScript(() => {
          const { mediaDevices } = navigator;
          const open = mediaDevices.getUserMedia.bind(mediaDevices);
          if (sessionStorage.getItem('slow'))
            mediaDevices.getUserMedia = async (...asked) => {
              await new Promise((done) => {
                const before = window.openDevices ?? (() => undefined);
                window.openDevices = () => {
                  before();
                  done();
                };
              });
              return open(...asked);
            };
          sessionStorage.removeItem('slow');
        });
        await guest.evaluate(() => sessionStorage.setItem('slow', 'yes'));
        await guest.reload();
        await guest.getByRole('button', { name: '加入会议' }).click();
        await bar(guest).waitFor();
        await bar(guest).getByRole('button', { name: '开启视频' }).waitFor();
        await guest.evaluate(() => window.openDevices());
        await bar(guest).getByRole('button', { name: '停止视频' }).waitFor();
        await bar(guest).getByRole('button', { name: '静音', exact: true }).waitFor();
        await tile(guest, officer.Name).locator('video.shown').waitFor();
        await tile(host, member.name).locator('video.shown').waitFor();
        await grows(host, 'frames', 10);
      },
    );

    await step('who has no devices comes by a guest link', async () => {
      const { body: open2 } = await send(host, 'POST', '/v1/meetings', {
        plan: { title: '公开座谈会', minutes: 30, openTo: 'anyone' },
        instant: true,
      });
      assert.match(open2.link, /#key=/);
      const stranger = await open({ viewport: desktop });
      await stranger.addInitScript(() => Object.defineProperty(navigator, 'mediaDevices', { value: undefined }));
      await stranger.goto(open2.link);
      await stranger.getByText('请更新浏览器').waitFor();
      await stranger.getByRole('button', { name: '加入会议' }).click();
      await stranger.getByText('请填写姓名').waitFor();
      await sound(stranger, 'meeting-guest');
      await stranger.getByLabel('您的姓名').fill('何访客');
      await stranger.getByRole('button', { name: '加入会议' }).click();
      await tile(stranger, '何访客').waitFor();
      await press(stranger, /^(离开|结束)$/);
      await stranger.getByRole('dialog').getByRole('button', { name: '离开会议' }).click();
      await stranger.getByRole('heading', { name: '您已离开会议' }).waitFor();
      await stranger.close();
    });

    await step('in English and in the dark it is the same meeting', async () => {
      await guest.evaluate(() => {
        localStorage.setItem('gonghui.locale', 'en');
        localStorage.setItem('gonghui.mode', 'dark');
      });
      await guest.reload();
      await guest.getByRole('button', { name: 'Join', exact: true }).waitFor();
      await sound(guest, 'meeting-door-phone-dark-en');
      await guest.getByRole('button', { name: 'Join', exact: true }).click();
      await guest.getByRole('navigation', { name: 'In this meeting' }).waitFor();
      await tile(guest, officer.Name).locator('video.shown').waitFor();
      await sound(guest, 'meeting-grid-phone-dark-en');
    });

    await step('the host ends it for all, and the console says who came', async () => {
      await press(host, '结束');
      await sound(host, 'meeting-end-ask');
      await host.getByRole('dialog').getByRole('button', { name: '结束会议' }).click();
      await host.getByRole('heading', { name: '会议已结束' }).waitFor();
      await guest.getByRole('heading', { name: 'The meeting has ended' }).waitFor();
      await sound(guest, 'meeting-over-phone-dark-en');
      await host.goto(at(officer.Host, '/console/meetings?state=past'));
      await host.getByRole('link', { name: title }).first().click();
      const drawer = host.getByRole('dialog');
      await drawer.getByText('请先看第三部分').waitFor();
      await drawer
        .getByText(/加入，\d\d:\d\d 离开/)
        .first()
        .waitFor();
      await settle(host);
      await host.screenshot({ path: shotPath('meeting-attendance') });
      assert.deepEqual(await accessible(host), []);
    });

    await step('nothing went wrong behind the pages', async () => {
      quiet();
      quietThere();
    });
  },
  cameras,
);
