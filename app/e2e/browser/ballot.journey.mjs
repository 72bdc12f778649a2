// Votes in a meeting: an officer, a member and a guest in three windows. Polls, a sign-in by the code of the hall, and a secret ballot from
// the list of voters to the receipts.
import assert from 'node:assert/strict';
import { newMember } from './lib/enrol.mjs';
import { accessible, settle, watch } from './lib/look.mjs';
import { addressOf, bar, cameras, enters, held, panel as opened, sound } from './lib/meeting.mjs';
import { account, at, journey, phone, shotPath, signedIn } from './lib/world.mjs';

const officer = account('officer', '440103');
const title = '荔湾区总工会第十次会员代表大会';
const stranger = '何特邀';
const named = '下一次全会安排在哪一天？';
const veiled = '是否同意把春节慰问标准提高到每人 600 元？';
const question = '关于调整 2027 年会费使用办法的决议';

const panel = (page) => opened(page, /^(表决|Votes)$/);
const card = (page, words) => panel(page).getByRole('listitem').filter({ hasText: words }).first();
const press = (page, words, name) => card(page, words).getByRole('button', { name, exact: true }).click();

journey(
  'ballot',
  async ({ open, step }) => {
    const host = await open();
    const member = await open({ viewport: phone, deviceScaleFactor: 2, hasTouch: true });
    const guest = await open();
    const pages = [host, member, guest];
    const watched = pages.map((page) => watch(page));
    let someone;
    let meeting;

    /** Takes what is asked of them, from the line that says so. */
    const turnsTo = (page) => page.getByRole('status').getByRole('button', { name: '去处理' }).click();
    /** Begins to put something to the meeting. */
    const makes = async (page, kind) => {
      const button = panel(page).getByRole('button', { name: kind });
      const all = panel(page).getByText('发起', { exact: true });
      await all.waitFor();
      if (!(await button.isVisible())) await all.click();
      await button.click();
    };

    await step('three people are in a meeting', async () => {
      await signedIn(host, officer.Host, officer.Phone, '/healthz');
      someone = await newMember(host, member, officer.Body);
      meeting = await held(host, { title });
      await enters(host, addressOf(officer.Host, meeting));
      await enters(member, addressOf(officer.Host, meeting));
      await enters(guest, meeting.link, stranger);
    });

    await step('a poll with names: everybody is told who chose what', async () => {
      await host.keyboard.press('b');
      await makes(host, /^记名投票/);
      await panel(host).getByLabel('问题').fill(named);
      await panel(host).getByLabel('选项').fill('12 月 8 日（周二）\n12 月 10 日（周四）\n12 月 15 日（周二）');
      await panel(host).getByRole('button', { name: '发起' }).click();
      for (const [n, page] of pages.entries()) {
        if (page !== host) await turnsTo(page);
        await card(page, named)
          .getByRole('radio', { name: n === 1 ? /10 日/ : /8 日/ })
          .check();
        await press(page, named, '投票');
        await card(page, named).getByText('已投票，结束前可以改投').waitFor();
      }
      await sound(member, 'poll-phone');
      await card(host, named).getByText('3 / 3 人已投').waitFor();
      await press(host, named, '结束投票并公布结果');
      await card(guest, named).getByText('2 票 · 67%').waitFor();
      await card(guest, named).getByText('投票明细（3 人）').click();
      const row = card(guest, named).getByRole('listitem').filter({ hasText: someone.name });
      await row.getByText('12 月 10 日（周四）').waitFor();
      await sound(guest, 'poll-named');
    });

    await step('a poll without names: the others are not told, and the page says that it is no ballot', async () => {
      await makes(host, /^匿名显示的投票/);
      await panel(host).getByLabel('问题').fill(veiled);
      await panel(host).getByLabel('选项').fill('同意\n不同意');
      await panel(host).getByRole('button', { name: '发起' }).click();
      await card(member, veiled)
        .getByText(/不属于无记名表决/)
        .waitFor();
      for (const page of [host, member]) {
        await card(page, veiled).getByRole('radio', { name: '同意', exact: true }).check();
        await press(page, veiled, '投票');
      }
      await card(host, veiled).getByText('2 / 3 人已投').waitFor();
      await press(host, veiled, '结束投票并公布结果');
      await card(member, veiled).getByText('已投票的人（2 人）').click();
      const row = card(member, veiled).getByRole('listitem').filter({ hasText: officer.Name });
      await row.waitFor();
      assert.doesNotMatch(await row.textContent(), /同意/);
      await sound(member, 'poll-veiled-phone');
    });

    await step(
      'signing in: by a press, and by the code of the hall, also for a guest who is in the meeting',
      async () => {
        await makes(host, /^签到/);
        await panel(host).getByRole('button', { name: '发起' }).click();
        await press(member, '签到', '签到');
        await card(member, '签到').getByText('您已签到').waitFor();
        await press(host, '签到', '显示签到码');
        const shown = host.getByRole('dialog').getByRole('img');
        await shown.waitFor();
        await sound(host, 'sign-in-code');
        const scanned = await guest.context().newPage();
        await scanned.goto(await shown.getAttribute('aria-label'));
        await scanned.getByRole('heading', { name: '签到成功' }).waitFor();
        await scanned.getByText(title).waitFor();
        await scanned.close();
        await card(guest, '签到').getByText('您已签到').waitFor();
        // A browser in which nobody is in the meeting does not know who it is.
        const nobody = await open({ viewport: phone });
        await nobody.goto(await shown.getAttribute('aria-label'));
        await nobody.getByRole('heading', { name: '请先登录' }).waitFor();
        await sound(nobody, 'sign-in-who-phone');
        await nobody.close();
        await host.keyboard.press('Escape');
        await card(host, '签到')
          .getByText(/^2 人已签到，/)
          .waitFor();
        await press(host, '签到', '结束签到');
      },
    );

    await step('the host shows the list of voters, and opens the ballot', async () => {
      await makes(host, /^无记名表决/);
      await panel(host).getByLabel('问题').fill(question);
      await panel(host)
        .getByRole('checkbox', { name: new RegExp(stranger) })
        .check();
      await panel(host).getByLabel('监票人 1').selectOption({ label: officer.Name });
      await panel(host).getByLabel('监票人 2').selectOption({ label: someone.name });
      const next = panel(host).getByRole('button', { name: '下一步：公示名单' });
      await next.click();
      await panel(host).getByText('请确认人数很少时的风险').waitFor();
      await panel(host)
        .getByRole('checkbox', { name: /只有 3 人投票/ })
        .check();
      await sound(host, 'ballot-form');
      await next.click();
      await card(host, question).getByText(stranger).waitFor();
      await sound(host, 'ballot-list');
      await press(host, question, '名单无误，开始表决');
    });

    await step('everybody votes, and keeps a receipt', async () => {
      for (const [n, page] of pages.entries()) {
        await card(page, question)
          .getByRole('radio', { name: n === 2 ? '反对' : '赞成' })
          .check();
        if (page === member) await sound(page, 'ballot-open-phone');
        await press(page, question, '投出选票');
        await page.getByRole('dialog').getByRole('button', { name: '投出选票' }).click();
        await card(page, question).getByText('选票已送达').waitFor();
      }
      await sound(member, 'ballot-receipt-phone');
    });

    await step('both scrutineers confirm the closing, then the count', async () => {
      await press(host, question, '停止投票');
      for (const page of [host, member]) {
        await press(page, question, '监票人确认截止');
        if (page === member) await sound(page, 'ballot-closing-phone');
        await page.getByRole('dialog').getByRole('button', { name: '监票人确认截止' }).click();
      }
      for (const page of [host, member]) await press(page, question, '监票人确认开票');
      for (const page of pages) {
        await card(page, question).getByText('通过', { exact: true }).waitFor();
        await card(page, question).getByText('您的选票已计入').waitFor();
      }
      await sound(host, 'ballot-result');
      await sound(member, 'ballot-result-phone');
    });

    await step('the elder version is larger, and fits a phone', async () => {
      await member.evaluate(() => localStorage.setItem('gonghui.elder', 'on'));
      await member.reload();
      await sound(member, 'ballot-door-phone-elder');
      await member.getByRole('button', { name: '加入会议' }).click();
      await bar(member).waitFor();
      const buttons = await bar(member)
        .getByRole('button')
        .evaluateAll((all) => all.map((one) => [one.offsetWidth, one.offsetHeight]));
      assert.ok(
        buttons.every(([wide, high]) => wide >= 60 && high >= 60),
        JSON.stringify(buttons),
      );
      await sound(member, 'ballot-bar-phone-elder');
      await bar(member).getByRole('button', { name: '表决' }).click();
      await card(member, question).getByText('您的选票已计入').waitFor();
      await sound(member, 'ballot-result-phone-elder');
    });

    await step('in the dark and in English it is the same', async () => {
      await guest.evaluate(() => {
        localStorage.setItem('gonghui.locale', 'en');
        localStorage.setItem('gonghui.mode', 'dark');
      });
      await guest.reload();
      await guest.getByRole('button', { name: 'Join', exact: true }).click();
      await guest.getByRole('navigation', { name: 'In this meeting' }).waitFor();
      await guest.keyboard.press('b');
      await card(guest, question).getByText('Your ballot was counted').waitFor();
      await sound(guest, 'ballot-result-dark-en');
    });

    await step('the console has the sheet', async () => {
      await host.goto(at(officer.Host, `/console/meetings/${meeting.id}/votes`));
      await host.getByRole('heading', { name: question }).waitFor();
      await settle(host);
      await host.screenshot({ path: shotPath('ballot-sheet'), fullPage: true });
      assert.deepEqual(await accessible(host), []);
    });

    await step('nothing went wrong behind the pages', async () => {
      for (const { quiet } of watched) quiet();
    });
  },
  cameras,
);
