// A meeting of several venues with captions and a watermark: an officer directs, one venue is called after the other, somebody writes
// what is said, and everybody sees their own name over the pictures.
import assert from 'node:assert/strict';
import { watch } from './lib/look.mjs';
import {
  cameras,
  countable,
  counted,
  disguised,
  enters,
  held,
  panel,
  press,
  sees,
  sound,
  tile,
} from './lib/meeting.mjs';
import { account, journey, phone, signedIn } from './lib/world.mjs';

const officer = account('officer', '440103');
const far = { name: '从化分会场', hertz: 620, colour: '#735' };
const near = { name: '增城分会场', hertz: 800, colour: '#257' };

journey(
  'venue',
  async ({ open, step }) => {
    const host = await open();
    const { quiet } = watch(host);
    const pages = {};
    const desk = () => panel(host, '多级会场');
    const theMark = (page) =>
      page.locator('.hall > *').evaluateAll((all) => all.filter((one) => one.localName.startsWith('mark-')).length);

    await step('two venues come to an officer', async () => {
      await countable(host);
      await disguised(host, { hertz: 480, colour: '#375' });
      await signedIn(host, officer.Host, officer.Phone, '/healthz');
      const { link } = await held(host, { title: '全区工会系统视频会议', watermark: true });
      await enters(host, link);
      for (const one of [far, near]) {
        const page = await open(
          one === near
            ? { viewport: phone, deviceScaleFactor: 2, hasTouch: true }
            : { viewport: { width: 1000, height: 700 } },
        );
        await countable(page);
        await disguised(page, one);
        await enters(page, link, one.name);
        pages[one.name] = page;
      }
      await sees(host, far.name);
    });

    await step('everybody sees their own name over the pictures, and taking it away does not help', async () => {
      const page = pages[far.name];
      for (const one of [host, page]) {
        await one.waitForFunction(() =>
          [...document.querySelectorAll('.hall > *')].some((e) => e.localName.startsWith('mark-')),
        );
      }
      const shown = await page.evaluate(() => {
        const mark = [...document.querySelectorAll('.hall > *')].find((e) => e.localName.startsWith('mark-'));
        return decodeURIComponent(mark.style.backgroundImage);
      });
      assert.match(shown, new RegExp(`>${far.name} [0-9a-f]{4}<`));
      await page.evaluate(() => {
        for (const e of document.querySelectorAll('.hall > *')) if (e.localName.startsWith('mark-')) e.remove();
      });
      await page.waitForTimeout(200);
      assert.equal(await theMark(page), 1);
      await sound(page, 'venue-watermark');
    });

    await step('the officer turns venues on and names two', async () => {
      await press(host, '更多');
      await host.getByRole('menuitem', { name: '多级会场' }).click();
      await desk().getByRole('button', { name: '开启多级会场' }).click();
      for (const { name } of [far, near])
        await desk()
          .getByRole('button', { name: `设为分会场: ${name}` })
          .click();
      await desk().getByRole('heading', { name: '分会场（2）' }).waitFor();
      // The director sees both; each of them sees the main venue alone.
      for (const { name } of [far, near])
        await desk().locator('.venue').filter({ hasText: name }).locator('video.shown').waitFor();
      await pages[near.name].getByText('您的画面只有导播能看到').waitFor();
      await tile(pages[near.name], far.name).waitFor({ state: 'detached' });
      await sees(pages[near.name], officer.Name);
      await sound(host, 'venue-desk');
      await sound(pages[near.name], 'venue-off-air-phone');
    });

    await step('a venue that is called is seen and heard by all, until the next one is', async () => {
      await desk()
        .getByRole('button', { name: `点名: ${far.name}` })
        .click();
      await pages[far.name].getByText('您正在对全体播出').waitFor();
      await sees(pages[near.name], far.name);
      await sound(pages[near.name], 'venue-called-phone');
      await desk()
        .getByRole('button', { name: `点名: ${near.name}` })
        .click();
      await tile(pages[near.name], far.name).waitFor({ state: 'detached' });
      await sees(pages[far.name], near.name);
      await counted(pages[far.name], 'pictures of who was called', (now) => now.frames > 10);
      await desk().getByRole('button', { name: '关闭多级会场' }).click();
      await sees(pages[near.name], far.name);
    });

    await step('somebody writes what is said, and mends a line', async () => {
      await press(host, '成员');
      await panel(host, '成员')
        .getByRole('button', { name: `${far.name}的操作` })
        .click();
      await host.getByRole('menuitem', { name: '设为速录员' }).click();
      const page = pages[far.name];
      await press(page, '更多');
      await page.getByRole('menuitem', { name: '速录' }).click();
      const field = panel(page, '速录').getByRole('textbox', { name: '正在录入的字幕' });
      await field.fill('各位代表，现在开会');
      const shown = (where) => where.getByRole('region', { name: '字幕' });
      await shown(host).getByText('各位代表，现在开会').waitFor();
      await field.fill('各位代表，现在开会。今天的议题有三项。');
      await field.press('Enter');
      await field.fill('第一项，审议工作报告');
      await field.press('Enter');
      await panel(page, '速录').getByRole('button', { name: '更正: 第一项，审议工作报告' }).click();
      await panel(page, '速录').getByRole('textbox', { name: '更正这一行' }).fill('第一项，审议经费审查报告。');
      await panel(page, '速录').getByRole('button', { name: '保存' }).click();
      await shown(pages[near.name]).getByText('第一项，审议经费审查报告。').waitFor();
      await sound(page, 'venue-captions-write');
      await sound(pages[near.name], 'venue-captions-phone');
      await pages[near.name].evaluate(() => {
        localStorage.setItem('gonghui.locale', 'en');
        localStorage.setItem('gonghui.mode', 'dark');
      });
      await pages[near.name].reload();
      await pages[near.name].getByRole('button', { name: 'Join', exact: true }).click();
      await pages[near.name].getByRole('region', { name: 'Captions' }).getByText('审议经费审查报告').waitFor();
      await sound(pages[near.name], 'venue-captions-phone-dark-en');
      quiet();
    });
  },
  cameras,
);
