// Breakout rooms: made, filled and opened by the host; each sees and hears their own room alone; after a drop one is back in the same
// room; help, a visit, a word to all rooms, and the way back.
import assert from 'node:assert/strict';
import { watch } from './lib/look.mjs';
import {
  bar,
  cameras,
  countable,
  counted,
  disguised,
  enters,
  grows,
  held,
  panel,
  press,
  sees,
  sound,
  tile,
  tones,
} from './lib/meeting.mjs';
import { account, at, desktop, journey, phone, signedIn } from './lib/world.mjs';

const officer = account('officer', '440103');

const guests = [
  { name: '江晓岚', hertz: 620, colour: '#735' },
  { name: '贺知行', hertz: 800, colour: '#257' },
  { name: '温如玉', hertz: 1000, colour: '#752' },
];

journey(
  'breakout',
  async ({ open, step }) => {
    const host = await open();
    const { quiet } = watch(host);
    const pages = {};
    let link;
    const [one, two, three] = guests.map(({ name }) => name);
    const rooms = () => panel(host, '分组讨论');

    await step('three come to an officer', async () => {
      await countable(host);
      await disguised(host, { hertz: 480, colour: '#375' });
      await signedIn(host, officer.Host, officer.Phone, '/healthz');
      ({ link } = await held(host, { title: '专题分组研讨会' }));
      await enters(host, link);
      for (const one of guests) {
        const page = await open(
          one === guests[0]
            ? { viewport: phone, deviceScaleFactor: 2, hasTouch: true }
            : { viewport: { width: 800, height: 600 } },
        );
        await countable(page);
        await disguised(page, one);
        await enters(page, link, one.name);
        await page.evaluate(() => {
          window.talking = true;
        });
        pages[one.name] = page;
      }
      for (const name of [one, two, three]) await sees(host, name);
    });

    await step('the host makes two rooms with names of their own, and moves two people at once', async () => {
      await press(host, '更多');
      await host.getByRole('menuitem', { name: '分组讨论' }).click();
      await rooms().getByLabel('讨论室数量').fill('2');
      await rooms().getByLabel('讨论室 1 的名称').fill('产业工人组');
      await rooms().getByLabel('讨论室 2 的名称').fill('新就业形态劳动者组');
      await sound(host, 'breakout-make');
      await rooms().getByRole('button', { name: '建立讨论室' }).click();
      await rooms().getByRole('checkbox', { name: one }).check();
      await rooms().getByRole('checkbox', { name: two }).check();
      await rooms().getByLabel('将 2 人移动到').selectOption({ label: '产业工人组' });
      await rooms().getByRole('region', { name: '产业工人组' }).getByText(two).waitFor();
      await rooms().getByRole('button', { name: '随机分配' }).click();
      await rooms()
        .getByText(/^未分配/)
        .waitFor({ state: 'detached' });
      await sound(host, 'breakout-assigned');
    });

    await step('opened, each is in their room and sees and hears those in it alone', async () => {
      await rooms().getByLabel('时长').selectOption({ label: '10 分钟' });
      await rooms().getByRole('button', { name: '打开讨论室' }).click();
      await pages[one].getByText('您在“产业工人组”').waitFor();
      await sees(pages[one], two);
      await sees(pages[two], one);
      await grows(pages[two], 'frames', 10, 0);
      const together = tile(pages[one], three).or(tile(pages[one], officer.Name));
      await together.waitFor({ state: 'detached' });
      await pages[one].getByText(/剩余 0?9:/).waitFor();
      const heard = async (page, want) => {
        let got = [];
        for (let n = 0; n < 20 && got.length !== want.length; n++) got = await tones(page, [480, 620, 800, 1000]);
        assert.deepEqual(got, want);
      };
      await heard(pages[two], [620]);
      await heard(pages[one], [800]);
      assert.equal(await pages[three].locator('.tile').count(), 1);
      await sound(pages[one], 'breakout-in-phone');
      await sound(host, 'breakout-open');
    });

    await step('the chat of a room is read there alone', async () => {
      await press(pages[two], '聊天');
      await panel(pages[two], '聊天').getByRole('textbox', { name: '消息' }).fill('先说说我们这一组的看法');
      await panel(pages[two], '聊天').getByRole('button', { name: '发送', exact: true }).click();
      await pages[one].getByText('1 条未读').waitFor();
      assert.equal(await pages[three].getByText('1 条未读').count(), 0);
      assert.equal(await host.getByText('1 条未读').count(), 0);
    });

    await step('after a drop one is back in the same room', async () => {
      await pages[two].evaluate(() => window.sockets.at(-1).close());
      await pages[two].waitForFunction(() => window.sockets.length > 1 && window.sockets.at(-1).readyState === 1);
      await pages[two].getByText('您在“产业工人组”').waitFor();
      await grows(pages[two], 'frames', 10);
      // Opened anew, the page is there again, too.
      await pages[two].reload();
      await pages[two].getByRole('button', { name: '加入会议' }).click();
      await bar(pages[two]).waitFor();
      await pages[two].getByText('您在“产业工人组”').waitFor();
      await sees(pages[two], one);
      await sees(pages[one], two);
      await grows(pages[two], 'frames', 10, 0);
    });

    await step('somebody asks for help, and the host comes', async () => {
      await pages[one].getByRole('button', { name: '请求帮助' }).click();
      await host.getByText(`${one}在“产业工人组”请求帮助`).waitFor();
      await rooms().getByText(`${one}请求帮助`).waitFor();
      await sound(host, 'breakout-help');
      await rooms().getByRole('button', { name: '进入“产业工人组”' }).click();
      await host.getByText('您正在查看“产业工人组”').waitFor();
      await sees(host, one);
      await sees(pages[one], officer.Name);
      await counted(host, 'pictures of the room', (now) => now.frames > 10);
      await rooms().getByText(`${one}请求帮助`).waitFor({ state: 'detached' });
    });

    await step('a word to all rooms is read in each', async () => {
      await rooms().getByRole('textbox', { name: '向所有讨论室广播' }).fill('还有五分钟，请准备汇报');
      await rooms().getByRole('button', { name: '广播', exact: true }).click();
      for (const name of [one, three]) await pages[name].getByText('还有五分钟，请准备汇报').first().waitFor();
      await sound(pages[three], 'breakout-notice');
    });

    await step('closed with a countdown, all are back together', async () => {
      await rooms().getByRole('button', { name: '关闭讨论室' }).click();
      await pages[one].getByText(/讨论室将在 \d+ 秒后关闭/).waitFor();
      await sound(pages[one], 'breakout-closing-phone');
      await rooms().getByRole('button', { name: '立即关闭' }).click();
      await pages[one].getByText('您在“产业工人组”').waitFor({ state: 'detached' });
      for (const name of [two, three]) await sees(pages[one], name);
      await sees(host, three);
      await grows(pages[three], 'frames', 10, 0);
    });

    await step('the attendance says who was in which room', async () => {
      await press(host, '结束');
      await host.getByRole('dialog').getByRole('button', { name: '结束会议' }).click();
      await host.getByRole('heading', { name: '会议已结束' }).waitFor();
      await host.setViewportSize(desktop);
      await host.goto(at(officer.Host, '/console/meetings?state=past'));
      await host.getByRole('link', { name: '专题分组研讨会' }).first().click();
      await host
        .getByRole('dialog')
        .getByText(/· 产业工人组$/)
        .first()
        .waitFor();
      quiet();
    });
  },
  cameras,
);
