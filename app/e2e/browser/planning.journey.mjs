// Meetings before and after they are held: planned with a room, a group, another body and every week; a member on a phone is reminded and
// sends a colleague; one date is moved and one called off; supervision counts what was held.
import assert from 'node:assert/strict';
import { newMember } from './lib/enrol.mjs';
import { accessible, overlaps, settle, sideways, watch } from './lib/look.mjs';
import { bar, cameras, press } from './lib/meeting.mjs';
import { account, at, desktop, journey, phone, send, shotPath, signedIn } from './lib/world.mjs';

const admin = account('admin', '440103');
const officer = account('officer', '440103');
const city = account('admin', '440100');
const supervisor = account('supervisor', '000000');

/** A day so many days from today in Asia/Shanghai, YYYY-MM-DD. */
const day = (from) => new Date(Date.now() + (8 + 24 * from) * 3_600_000).toISOString().slice(0, 10);

const granted = ({ code, body }) => {
  assert.equal(code, 200, JSON.stringify(body));
  return body;
};

/** What every page keeps to, and its picture. */
async function seen(page, name) {
  await settle(page);
  await page.screenshot({ path: shotPath(name) });
  assert.deepEqual(await accessible(page), []);
  assert.deepEqual(await overlaps(page), []);
  assert.equal(await sideways(page), 0);
}

const plain = { locale: 'zh', mode: 'light', elder: 'off' };
const looks = {
  'en-dark': { locale: 'en', mode: 'dark', elder: 'off' },
  elder: { locale: 'zh', mode: 'light', elder: 'on' },
};

/** Draws the page anew in another language, light or dark, or in the version for the elderly. */
async function dressed(page, look) {
  await page.evaluate((all) => {
    for (const [key, value] of Object.entries(all)) localStorage.setItem(`gonghui.${key}`, value);
  }, look);
  await page.reload();
}

/** Chooses in a select of the form by its label. */
async function choose(page, form, label, words) {
  const field = form.getByLabel(label, { exact: true });
  await field.click();
  if (await field.isEditable()) await field.fill(words);
  await page.locator('.ant-select-item-option').filter({ hasText: words, visible: true }).first().click();
  await field.blur(); // its list would lie over what comes next
}

journey(
  'planning',
  async ({ open, step }) => {
    const desk = await open();
    const chief = await open({ viewport: desktop });
    const hand = await open({ viewport: phone, deviceScaleFactor: 2, hasTouch: true });
    const watched = [desk, chief, hand].map((page) => watch(page));
    const mark = String(Date.now()).slice(-6);
    const room = `三楼会议室 ${mark}`;
    const title = `全区工会组织建设周例会 ${mark}`;
    const monday = day(7);
    let member;
    let colleague;
    let group;
    let weekly;

    await step('an administrator adds a room', async () => {
      await signedIn(chief, admin.Host, admin.Phone, '/console/meetings/rooms');
      await chief.getByRole('button', { name: '添加会议室' }).first().click();
      const form = chief.getByRole('dialog');
      await form.getByLabel('名称').fill(room);
      await form.getByLabel('位置').fill('职工之家 3 楼 302');
      await form.getByLabel('座位数').fill('24');
      await form.getByLabel('设备').fill('投影、视频会议终端');
      await form.getByRole('button', { name: '保存' }).click();
      await chief.getByText(room).first().waitFor();
      await seen(chief, 'planning-rooms');
      group = granted(await send(chief, 'POST', '/v1/access/groups', { name: `组织部 ${mark}` }));
      const me = granted(await send(chief, 'GET', '/v1/me'));
      granted(
        await send(chief, 'POST', `/v1/access/groups/${group.id}/members`, {
          id: group.id,
          identityId: me.place.identityId,
        }),
      );
      // The room is taken on the second of the dates that the officer is about to plan.
      const plan = { title: '党组会', minutes: 60, openTo: 'invited' };
      const { places } = granted(await send(chief, 'GET', `/v1/meetingPlaces?query=${mark}`));
      granted(
        await send(chief, 'POST', '/v1/meetings', {
          plan: { ...plan, startsAt: `${day(14)}T06:30:00Z`, placeId: places[0].id },
        }),
      );
    });

    await step(
      'an officer plans every week, with a room, a group and another body, and hears of the date that is taken',
      async () => {
        await signedIn(desk, officer.Host, officer.Phone, '/healthz');
        member = await newMember(desk, hand, officer.Body);
        colleague = await newMember(desk, await open(), officer.Body);
        await desk.goto(at(officer.Host, '/console/meetings'));
        await desk.getByRole('button', { name: '预约会议' }).first().click();
        const form = desk.getByRole('dialog');
        await form.getByLabel('会议主题').fill(title);
        await form.getByLabel('开始时间').fill('14:00');
        await form.getByText('仅受邀的人').click();
        await choose(desk, form, '重复', '按周');
        await form.getByLabel('共几次').fill('4');
        await choose(desk, form, '会议室', room);
        await choose(desk, form, '受邀人', member.name);
        await choose(desk, form, '受邀群组', group.name);
        await choose(desk, form, '受邀单位', '广州市总工会');
        await form.getByLabel('日期', { exact: true }).fill(monday);
        await form.getByLabel('日期', { exact: true }).press('Tab');
        await form.getByRole('button', { name: '预约', exact: true }).click();
        await form.getByText(`“${room}”已被预订：${day(14).slice(5)} 14:30–15:30 ${admin.Name}`).waitFor();
        await form.getByText('这些日期只开线上').scrollIntoViewIfNeeded();
        await settle(desk);
        await desk.screenshot({ path: shotPath('planning-form-taken') });
        assert.deepEqual(await accessible(desk), []);
        await form.getByText('这些日期只开线上').click();
        await form.getByRole('button', { name: '预约', exact: true }).click();
        await desk.getByRole('heading', { name: '会议信息' }).waitFor();
        weekly = desk.url().match(/meetings\/([0-9a-f-]+)/)[1];
        await desk.getByText(`${room} · 职工之家 3 楼 302`, { exact: true }).waitFor();
        await seen(desk, 'planning-drawer');
        await desk.goto(at(officer.Host, `/console/meetings/rooms/day?day=${monday}`));
        await desk.getByRole('region', { name: room }).getByText(title).waitFor();
        await seen(desk, 'planning-rooms-day');
        await desk.setViewportSize(phone);
        await seen(desk, 'planning-rooms-day-phone');
        await desk.setViewportSize(desktop);
      },
    );

    await step('the other body has it in its calendar', async () => {
      const there = await open();
      await signedIn(there, city.Host, city.Phone, `/console/meetings/calendar?day=${monday}`);
      const entry = there.getByRole('listitem').filter({ hasText: title });
      for (let n = 0; (await entry.count()) === 0; n++) {
        assert.ok(n < 20, 'the other body is not told');
        await there.waitForTimeout(500);
        await there.reload();
        await settle(there);
      }
      await entry.getByText(room).waitFor();
      await there.close();
    });

    await step('a member is reminded on the phone, puts it away, and sends a colleague', async () => {
      const plan = { title: `碰头会 ${mark}`, minutes: 30, openTo: 'invited', reminding: { before: [30] } };
      const { people } = granted(
        await send(desk, 'GET', `/v1/meetings:invitable?query=${encodeURIComponent(member.name)}`),
      );
      plan.invitees = [{ identityId: people.find((one) => one.name === member.name).identityId, role: 'speaker' }];
      plan.startsAt = new Date(Date.now() + 20 * 60_000).toISOString();
      const { id } = granted(await send(desk, 'POST', '/v1/meetings', { plan }));
      await hand.goto(at(officer.Host, '/'));
      const banner = hand.getByRole('region', { name: `会议提醒：${plan.title}` });
      await banner.getByRole('link', { name: `入会：${plan.title}` }).waitFor();
      await seen(hand, 'planning-reminder-phone');
      for (const [name, look] of Object.entries(looks)) {
        await dressed(hand, look);
        await hand.locator('.reminder').waitFor();
        await seen(hand, `planning-reminder-phone-${name}`);
      }
      await dressed(hand, plain);
      await desk.goto(at(officer.Host, '/console/members'));
      await desk.getByRole('region', { name: `会议提醒：${plan.title}` }).waitFor();
      await seen(desk, 'planning-reminder');
      await banner.getByRole('button', { name: '知道了' }).click();
      await banner.waitFor({ state: 'detached' });
      await hand.reload();
      await hand.getByRole('link', { name: '近期会议' }).click();
      const card = hand.getByRole('article').filter({ hasText: plan.title });
      await card.getByRole('radio', { name: '委托他人' }).click();
      const ask = hand.getByRole('dialog');
      await ask.getByLabel('同事姓名（写全名）').fill(colleague.name);
      await ask.getByRole('button', { name: '查找' }).click();
      await ask.getByText(`${colleague.name} · 会员`).waitFor();
      await seen(hand, 'planning-substitute-phone');
      await ask.getByRole('button', { name: '提交' }).click();
      await card.getByText('您已委托同事参加').waitFor();
      await seen(hand, 'planning-answers-phone');
      await desk.goto(at(officer.Host, `/console/meetings/${id}`));
      await desk.getByText(`委托 ${colleague.name}`).waitFor();
      granted(await send(desk, 'POST', `/v1/meetings/${id}:cancel`, { id }));
    });

    await step('one date is moved and one called off, and the calendar file says so', async () => {
      const { entries } = granted(await send(desk, 'GET', `/v1/meetings:calendar?from=${monday}&to=${day(35)}`));
      const [, second, third] = entries.filter((one) => one.title === title);
      await desk.goto(at(officer.Host, `/console/meetings/${second.id}`));
      const drawer = desk.getByRole('dialog').first();
      await drawer.getByRole('button', { name: '修改' }).click();
      const form = desk.getByRole('dialog').last();
      await form.getByLabel('开始时间').fill('16:00');
      await form.getByRole('button', { name: '保存' }).click();
      await desk.getByText('会议已修改').waitFor();
      await desk.goto(at(officer.Host, `/console/meetings/${third.id}`));
      await desk.getByRole('button', { name: '取消会议', exact: true }).click();
      await desk.getByRole('dialog').last().getByRole('button', { name: '取消会议' }).click();
      await desk.getByText('会议已取消').first().waitFor();
      const file = await desk.evaluate(
        async (id) => (await (await fetch(`/v1/meetings/${id}/invitation.ics`)).text()).replace(/\r\n[ \t]/g, ''),
        weekly,
      );
      const stamp = (on, time) => `${on.replaceAll('-', '')}T${time}`;
      assert.match(file, /RRULE:FREQ=WEEKLY;.*COUNT=4/);
      assert.ok(file.includes(`SUMMARY:${title}`), file);
      assert.ok(file.includes(`${room} · 职工之家 3 楼 302`), file);
      assert.match(file, new RegExp(`EXDATE[^:]*:${stamp(day(21), '(14|06)0000')}`));
      assert.match(file, new RegExp(`RECURRENCE-ID[^:]*:${stamp(day(14), '(14|06)0000')}`));
      assert.match(file, new RegExp(`DTSTART[^:]*:${stamp(day(14), '(16|08)0000')}`));
    });

    await step('a meeting that was held is counted, and supervision finds it below', async () => {
      const over = await open();
      await signedIn(over, supervisor.Host, supervisor.Phone, '/b/440100?metric=meeting.held');
      const row = over.getByRole('row').filter({ has: over.getByRole('link', { name: /荔湾区总工会$/ }) });
      const count = async () => Number((await row.getByRole('cell').nth(1).innerText()).replaceAll(',', ''));
      await row.waitFor();
      await settle(over);
      const before = await count();
      const { page, id } = granted(
        await send(desk, 'POST', '/v1/meetings', {
          plan: { title: `点验会 ${mark}`, minutes: 30, openTo: 'body' },
          instant: true,
        }),
      );
      await desk.goto(page);
      await desk.getByRole('button', { name: '加入会议' }).click();
      await bar(desk).waitFor();
      await press(desk, '结束');
      await desk.getByRole('dialog').getByRole('button', { name: '结束会议' }).click();
      await desk.getByRole('heading', { name: '会议已结束' }).waitFor();
      await desk.goto(at(officer.Host, `/console/meetings/${id}`));
      await desk
        .getByText(/加入，\d\d:\d\d 离开/)
        .first()
        .waitFor();
      for (let n = 0; (await count()) !== before + 1; n++) {
        assert.ok(n < 40, `${before} meetings held, and ${await count()} after another`);
        await over.waitForTimeout(500);
      }
      await over.getByRole('region', { name: '指标' }).getByText('召开会议', { exact: true }).waitFor();
      await seen(over, 'planning-hq');
      await row.getByRole('link', { name: /荔湾区总工会$/ }).click();
      await over.getByRole('region', { name: '指标' }).getByText('参会人次', { exact: true }).waitFor();
      await over.close();
    });

    await step('nothing went wrong behind the pages', async () => {
      for (const { quiet } of watched) quiet();
    });
  },
  cameras,
);
