// Agenda and papers of a meeting: planned by an officer, seen by whom they are for before and in the meeting, followed item by item; files
// go to and fro in the chat; the minutes begin with the agenda.
import assert from 'node:assert/strict';
import { newMember } from './lib/enrol.mjs';
import { settle, watch } from './lib/look.mjs';
import { cameras, enters, panel, press, sound } from './lib/meeting.mjs';
import { account, at, desktop, journey, phone, send, shotPath, signedIn } from './lib/world.mjs';

const officer = account('officer', '440103');

/** A page that says something, as a PDF. */
function sheet(text) {
  const stream = `BT /F1 28 Tf 72 700 Td (${text}) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${stream.length}>>\nstream\n${stream}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  let out = '%PDF-1.4\n';
  const at = objects.map((body, i) => {
    const from = out.length;
    out += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return from;
  });
  const table = out.length;
  const rows = at.map((from) => `${String(from).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(
    `${out}xref\n0 6\n0000000000 65535 f \n${rows}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`,
  );
}

/** Waits until something is drawn on the canvas of a page of a PDF: there is ink. */
const drawn = (page) =>
  page.waitForFunction(() => {
    const canvas = document.querySelector('.viewer-page canvas');
    if (!canvas?.width) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, i) => i % 4 === 0 && value < 100 && data[i + 3] > 200);
  });

/** Chooses a file in the input that a selector finds. */
const pick = (page, input, file, mimeType) => page.locator(input).setInputFiles({ ...file, mimeType });

journey(
  'papers',
  async ({ open, step }) => {
    const host = await open();
    const member = await open({ viewport: phone, deviceScaleFactor: 2, hasTouch: true });
    const guest = await open({ viewport: { width: 1000, height: 700 }, look: { mode: 'dark' } });
    const { quiet } = watch(host);
    const title = '2026 年度预算与女职工工作专题会';
    let who;
    let meeting;

    await step('an officer plans a meeting with two items', async () => {
      await signedIn(host, officer.Host, officer.Phone, '/healthz');
      who = await newMember(host, member, officer.Body);
      await host.goto(at(officer.Host, '/console/meetings'));
      await host.getByRole('button', { name: '预约会议' }).first().click();
      const form = host.getByRole('dialog');
      await form.getByLabel('会议主题').fill(title);
      await form.getByText('任何人，访客凭链接').click();
      await form.getByRole('button', { name: '添加一项' }).click();
      await form.getByLabel('第 1 项的名称').fill('女职工工作汇报');
      await form.getByRole('button', { name: '添加一项' }).click();
      await form.getByLabel('第 2 项的名称').fill('审议 2026 年度预算');
      await form.getByLabel('第 2 项的时长').fill('15');
      await form.getByRole('button', { name: '上移第 2 项' }).press('Enter');
      await form.getByLabel('受邀人').fill(who.name);
      await settle(host);
      await host.locator('.ant-select-item-option').filter({ hasText: who.name, visible: true }).first().click();
      await form.getByText(who.name).first().waitFor();
      // What was chosen from lies over the form until something else is pressed.
      await form.getByLabel('会议主题').click();
      await sound(host, 'papers-plan');
      await form.getByRole('button', { name: '预约', exact: true }).click();
      const detail = host.getByRole('dialog');
      await detail.getByRole('heading', { name: '议程与材料' }).waitFor();
      const titles = detail.locator('.agenda-list .row-name');
      await titles.first().waitFor();
      assert.deepEqual(await titles.allTextContents(), ['审议 2026 年度预算', '女职工工作汇报']);
      [meeting] = (await send(host, 'GET', `/v1/meetings?query=${encodeURIComponent(title)}`)).body.meetings;
    });

    await step('and changes the agenda, of which nothing gets lost', async () => {
      await host.getByRole('button', { name: '修改议程' }).click();
      const form = host.getByRole('dialog').filter({ hasText: '按顺序填写' });
      await form.getByLabel('第 2 项的名称').waitFor();
      await settle(host);
      const held = (label) => form.getByLabel(label).inputValue();
      assert.equal(await held('第 1 项的名称'), '审议 2026 年度预算');
      assert.equal(await held('第 1 项的时长'), '15');
      assert.equal(await held('第 2 项的名称'), '女职工工作汇报');
      await form.getByLabel('第 2 项的说明').fill('汇报不超过二十分钟');
      await form.getByRole('button', { name: '保存', exact: true }).click();
      await host.getByText('汇报不超过二十分钟').waitFor();
      await form.waitFor({ state: 'hidden' });
    });

    await step('a paper for one person, and one for everybody', async () => {
      const add = async (file, mimeType, fill) => {
        await host.getByRole('button', { name: '添加材料' }).click();
        const form = host.getByRole('dialog').filter({ hasText: '谁可以查看' }).last();
        await pick(host, '.ant-drawer input[type=file]', file, mimeType);
        await fill(form);
        await form.getByRole('button', { name: '上传', exact: true }).click();
        await host.getByRole('link', { name: file.name }).waitFor();
      };
      await add({ name: '预算草案.pdf', buffer: sheet('BUDGET 2026') }, 'application/pdf', async (form) => {
        await form.getByText('指定的受邀人').click();
        await form.getByLabel('可以查看的人').fill(who.name);
        await host.locator('.ant-select-item-option').filter({ hasText: who.name }).last().click();
        await form.getByLabel('材料名称').click();
        await form.getByRole('switch', { name: '允许下载' }).click();
        await sound(host, 'papers-add');
      });
      await add({ name: '会场平面图.png', buffer: await host.screenshot() }, 'image/png', async () => {});
      await settle(host);
      await sound(host, 'papers-detail');
    });

    await step('a member reads the paper on the phone, under their own name, before the meeting', async () => {
      await member.goto(at(officer.Host, '/meetings'));
      const card = member.locator('article').filter({ hasText: title });
      await card.getByRole('button', { name: '议程与材料' }).click();
      await card.getByText('审议 2026 年度预算').waitFor();
      await sound(member, 'papers-member-phone');
      await card.getByRole('link', { name: '预算草案.pdf' }).click();
      await drawn(member);
      assert.equal(await member.getByRole('button', { name: '下载' }).count(), 0);
      await member.locator('.viewer-sheet > [aria-hidden=true]').waitFor({ state: 'attached' });
      await sound(member, 'papers-viewer-phone');
    });

    await step('in the meeting a guest sees what is for all, and no sign of the rest', async () => {
      const { link } = (await send(host, 'GET', `/v1/meetings/${meeting.id}`)).body;
      await enters(host, meeting.page);
      await enters(member, meeting.page);
      await enters(guest, link, '访客江晓岚');
      for (const page of [host, member, guest]) {
        await press(page, '更多');
        await page.getByRole('menuitem', { name: '议程' }).click();
        await panel(page, '议程').getByText('会场平面图.png').waitFor();
      }
      await panel(member, '议程').getByText('预算草案.pdf').waitFor();
      assert.equal(await panel(guest, '议程').getByText('预算草案').count(), 0);
      await sound(member, 'papers-panel-phone');
      await panel(guest, '议程')
        .getByRole('button', { name: /会场平面图/ })
        .click();
      await guest.locator('.viewer-sheet img').waitFor();
      await guest.waitForFunction(() => document.querySelector('.viewer-sheet img')?.naturalWidth > 0);
      await sound(guest, 'papers-picture-dark');
      await guest.keyboard.press('Escape');
    });

    await step('the host moves the meeting on, and everybody sees it', async () => {
      await panel(host, '议程').getByRole('button', { name: '开始第一项' }).click();
      for (const page of [host, guest]) await panel(page, '议程').getByText('剩余 14:', { exact: false }).waitFor();
      await sound(host, 'papers-running');
      await guest.keyboard.press('Escape');
      await guest.getByText('议程 1/2').waitFor();
      await panel(host, '议程').getByRole('button', { name: '下一项' }).click();
      await guest.getByText('议程 2/2').waitFor();
      await guest.getByText('女职工工作汇报').waitFor();
      await sound(guest, 'papers-line-dark');
    });

    await step('a file goes to the other side, and one comes back', async () => {
      await press(guest, '聊天');
      await panel(guest, '聊天').getByRole('button', { name: '发送文件' }).waitFor();
      await pick(
        guest,
        '.chat input[type=file]',
        { name: '现场照片.png', buffer: await guest.screenshot() },
        'image/png',
      );
      await press(host, '聊天');
      await panel(host, '聊天')
        .getByRole('button', { name: /现场照片\.png/ })
        .waitFor();
      await host.waitForFunction(() => document.querySelector('.file-preview img')?.naturalWidth > 0);
      await pick(host, '.chat input[type=file]', { name: '答复.pdf', buffer: sheet('REPLY') }, 'application/pdf');
      await panel(guest, '聊天')
        .getByRole('button', { name: /答复\.pdf/ })
        .click();
      await drawn(guest);
      const [download] = await Promise.all([
        guest.waitForEvent('download'),
        guest.getByRole('button', { name: '下载' }).click(),
      ]);
      assert.equal(download.suggestedFilename(), '答复.pdf');
      await guest.keyboard.press('Escape');
      await sound(host, 'papers-chat');
      await pick(
        guest,
        '.chat input[type=file]',
        { name: '通知.pdf', buffer: Buffer.from('<html></html>') },
        'application/pdf',
      );
      await panel(guest, '聊天').getByText('只接受 PDF').waitFor();
      await sound(guest, 'papers-refused-dark');
      await press(host, '成员');
      await panel(host, '成员').getByLabel('谁可以发送文件').selectOption({ label: '访客除外' });
      await panel(guest, '聊天').getByRole('button', { name: '发送文件' }).waitFor({ state: 'detached' });
    });

    await step('the draft of the minutes has the items as headings', async () => {
      await press(host, '结束');
      await host.getByRole('dialog').getByRole('button', { name: '结束会议' }).click();
      await host.getByRole('heading', { name: '会议已结束' }).waitFor();
      await host.setViewportSize(desktop);
      await host.goto(at(officer.Host, `/console/meetings?state=past&q=${encodeURIComponent(title)}`));
      await host.getByRole('link', { name: title }).first().click();
      const detail = host.getByRole('dialog');
      await detail.getByRole('link', { name: /答复\.pdf/ }).waitFor();
      await detail.getByRole('button', { name: '生成草稿' }).click();
      await host.getByRole('dialog').last().getByRole('button', { name: '生成', exact: true }).click();
      const text = await host.getByRole('textbox', { name: '会议纪要' }).inputValue();
      assert.match(text, /# 一、审议 2026 年度预算\n# 二、女职工工作汇报/);
      await host.screenshot({ path: shotPath('papers-minutes') });
      quiet();
    });
  },
  cameras,
);
