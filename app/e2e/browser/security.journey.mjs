// How an account is protected: second factors, passkeys, fresh proof, and what a body demands.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { accessible, settle, sideways, still, watch } from './lib/look.mjs';
import { agree, at, fillSignIn, journey, phone as phoneSize, send, shotPath, world } from './lib/world.mjs';

const body = '440106';
const number = '13844440106';
const password = 'tianhe-2026-Kq';

/** The code of an authenticator app (RFC 6238), `steps` half minutes from now. */
function totp(secret, steps = 0) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => Number.parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = mac[19] & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A phone's own authenticator, as Chromium plays it. */
async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

const button = (page, name) => page.getByRole('button', { name, exact: true });

async function look(page, name) {
  await settle(page);
  assert.equal(await sideways(page), 0, `${name} scrolls sideways`);
  assert.deepEqual(await accessible(page), [], name);
  await page.screenshot({ path: shotPath(name), fullPage: true });
}

async function signOut(page) {
  await page.getByRole('button', { name: '账号：安守正' }).click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await page.getByLabel('手机号', { exact: true }).waitFor();
}

journey('security', async ({ open, step }) => {
  const page = await open();
  const { quiet } = watch(page);
  let secret = '';
  let used = '';
  let codes = [];

  await step('an administrator comes in', async () => {
    await page.goto(world.guarded);
    await page.getByLabel('登录密码').fill(password);
    await page.getByLabel('再输一次').fill(password);
    await button(page, '设置密码并登录').click();
    await page.getByRole('button', { name: '账号：安守正' }).waitFor();
  });

  await step('an authenticator app is set up', async () => {
    await page.getByRole('button', { name: '账号：安守正' }).click();
    await page.getByRole('menuitem', { name: '安全设置' }).click();
    const factors = page.getByRole('region', { name: '两步验证' });
    await factors.getByText('未开启').waitFor();
    await look(page, 'security-none');
    await button(page, '设置动态验证码').click();
    await page.getByText('不能扫码？').click();
    secret = await page.getByLabel('密钥').inputValue();
    await look(page, 'security-totp');
    await page.getByLabel('应用显示的 6 位数字').fill('12 34');
    await button(page, '确认').click();
    await page.getByText('请输入 6 位数字').waitFor();
    // That of the half minute before, so that the next one is at hand at once, whatever the clock says.
    used = totp(secret, -1);
    await page.getByLabel('应用显示的 6 位数字').fill(used);
    await page.keyboard.press('Enter');
    const list = page.getByRole('list', { name: '恢复码列表' });
    await list.waitFor();
    codes = await list.getByRole('listitem').allInnerTexts();
    assert.equal(codes.length, 10);
    await look(page, 'security-recovery');
    await button(page, '我已保存').click();
    await factors.getByText('已开启').waitFor();
    await page.getByText('还剩 10 个').waitFor();
  });

  await step('the password alone opens no door any more', async () => {
    await signOut(page);
    await fillSignIn(page, number, password);
    await page.getByRole('heading', { name: '两步验证' }).waitFor();
    await look(page, 'security-step');
    const before = await page.context().cookies();
    assert.equal(before.filter((c) => c.name === '__Host-gonghui' && c.value).length, 0);
    await page.getByLabel('动态验证码').fill(used);
    await button(page, '确认').click();
    await page.getByText('验证码不对或已经用过').waitFor();
    await page.getByLabel('动态验证码').fill(totp(secret));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '账号：安守正' }).waitFor();
  });

  await step('a recovery code stands in once', async () => {
    for (const works of [true, false]) {
      await signOut(page);
      await fillSignIn(page, number, password);
      await button(page, '恢复码').click();
      await page.getByLabel('恢复码').fill(codes[0].toUpperCase());
      await button(page, '确认').click();
      if (works) await page.getByRole('button', { name: '账号：安守正' }).waitFor();
      else await page.getByText('验证码不对或已经用过').waitFor();
    }
    // By key: the refusal of the one before goes while one types, and the button moves up.
    await page.getByLabel('恢复码').fill(codes[1]);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '账号：安守正' }).waitFor();
  });

  await step('a passkey is made, named, and opens the doors of two hosts', async () => {
    const { cdp, authenticatorId } = await authenticator(page);
    await page.goto(at(body, '/console/settings/account'));
    await button(page, '添加通行密钥').click();
    await page.getByText('通行密钥已添加').waitFor();
    await page.getByRole('button', { name: '重命名 Chrome · Linux' }).click();
    await page.getByLabel('名称').fill('办公电脑');
    await button(page, '保存').click();
    await page.getByText('办公电脑').first().waitFor();
    await look(page, 'security-all');
    await signOut(page);
    await look(page, 'security-sign-in');
    await button(page, '用通行密钥登录').click();
    await page.getByRole('button', { name: '账号：安守正' }).waitFor();
    await page.goto(at(body, '/console/settings/account'));
    await page
      .getByText(/登录方式：通行密钥/)
      .first()
      .waitFor();
    await page.goto(at('hq', '/sign-in'));
    await button(page, '用通行密钥登录').click();
    await page.getByRole('button', { name: '账号：安守正' }).waitFor();
    await page.getByRole('button', { name: '账号：安守正' }).click();
    await page.getByRole('menuitem', { name: '安全设置' }).click();
    await page.getByRole('region', { name: '两步验证' }).getByText('已开启').waitFor();
    await page.setViewportSize(phoneSize);
    await look(page, 'security-hq-phone');
    await page.setViewportSize({ width: 1440, height: 900 });
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
    assert.equal(credentials.length, 1);
    assert.equal(credentials[0].rpId, 'gonghui.localhost');
  });

  await step('a sensitive act asks for a fresh proof and goes on after it', async () => {
    await page.goto(at(body, '/console/officers/invitations'));
    let refused = 0;
    await page.route('**/v1/invitations', async (route) => {
      if (route.request().method() !== 'POST' || refused++ > 0) return route.continue();
      await route.fulfill({ status: 403, json: { code: 403, reason: 'STEP_UP_REQUIRED', message: '', metadata: {} } });
    });
    await page.getByRole('button', { name: '邀请登录' }).first().click();
    await page.getByLabel('姓名').fill('钱守信');
    await page.getByLabel('手机号').fill('13844440107');
    await button(page, '生成链接').click();
    const ask = page.getByRole('dialog', { name: '请先验证身份' });
    await ask.waitFor();
    // The act behind the dialog waits, so the page does not settle.
    await ask.getByRole('button', { name: '使用通行密钥' }).waitFor();
    await still(page);
    assert.deepEqual(await accessible(page), []);
    await page.screenshot({ path: shotPath('security-step-up') });
    await ask.getByRole('button', { name: '使用通行密钥' }).click();
    await ask.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: '复制' }).waitFor();
    await page.unroute('**/v1/invitations');
  });

  await step('the body demands a second factor of its officers', async () => {
    await page.goto(at(body, '/console/settings/policy'));
    await page.getByLabel('密码最短长度').fill('7');
    await button(page, '保存').click();
    await page.getByText('请填 8 到 32').waitFor();
    await page.getByLabel('密码最短长度').fill('10');
    await page.getByLabel('同一账号同时登录的设备').fill('1');
    await page.getByLabel('必须使用两步验证的角色').click();
    await page.getByTitle('干部', { exact: true }).click();
    await page.keyboard.press('Escape');
    await button(page, '保存').click();
    await page.getByText('已保存').waitFor();
    await page.getByText(/上次修改/).waitFor();
    await look(page, 'security-policy');
  });

  await step('an officer sets one up on the way in', async () => {
    const made = await send(page, 'POST', '/v1/invitations', { phone: '13844440108', name: '孙守时', role: 'officer' });
    assert.equal(made.code, 200);
    const officer = await open();
    await officer.goto(made.body.url);
    await officer.getByLabel('登录密码').fill('shoushi-K9-tq');
    await officer.getByLabel('再输一次').fill('shoushi-K9-tq');
    await button(officer, '设置密码并登录').click();
    await officer.getByRole('heading', { name: '设置两步验证' }).waitFor();
    await look(officer, 'security-set-up');
    await button(officer, '设置动态验证码').click();
    await officer.getByText('不能扫码？').click();
    const own = await officer.getByLabel('密钥').inputValue();
    await officer.getByLabel('应用显示的 6 位数字').fill(totp(own));
    await button(officer, '确认').click();
    await button(officer, '我已保存').click();
    await officer.getByRole('button', { name: '账号：孙守时' }).waitFor();
  });

  await step('one device at a time: the older one is told why it had to go', async () => {
    const other = await open();
    await other.goto(at(body, '/console/'));
    for (let n = 0; n < 3; n++) {
      // The answer, not the words: those of the try before stand until the button turns, and while it turns it takes no press.
      const answer = other.waitForResponse((r) => r.url().endsWith('/v1/session:signIn') && r.status() === 401);
      await fillSignIn(other, number, `wrong-${n}-Password`);
      await answer;
      await other.locator('.ant-btn-loading').waitFor({ state: 'detached' });
      await other.getByText('手机号或密码不对').waitFor();
    }
    await fillSignIn(other, number, password);
    // The fourth try came with the solution of a puzzle: nobody had to do anything for it.
    await other.getByRole('heading', { name: '两步验证' }).waitFor();
    await button(other, '恢复码').click();
    await other.getByLabel('恢复码').fill(codes[2]);
    await button(other, '确认').click();
    await other.getByRole('button', { name: '账号：安守正' }).waitFor();
    await page.goto(at(body, '/console/'));
    await page.getByText('同时登录的设备超过上限').waitFor();
    await look(page, 'security-ended');
  });

  await step('the same on a phone, in the app of the members', async () => {
    // Calls that pass through the app's service worker cannot be answered by the journey.
    const mine = await open({ viewport: phoneSize, hasTouch: true, serviceWorkers: 'block' });
    const own = watch(mine);
    await authenticator(mine);
    await mine.goto(at(body, '/'));
    await button(mine, '用密码登录').click();
    await button(mine, '用通行密钥登录').waitFor();
    await look(mine, 'security-member-sign-in');
    await fillSignIn(mine, number, password);
    await mine.getByRole('heading', { name: '两步验证' }).waitFor();
    await button(mine, '恢复码').click();
    await mine.getByLabel('恢复码').fill('7k2mq-x9p4d');
    await mine.keyboard.press('Enter');
    await mine.getByText('验证码不对或已经用过').waitFor();
    await look(mine, 'security-member-step');
    await mine.getByLabel('恢复码').fill(codes[3]);
    await mine.keyboard.press('Enter');
    await mine.getByRole('heading', { name: '条款已更新' }).waitFor();
    await agree(mine);
    await mine.goto(at(body, '/me'));
    await mine.getByRole('link', { name: '两步验证' }).click();
    await button(mine, '添加通行密钥').click();
    await mine.getByText('通行密钥已添加').waitFor();
    await mine.getByText('Chrome · Linux').first().waitFor();
    await look(mine, 'security-member');
    await mine.getByRole('button', { name: '关闭动态验证码' }).click();
    await mine.getByRole('dialog').getByRole('button', { name: '关闭动态验证码' }).click();
    await button(mine, '设置动态验证码').click();
    await mine.getByLabel('应用显示的 6 位数字').waitFor();
    await look(mine, 'security-member-totp');
    await mine.goto(at(body, '/me/security'));
    let refused = 0;
    await mine.route('**/v1/own/recovery-codes', async (route) => {
      if (refused++ > 0) return route.continue();
      await route.fulfill({ status: 403, json: { code: 403, reason: 'STEP_UP_REQUIRED', message: '', metadata: {} } });
    });
    await button(mine, '重新生成').click();
    await mine.getByRole('dialog').getByRole('button', { name: '重新生成' }).click();
    const ask = mine.getByRole('dialog', { name: '请先验证身份' });
    await ask.getByRole('button', { name: '使用通行密钥' }).waitFor();
    assert.deepEqual(await accessible(mine), []);
    await mine.screenshot({ path: shotPath('security-member-step-up') });
    await ask.getByRole('button', { name: '使用通行密钥' }).click();
    await mine.getByRole('list', { name: '恢复码列表' }).waitFor();
    await look(mine, 'security-member-recovery');
    own.quiet();
  });

  await step('nothing went wrong behind the page', async () => quiet());
});
