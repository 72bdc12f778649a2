// What was done, as the audit administrator, a supervisor and a member see it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { accessible, settle, sideways } from './lib/look.mjs';
import { account, at, journey, phone, send, shotPath, signedIn } from './lib/world.mjs';

const auditor = account('audit_admin', '440000');
const nation = account('audit_admin', '000000');
const other = account('system_admin', '440000');
const member = account('member', '440103');
const supervisor = account('supervisor', '000000');

const pages = { trail: '/console/audit/trail', list: '/console/audit' };

journey('audit', async ({ open, step }) => {
  const desk = await open({ acceptDownloads: true });
  const fine = async (page, name) => {
    await settle(page);
    await page.screenshot({ path: shotPath(name) });
    assert.deepEqual(await accessible(page), []);
    assert.equal(await sideways(page), 0);
  };

  await step('a refusal is on record', async () => {
    const page = await open();
    await signedIn(page, other.Host, other.Phone, '/console/');
    assert.equal((await send(page, 'PUT', '/v1/audit/policy', { months: 12 })).code, 403);
    await page.close();
  });

  await step('the audit administrator finds it, and opens it', async () => {
    await signedIn(desk, auditor.Host, auditor.Phone, pages.list);
    await desk.getByRole('heading', { name: '审计', level: 1 }).waitFor();
    await desk.goto(at(auditor.Host, `${pages.list}?result=refused`));
    await desk.getByRole('cell', { name: '操作被拒绝' }).first().waitFor();
    await fine(desk, 'audit-list');
    await desk.locator('a.row-link').first().click();
    const drawer = desk.getByRole('dialog');
    await drawer.getByText('与封存时一致').waitFor();
    await drawer.getByText('audit.policy').first().waitFor();
    await fine(desk, 'audit-act');
    await desk.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
  });

  await step('the chain is checked, also against a head that was noted down', async () => {
    await desk.getByRole('link', { name: '封存与校验' }).click();
    const head = await desk.getByLabel('当前摘要').inputValue();
    // A button that turns takes no second press.
    const check = async (against) => {
      await desk.getByLabel('以前保存的摘要（选填）').fill(against);
      await settle(desk);
      await desk.getByRole('button', { name: '开始校验' }).click();
    };
    const whole = desk.locator('.audit-rows .badge-good').filter({ hasText: /^完好：/ });
    await settle(desk);
    const before = await whole.count();
    await check('');
    await whole.nth(before).waitFor();
    await check(head);
    await whole.nth(before + 1).waitFor();
    await check('12:34');
    await desk.getByText('这不是本系统给出的摘要，请完整粘贴').first().waitFor();
    await fine(desk, 'audit-trail');
  });

  await step('how long the trail is kept can be set, within the law', async () => {
    await desk.getByLabel('保存月数').fill('24');
    await desk.getByRole('button', { name: '保存', exact: true }).click();
    await desk.getByText('已保存').first().waitFor();
    await desk.reload();
    assert.equal(await desk.getByLabel('保存月数').inputValue(), '24');
  });

  await step('the export says who took it and what for', async () => {
    await desk.goto(at(auditor.Host, pages.list));
    await desk.getByRole('button', { name: '导出', exact: true }).click();
    const form = desk.getByRole('dialog');
    await form.getByRole('button', { name: '导出', exact: true }).click();
    await form.getByText('请填写 2 至 100 个字').waitFor();
    await form.getByLabel('用途').fill('年度审计');
    const [file] = await Promise.all([
      desk.waitForEvent('download'),
      form.getByRole('button', { name: '导出', exact: true }).click(),
    ]);
    const text = readFileSync(await file.path(), 'utf8');
    assert.match(text.split('\n')[0], /年度审计/);
    assert.match(text, /设定审计记录保存期限/);
  });

  await step('on a phone', async () => {
    await desk.setViewportSize(phone);
    await desk.goto(at(auditor.Host, pages.list));
    await desk.locator('a.row-link').first().waitFor();
    await fine(desk, 'audit-list-phone');
    await desk.goto(at(auditor.Host, pages.trail));
    await desk
      .getByText(/^完好：/)
      .first()
      .waitFor();
    await fine(desk, 'audit-trail-phone');
    await desk.goto(at(auditor.Host, '/console/records'));
    await desk.getByText('导出审计记录').first().waitFor();
    await fine(desk, 'audit-own-phone');
  });

  await step('the audit administrator of the nation says how long the shared trail is kept', async () => {
    const page = await open();
    await signedIn(page, 'hq', nation.Phone, '/audit/trail');
    await page.getByLabel('保存月数').fill('60');
    await page.getByText(/^未归档的最早一条记录写于 .*按此期限，20.* 之后的凌晨 04:00 开始归档。$/).waitFor();
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByText('已保存').first().waitFor();
    await page.reload();
    await page.getByLabel('保存月数').waitFor();
    assert.equal(await page.getByLabel('保存月数').inputValue(), '60');
    await fine(page, 'audit-trail-hq');
    await page.setViewportSize(phone);
    await fine(page, 'audit-trail-hq-phone');
    await page.close();
  });

  await step('a supervisor of the nation sees it and cannot set it', async () => {
    const page = await open();
    await signedIn(page, supervisor.Host, supervisor.Phone, '/audit/trail');
    await page.getByRole('heading', { name: '归档文件' }).waitFor();
    assert.equal(await page.getByLabel('保存月数').count(), 0);
    assert.equal((await send(page, 'PUT', '/v1/audit/policy', { months: 12 })).code, 403);
    await page.close();
  });

  await step('the supervisor sees what was done above the bodies below', async () => {
    const page = await open();
    await signedIn(page, supervisor.Host, supervisor.Phone, '/audit');
    await page.getByRole('heading', { name: '审计', level: 1 }).waitFor();
    await page.getByRole('cell', { name: '设定审计记录保存期限' }).first().waitFor();
    await fine(page, 'audit-hq');
    await page.getByRole('link', { name: '我的操作记录' }).click();
    await page.getByText('登录', { exact: true }).first().waitFor();
    await page.close();
  });

  await step('a member sees the own records', async () => {
    const page = await open({ viewport: phone });
    await signedIn(page, member.Host, member.Phone, '/me');
    await page.getByRole('link', { name: '我的记录' }).click();
    await page.getByRole('heading', { name: '我的记录' }).waitFor();
    await page.locator('.records .row').first().waitFor();
    await fine(page, 'audit-member');
    await page.close();
  });
});
