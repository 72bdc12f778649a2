// A member on a phone.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { chinese, heard, overlaps, settle, sideways, watch } from './lib/look.mjs';
import { citizenID, mobile, ordinal } from './lib/people.mjs';
import { account, at, byCode, codeFor, fillSignIn, journey, phone, send, signedIn } from './lib/world.mjs';

const member = account('member', '440103');
const admin = account('admin', '440103');

/** The code of a card for a step of 30 seconds, as the phone makes it. */
function cardCode({ head, secret }, step) {
  const mac = createHmac('sha256', Buffer.from(secret, 'base64url')).update(`${head}.${step}`).digest();
  return `${head}.${step}.${mac.subarray(0, 12).toString('base64url')}`;
}

journey('member', async ({ open, step }) => {
  const page = await open({ viewport: phone, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
  const desk = await open();
  const { faults, quiet } = watch(page);
  /** Without a network the browser complains of every call; of nothing else. */
  const onlyOffline = () =>
    assert.deepEqual(
      faults.splice(0).filter((fault) => !fault.includes('ERR_INTERNET_DISCONNECTED')),
      [],
    );
  const data = heard(page);
  const tab = (name) => page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name });
  const card = page.getByRole('region', { name: '会员证' });
  const fits = async () => {
    await settle(page);
    assert.equal(await sideways(page), 0);
    assert.deepEqual(await overlaps(page), []);
  };

  await step('signs in by a code, after agreeing to the terms', async () => {
    await page.goto(at(member.Host));
    await page.getByText('广州市荔湾区总工会').first().waitFor();
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByText('请输入 11 位手机号').waitFor();
    await page.getByText('请先阅读并勾选同意').waitFor();
    await page.getByRole('link', { name: '隐私政策' }).click();
    const text = page.getByRole('dialog', { name: '隐私政策' });
    await text.getByRole('heading', { level: 3 }).first().waitFor();
    await text.getByRole('button', { name: '关闭' }).click();
    await page.getByLabel('手机号', { exact: true }).fill(member.Phone);
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByRole('button', { name: /秒后可重发/ }).waitFor();
    const code = await codeFor(page, member.Phone, 'sign_in');
    await page.getByLabel('验证码', { exact: true }).fill(code === '000000' ? '111111' : '000000');
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: '验证码不对' }).waitFor();
    await page.getByLabel('验证码', { exact: true }).fill(code);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await card.waitFor();
  });

  await step('the app can be put on the home screen', async () => {
    await page.evaluate(() => navigator.serviceWorker.ready);
    const devtools = await page.context().newCDPSession(page);
    const { errors, data: manifest } = await devtools.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    assert.equal(JSON.parse(manifest).scope, '/');
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    // The browser of a test keeps nothing, which is all that it has against an installation.
    assert.deepEqual(
      installabilityErrors.map((error) => error.errorId),
      ['in-incognito'],
    );
  });

  await step('the card and the union', async () => {
    for (const text of [member.Name, '在册', '所属工会', '入会日期']) await card.getByText(text).first().waitFor();
    assert.match(await card.innerText(), /\d{4}-\d{2}-\d{2}/);
    const union = page.getByRole('region', { name: '我的工会' });
    for (const name of ['中华全国总工会', '广东省总工会', '广州市总工会'])
      await union.getByText(name, { exact: true }).waitFor();
    await fits();
    await page.getByRole('link', { name: '联系方式与简介' }).click();
    await page.getByRole('heading', { name: '联系方式', exact: true }).waitFor();
    await fits();
    await page.getByRole('link', { name: '返回' }).click();
  });

  await step('the code on the card is accepted by an officer, an old one is not', async () => {
    await signedIn(desk, admin.Host, admin.Phone, '/healthz');
    const verify = async (code) => (await send(desk, 'POST', '/v1/cards:verify', { code })).body;
    await card.getByRole('link', { name: '出示会员码' }).click();
    const picture = page.getByRole('img', { name: /会员码/ });
    await picture.waitFor();
    await fits();
    const shown = await verify(await picture.getAttribute('data-code'));
    assert.deepEqual([shown.outcome, shown.name, shown.own], ['valid', member.Name, true]);
    const { body } = await send(page, 'GET', '/v1/own/card');
    const now = Math.floor(Number(body.now) / 30);
    assert.equal((await verify(cardCode(body, now))).outcome, 'valid');
    assert.equal((await verify(cardCode(body, now - 4))).outcome, 'expired');
    assert.equal((await verify(cardCode({ ...body, secret: 'AAAA' }, now))).outcome, 'unknown');
    await page.getByRole('link', { name: '关闭' }).click();
    await card.waitFor();
  });

  await step('asks for a change of the file; an officer approves it', async () => {
    const job = `电工${ordinal()}`;
    await tab('档案').click();
    await page.getByRole('heading', { name: '会员档案' }).waitFor();
    assert.match(await page.getByRole('main').innerText(), /139\*{4}0123/);
    await fits();
    await page.getByRole('link', { name: '申请修改', exact: true }).click();
    await page.getByRole('button', { name: '提交申请' }).click();
    await page.getByText('还没有改动').waitFor();
    await page.getByLabel('职务或工种').fill(job);
    await page.getByLabel('说明（选填）').fill('调岗');
    await fits();
    await page.getByRole('button', { name: '提交申请' }).click();
    const request = page.getByRole('region', { name: '处理中的申请' });
    await request.getByText(job).waitFor();
    const { body } = await send(desk, 'GET', '/v1/requests');
    const open = body.requests.find((r) => r.changes.some((c) => c.after === job));
    const decided = await send(desk, 'POST', `/v1/requests/${open.id}:decide`, { approve: true });
    assert.equal(decided.code, 200, JSON.stringify(decided.body));
    await page.reload();
    await page.getByText(job).waitFor();
    await request.waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: /修改申请记录/ }).click();
    await page.getByText('已通过').first().waitFor();
    await fits();
  });

  await step('takes a request back', async () => {
    await page.goto(at(member.Host, '/file/change'));
    await page.getByLabel('住址').fill('珠江新城 1 号');
    await page.getByRole('button', { name: '提交申请' }).click();
    await page.getByRole('button', { name: '撤回' }).click();
    const ask = page.getByRole('dialog');
    await ask.getByRole('button', { name: '撤回' }).click();
    await page.getByRole('region', { name: '处理中的申请' }).waitFor({ state: 'hidden' });
  });

  await step('without a network the last data is there, and the card still works', async () => {
    await page.goto(at(member.Host));
    await card.waitFor();
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (!navigator.serviceWorker.controller) {
        await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
      }
    });
    await page.context().setOffline(true);
    await page.reload();
    await card.getByText(member.Name).waitFor();
    await page.getByText('没有连上网络').first().waitFor();
    await tab('档案').click();
    await page.getByText('139****0123').waitFor();
    await page.goto(at(member.Host, '/card'));
    const picture = page.getByRole('img', { name: /会员码/ });
    await picture.waitFor();
    const checked = await send(desk, 'POST', '/v1/cards:verify', { code: await picture.getAttribute('data-code') });
    assert.equal(checked.body.outcome, 'valid');
    await fits();
    await page.context().setOffline(false);
    onlyOffline();
    await page.goto(at(member.Host));
    await card.waitFor();
    await page.getByText('没有连上网络').waitFor({ state: 'hidden' });
  });

  await step('the elder version is larger', async () => {
    await tab('我的').click();
    await page.getByRole('heading', { name: '我的', exact: true }).waitFor();
    const size = () => page.getByText('登录设备').evaluate((e) => Number.parseFloat(getComputedStyle(e).fontSize));
    const before = await size();
    await page.getByRole('switch', { name: /长辈版/ }).click();
    assert.ok((await size()) >= 18 && (await size()) > before);
    for (const name of ['登录设备', '修改密码', '我的数据']) {
      assert.ok((await page.getByRole('link', { name }).boundingBox()).height >= 60, `${name} is a large target`);
    }
    assert.ok((await page.getByRole('button', { name: '退出登录' }).boundingBox()).height >= 60);
    await fits();
    await tab('首页').click();
    await card.waitFor();
    await fits();
    await page.reload();
    await tab('我的').click();
    assert.equal(await page.getByRole('switch', { name: /长辈版/ }).getAttribute('aria-checked'), 'true');
    await page.getByRole('switch', { name: /长辈版/ }).click();
  });

  await step('dark, and English without a Chinese word but for data', async () => {
    const ink = () => page.evaluate(() => getComputedStyle(document.body).color);
    const light = await ink();
    await page.getByRole('radio', { name: '深色', exact: true }).check();
    assert.notEqual(await ink(), light);
    await page.getByRole('radio', { name: 'English', exact: true }).check();
    await page.getByRole('heading', { name: 'Me', exact: true }).waitFor();
    for (const path of [
      '/me',
      '/',
      '/card',
      '/file',
      '/file/change',
      '/file/requests',
      '/union',
      '/me/devices',
      '/me/password',
      '/me/data',
      '/legal/privacy',
    ]) {
      await page.goto(at(member.Host, path));
      await page.getByRole('heading').first().waitFor();
      await settle(page);
      assert.deepEqual(await chinese(page, data), [], path);
      await fits();
    }
    await page.goto(at(member.Host, '/me'));
    await page.getByRole('radio', { name: '中文', exact: true }).check();
    await page.getByRole('radio', { name: '浅色', exact: true }).check();
  });

  await step('takes the own data along', async () => {
    await page.goto(at(member.Host, '/me/data'));
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '下载我的数据' }).click(),
    ]);
    assert.match(file.suggestedFilename(), /^我的数据-\d{4}-\d{2}-\d{2}\.json$/);
    const chunks = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk);
    const own = JSON.parse(Buffer.concat(chunks).toString());
    assert.equal(own.member.fields.phone, member.Phone);
    assert.equal(own.account.name, member.Name);
  });

  await step('another device is signed out from afar', async () => {
    const other = await open({
      viewport: phone,
      userAgent: 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36',
    });
    await other.goto(at(member.Host));
    await other.getByRole('button', { name: '用密码登录' }).click();
    await other.getByRole('button', { name: '登录', exact: true }).click();
    await other.getByText('请输入密码').waitFor();
    await fillSignIn(other, member.Phone, 'wrong-password-9');
    await other.getByRole('alert').filter({ hasText: '手机号或密码不对' }).waitFor();
    await fillSignIn(other, member.Phone);
    await other.getByRole('region', { name: '会员证' }).waitFor();
    await page.goto(at(member.Host, '/me/devices'));
    await page.getByText('本机', { exact: true }).waitFor();
    const others = page.getByRole('main').getByRole('button', { name: /^退出/ });
    while ((await others.count()) > 0) {
      const left = await others.count();
      await others.first().click();
      const ask = page.getByRole('dialog');
      await ask.getByRole('button', { name: '退出' }).click();
      await ask.waitFor({ state: 'hidden' });
      await page.waitForFunction((n) => document.querySelectorAll('main .rows button').length < n, left);
    }
    await page.getByText('没有其他设备登录').waitFor();
    await other.reload();
    await other.getByRole('button', { name: '获取验证码' }).waitFor();
    assert.equal(await other.evaluate(() => localStorage.getItem('gonghui.kept')), null);
  });

  await step('a weak password is refused with a reason', async () => {
    await page.goto(at(member.Host, '/me/password'));
    await page.getByLabel('原密码').fill('gonghui-2026');
    await page.getByLabel('新密码', { exact: true }).fill('aaaaaaaa');
    await page.getByLabel('再输一遍新密码').fill('aaaaaaaa');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('至少含两类字符').waitFor();
  });

  await step('the console is not for members', async () => {
    await page.goto(at(member.Host, '/console/members'));
    await page.getByText('这里供工会工作人员使用').waitFor();
  });

  await step('out, and nothing of the person is left on the phone', async () => {
    await page.goto(at(member.Host, '/me'));
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.getByRole('button', { name: '获取验证码' }).waitFor();
    const left = await page.evaluate(() => JSON.stringify(localStorage));
    assert.ok(!left.includes(member.Name), left);
    await page.goto(at(member.Host, '/me/devices'));
    await page.getByRole('button', { name: '获取验证码' }).waitFor();
    await page.context().setOffline(true);
    await page.goto(at(member.Host, '/card'));
    await page.getByText('网络不通').waitFor();
    assert.ok(!(await page.getByRole('main').or(page.locator('body')).first().innerText()).includes(member.Name));
    await page.context().setOffline(false);
    onlyOffline();
  });

  await step('somebody on the roll claims the own file at the poster', async () => {
    const someone = { name: `骆浩${ordinal()}`, number: mobile(), id: citizenID('440103', 1991) };
    const made = await send(desk, 'POST', '/v1/members', {
      fields: { name: someone.name, idKind: 'citizen_id', idNumber: someone.id, phone: someone.number },
    });
    assert.equal(made.code, 200, JSON.stringify(made.body));
    await page.goto(at(member.Host, '/join'));
    await page.getByText('认领您在本会的会员档案').waitFor();
    await byCode(page, someone.number);
    await page.getByRole('heading', { name: '认领会员档案' }).waitFor();
    await fits();
    await page.getByLabel('姓名').fill(someone.name);
    await page.getByLabel('证件号码').fill(citizenID('440103', 1991));
    await page.getByRole('button', { name: '认领' }).click();
    await page.getByText('没有找到相符的档案').waitFor();
    await page.getByLabel('证件号码').fill(someone.id);
    await page.getByRole('button', { name: '认领' }).click();
    await card.getByText(someone.name).waitFor();
    assert.ok(!(await page.locator('body').innerText()).includes(member.Name));
    await page.goto(at(member.Host, '/me'));
    await page.getByRole('link', { name: '设置密码' }).click();
    await page.getByLabel('手机号', { exact: true }).fill(someone.number);
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByText('6 位验证码已发送到').waitFor();
    await page.getByLabel('验证码', { exact: true }).fill(await codeFor(page, someone.number, 'reset'));
    await page.getByLabel('新密码', { exact: true }).fill('liwan-claim-26');
    await page.getByRole('button', { name: '设置新密码' }).click();
    await page.getByRole('button', { name: '用密码登录' }).click();
    await fillSignIn(page, someone.number, 'liwan-claim-26');
    await card.getByText(someone.name).waitFor();
  });

  await step('and closes the account again', async () => {
    await page.goto(at(member.Host, '/me/data'));
    await page.getByRole('button', { name: '我要注销' }).click();
    await page.getByText('6 位验证码已发送到').waitFor();
    const { body } = await send(page, 'GET', '/v1/dev/messages');
    const code = body.messages.find((m) => m.template === 'close').params.code;
    await page.getByLabel('验证码', { exact: true }).fill(code);
    await page.getByRole('button', { name: '确认注销' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确认注销' }).click();
    await page.getByRole('button', { name: '获取验证码' }).waitFor();
    assert.equal(await page.evaluate(() => localStorage.getItem('gonghui.kept')), null);
  });

  await step('an invited member comes in by the link', async () => {
    const someone = { name: `闻溪${ordinal()}`, number: mobile(), id: citizenID('440103', 1987) };
    const made = await send(desk, 'POST', '/v1/members', {
      fields: { name: someone.name, idKind: 'citizen_id', idNumber: someone.id, phone: someone.number },
    });
    const invited = await send(desk, 'POST', `/v1/members/${made.body.id}:invite`, {});
    assert.equal(invited.code, 200, JSON.stringify(invited.body));
    await page.goto(invited.body.url);
    await page.getByText('闻**').waitFor();
    await page.getByText(`${someone.number.slice(0, 3)}****${someone.number.slice(-4)}`).waitFor();
    await page.getByRole('button', { name: '向该手机发送验证码' }).click();
    await page.getByText('请先阅读并勾选同意').waitFor();
    await page.getByRole('checkbox').check();
    await fits();
    await page.getByRole('button', { name: '向该手机发送验证码' }).click();
    await page.getByText('6 位验证码已发送到').waitFor();
    await page.getByLabel('验证码', { exact: true }).fill(await codeFor(page, someone.number, 'invitation'));
    await page.getByRole('button', { name: '验证并加入' }).click();
    await card.getByText(someone.name).waitFor();
    await page.goto(invited.body.url);
    await page.getByText('邀请已失效').waitFor();
  });

  await step('nothing went wrong behind the page', async () => quiet());
});
