// Whose file has no phone asks for it, and an officer decides.
import assert from 'node:assert/strict';
import { accessible, overlaps, settle, sideways, watch } from './lib/look.mjs';
import { citizenID, mobile, ordinal } from './lib/people.mjs';
import { account, at, journey, phone, send, shotPath, signedIn } from './lib/world.mjs';

const admin = account('admin', '440103');

journey('claim', async ({ open, step }) => {
  const page = await open({ viewport: phone, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
  const desk = await open();
  const { quiet: quietPhone } = watch(page);
  const { quiet } = watch(desk);
  const someone = { name: `白露${ordinal()}`, number: mobile(), id: citizenID('440103', 1989) };
  const messages = async (template) =>
    (await send(page, 'GET', '/v1/dev/messages')).body.messages.filter(
      (m) => m.phone === someone.number && m.template === template,
    );
  const until = async (what, ok) => {
    for (let tries = 0; !(await ok()); tries++) {
      assert.ok(tries < 100, what);
      await page.waitForTimeout(100);
    }
  };
  const fits = async (name) => {
    await settle(page);
    assert.equal(await sideways(page), 0);
    assert.deepEqual(await overlaps(page), []);
    assert.deepEqual(await accessible(page), []);
    await page.screenshot({ path: shotPath(name) });
  };
  const claim = async () => {
    await page.getByLabel('姓名').fill(someone.name);
    await page.getByLabel('证件号码').fill(someone.id);
    await page.getByRole('button', { name: '认领', exact: true }).click();
  };
  /** Opens the waiting claim of the person in the console. */
  const opened = async () => {
    await desk.goto(at(admin.Host, '/console/requests'));
    await desk.getByRole('row').filter({ hasText: someone.name }).filter({ hasText: '认领档案' }).click();
    await desk.getByText('请先与会员核实').waitFor();
  };

  await step('a file without a phone is not given away', async () => {
    await signedIn(desk, admin.Host, admin.Phone, '/console/');
    const made = await send(desk, 'POST', '/v1/members', {
      fields: { name: someone.name, idKind: 'citizen_id', idNumber: someone.id, employer: '第一中学' },
    });
    assert.equal(made.code, 200, JSON.stringify(made.body));
    await page.goto(at(admin.Host, '/join'));
    await page.getByLabel('手机号', { exact: true }).fill(someone.number);
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByText('6 位验证码已发送到').waitFor();
    await page.getByLabel('验证码', { exact: true }).fill((await messages('sign_in'))[0].params.code);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('heading', { name: '认领会员档案' }).waitFor();
    await claim();
    await page.getByRole('heading', { name: '已提交，等待工会核对' }).waitFor();
    await fits('claim-pending');
    assert.equal((await send(page, 'GET', '/v1/own/member')).code, 401);
  });

  await step('an officer refuses it with a reason, and the phone is told', async () => {
    await opened();
    await settle(desk);
    assert.deepEqual(await accessible(desk), []);
    await desk.screenshot({ path: shotPath('claim-console') });
    await desk.getByRole('button', { name: /退\s*回/ }).click();
    await desk.getByLabel('退回原因').fill('请先到工会核对证件');
    await desk
      .getByRole('dialog')
      .last()
      .getByRole('button', { name: /退\s*回/ })
      .click();
    await desk.getByText('已退回').first().waitFor();
    await until('a message of the refusal', async () => (await messages('claim_refused')).length === 1);
  });

  await step('the claimant reads why, and asks once more', async () => {
    await page.getByRole('button', { name: '查看核对结果' }).click();
    await page.getByText('请先到工会核对证件').waitFor();
    await fits('claim-declined');
    await page.getByRole('button', { name: '再次申请' }).click();
    await page.getByRole('heading', { name: '已提交，等待工会核对' }).waitFor();
  });

  await step('agreed to, the phone opens the file', async () => {
    await opened();
    await desk.getByRole('button', { name: /批\s*准/ }).click();
    await desk.getByText('其他等待认领这份档案的申请会一并退回').waitFor();
    await desk
      .getByRole('dialog')
      .last()
      .getByRole('button', { name: /批\s*准/ })
      .click();
    await desk.getByText('已批准，已短信通知认领人').waitFor();
    await until('a message of the approval', async () => (await messages('claim_approved')).length === 1);
    await page.getByRole('button', { name: '查看核对结果' }).click();
    await page.getByRole('region', { name: '会员证' }).getByText(someone.name).waitFor();
  });

  await step('nothing went wrong behind the pages', async () => {
    quietPhone();
    quiet();
  });
});
