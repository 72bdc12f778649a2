// The accounts of a body, its three administrators, and two accounts that become one.
import assert from 'node:assert/strict';
import { accessible, settle, sideways, watch } from './lib/look.mjs';
import { mobile } from './lib/people.mjs';
import { account, at, codeFor, journey, phone, send, sendSolved, shotPath, signedIn } from './lib/world.mjs';

const county = '440103';
const secret = 'zhanghao-2026-Gh';

journey('accounts', async ({ open, step }) => {
  const admin = await open();
  const { quiet } = watch(admin);
  const first = mobile();
  const second = mobile();

  /** Invites a phone and accepts in a browser of its own. */
  const officer = async (number, name) => {
    const made = await send(admin, 'POST', '/v1/invitations', { name, phone: number, role: 'officer' });
    assert.equal(made.code, 200, JSON.stringify(made.body));
    const page = await open();
    await page.goto(at(county, '/healthz'));
    const token = new URL(made.body.url).searchParams.get('token');
    const reply = await send(page, 'POST', '/v1/invitations:accept', { token, password: secret });
    assert.equal(reply.code, 200, JSON.stringify(reply.body));
    return page;
  };
  const tries = (page, number) => sendSolved(page, 'POST', '/v1/session:signIn', { phone: number, password: secret });

  await step('an administrator sees who can come in', async () => {
    await signedIn(admin, county, account('admin', county).Phone, '/console/accounts');
    await admin.getByRole('heading', { name: '账号', exact: true }).waitFor();
    await admin.getByRole('heading', { name: '三员' }).waitFor();
    await settle(admin);
    await admin.screenshot({ path: shotPath('accounts') });
    assert.deepEqual(await accessible(admin), []);
  });

  await step('locked, an officer is out; unlocked, in again', async () => {
    const out = await officer(first, '周重名');
    await admin.reload();
    await admin.getByLabel('查找账号').fill(first);
    await admin.getByRole('link', { name: '周重名' }).click();
    const drawer = admin.getByRole('dialog').first();
    await drawer.getByRole('button', { name: '锁定' }).click();
    const lock = admin.getByRole('dialog', { name: '锁定周重名' });
    await lock.getByLabel('原因').fill('停职检查');
    await lock.getByRole('button', { name: '锁定' }).click();
    await admin.getByText('已锁定周重名').waitFor();
    assert.equal((await send(out, 'GET', '/v1/me')).code, 401);
    assert.equal((await tries(out, first)).body.reason, 'SIGN_IN_REFUSED');
    await settle(admin);
    await admin.screenshot({ path: shotPath('accounts-locked') });
    assert.deepEqual(await accessible(admin), []);
    await drawer.getByRole('button', { name: '解锁' }).click();
    await admin.getByText('已解锁周重名').waitFor();
    const reply = await tries(out, first);
    assert.equal(reply.code, 200, JSON.stringify(reply.body));
  });

  await step('a duty is not given to who does business', async () => {
    await admin.goto(at(county, '/console/accounts'));
    await admin.getByRole('button', { name: '邀请登录' }).first().click();
    const form = admin.getByRole('dialog');
    await form.getByLabel('姓名').fill('周重名');
    await form.getByLabel('手机号').fill(first);
    await form.getByRole('radio', { name: /审计管理员/ }).check();
    await form.getByRole('button', { name: /生成/ }).click();
    await form.getByText('须由不同的人担任').waitFor();
  });

  await step('the page fits a phone, in English and at night', async () => {
    const small = await open({ viewport: phone, look: { locale: 'en', mode: 'dark' } });
    await signedIn(small, county, account('admin', county).Phone, '/console/accounts');
    await small.getByRole('heading', { name: 'Accounts', exact: true }).waitFor();
    await settle(small);
    await small.screenshot({ path: shotPath('accounts-phone-en-dark') });
    assert.equal(await sideways(small), 0);
    assert.deepEqual(await accessible(small), []);
  });

  await step('a system administrator sees only what is his', async () => {
    const page = await open();
    await signedIn(page, '440000', account('system_admin', '440000').Phone, '/console/');
    const menu = page.getByRole('navigation').first();
    await menu.getByRole('link', { name: '账号' }).waitFor();
    assert.equal(await menu.getByRole('link', { name: '会员' }).count(), 0);
    await settle(page);
    await page.screenshot({ path: shotPath('system-administrator') });
    assert.deepEqual(await accessible(page), []);
  });

  await step('two accounts of one person become one, and two again', async () => {
    await officer(second, '周重名');
    const hq = await open();
    const behind = watch(hq);
    await signedIn(hq, 'hq', account('system_admin', '000000').Phone, '/');
    await hq.getByRole('heading', { name: '重复账号', exact: true }).waitFor();
    await hq.getByRole('button', { name: '合并两个账号' }).first().click();
    const form = hq.getByRole('dialog');
    await form.getByLabel('保留的手机号').fill(first);
    await form.getByLabel('并入的手机号').fill(second);
    await form.getByLabel('原因').fill('本人换号，两个账号');
    await form.getByRole('button', { name: '查找' }).click();
    await hq.getByRole('region', { name: '保留的账号' }).waitFor();
    assert.ok(await hq.getByRole('button', { name: '合并', exact: true }).isDisabled());
    const prove = hq.getByRole('dialog', { name: '验证手机' });
    for (const [side, number] of [
      ['保留的账号', first],
      ['并入的账号', second],
    ]) {
      await hq.getByRole('button', { name: `验证手机 ${side}` }).click();
      await prove.getByRole('button', { name: '发送验证码' }).click();
      await prove.getByRole('button', { name: /重新发送/ }).waitFor();
      await prove.getByLabel('验证码', { exact: true }).fill(await codeFor(hq, number, 'merge'));
      await prove.getByRole('button', { name: '验证手机' }).click();
      await prove.waitFor({ state: 'hidden' });
      await hq.getByRole('button', { name: `验证手机 ${side}` }).waitFor({ state: 'detached' });
    }
    await settle(hq);
    await hq.screenshot({ path: shotPath('merge-proved') });
    assert.deepEqual(await accessible(hq), []);
    await hq.getByRole('button', { name: '合并', exact: true }).click();
    const over = (words) => hq.getByRole('dialog').filter({ hasText: words });
    await over('合并这两个账号？').getByRole('button', { name: '合并', exact: true }).click();
    await hq.getByText(/前可以撤销/).waitFor();
    await hq.getByRole('button', { name: '撤销合并' }).click();
    await over('两个账号恢复合并前的样子').getByLabel('原因').fill('认错了人');
    await over('两个账号恢复合并前的样子').getByRole('button', { name: '撤销合并' }).click();
    await hq.getByText('已撤销，两个账号已恢复').waitFor();
    const back = await open();
    await back.goto(at(county, '/healthz'));
    // The first proof of the phone took away the password that was set by a link: the way in is a code.
    assert.equal((await send(back, 'POST', '/v1/codes:send', { phone: second, purpose: 'sign_in' })).code, 200);
    const code = await codeFor(back, second, 'sign_in');
    const reply = await sendSolved(back, 'POST', '/v1/session:signInWithCode', { phone: second, code });
    assert.equal(reply.body.me?.place.bodyCode, county, JSON.stringify(reply.body));
    behind.quiet();
  });

  await step('nothing went wrong behind the page', async () => quiet());
});
