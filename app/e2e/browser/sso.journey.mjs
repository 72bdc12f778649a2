// An application is connected, a member signs in to it, and takes it back.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { newMember } from './lib/enrol.mjs';
import { accessible, settle, sideways, watch } from './lib/look.mjs';
import { account, at, codeFor, journey, phone, send, shotPath, signedIn } from './lib/world.mjs';

const county = '440103';

/** The application: a server on the own machine that remembers who came back. */
function application() {
  const came = [];
  const server = createServer((request, response) => {
    const asked = new URL(request.url, 'http://localhost');
    // The browser also asks for an icon.
    if (asked.pathname === '/back') came.push(asked);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end('<!doctype html><html lang="zh"><title>app</title><main><h1>读书会</h1></main></html>');
  });
  return new Promise((ready) => {
    server.listen(0, '127.0.0.1', () => ready({ came, server, base: `http://127.0.0.1:${server.address().port}` }));
  });
}

async function walk(app, { open, step }) {
  const name = `读书会${Date.now() % 10_000}`;
  const admin = await open();
  const { quiet } = watch(admin);
  const member = await open({ viewport: phone });
  let someone;
  let client = '';

  await step('an administrator connects an application', async () => {
    await signedIn(admin, county, account('admin', county).Phone, '/console/clients');
    await admin.getByRole('heading', { name: '应用接入' }).waitFor();
    await admin.getByRole('button', { name: '接入应用' }).first().click();
    const form = admin.getByRole('dialog');
    await form.getByLabel('应用名称').fill(name);
    await form.getByLabel('回调地址').fill('http://rp.example/back');
    await form.getByRole('checkbox', { name: /手机号/ }).check();
    await form.getByRole('button', { name: '保存' }).click();
    await form.getByText('须为完整的 https 地址').waitFor();
    await form.getByLabel('回调地址').fill(`${app.base}/back`);
    await form.getByRole('button', { name: '保存' }).click();
    await admin.getByText('密钥只显示这一次').waitFor();
    await settle(admin);
    await admin.screenshot({ path: shotPath('clients-secret') });
    assert.deepEqual(await accessible(admin), []);
    await admin.getByRole('dialog').getByRole('button', { name: '关闭' }).click();
    await admin.getByRole('link', { name }).first().click();
    await admin.getByRole('dialog').getByText('客户端编号（client_id）').waitFor();
    client = new URL(admin.url()).pathname.split('/').pop();
    await settle(admin);
    await admin.screenshot({ path: shotPath('clients-detail') });
    assert.deepEqual(await accessible(admin), []);
  });

  const authorize = () => {
    const challenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url');
    const query = new URLSearchParams({
      client_id: client,
      redirect_uri: `${app.base}/back`,
      response_type: 'code',
      scope: 'openid profile phone',
      state: 'of-the-app',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    return at(county, `/oidc/authorize?${query}`);
  };

  await step('a member is asked, and comes back to the application', async () => {
    // A member of its own: the published one is signed out everywhere by who walks the members' app meanwhile.
    someone = await newMember(admin, member, county);
    await member.goto(authorize());
    await member.getByRole('heading', { name: `登录“${name}”` }).waitFor();
    await member.getByText('完整手机号').waitFor();
    await settle(member);
    await member.screenshot({ path: shotPath('authorize-phone') });
    assert.deepEqual(await accessible(member), []);
    assert.equal(await sideways(member), 0);
    await member.getByRole('button', { name: '同意并登录' }).click();
    await member.getByRole('heading', { name: '读书会', exact: true }).waitFor();
    assert.equal(app.came.at(-1).searchParams.get('state'), 'of-the-app');
    assert.ok(app.came.at(-1).searchParams.get('code'));
  });

  await step('the second time nothing is asked', async () => {
    await member.goto(authorize());
    await member.getByRole('heading', { name: '读书会', exact: true }).waitFor();
    assert.ok(app.came.at(-1).searchParams.get('code'));
  });

  await step('taken back, it asks again, and a refusal is told', async () => {
    await member.goto(at(county, '/me'));
    await member.getByRole('link', { name: '授权的应用' }).click();
    const row = member.getByRole('listitem').filter({ hasText: name });
    await row.waitFor();
    await settle(member);
    await member.screenshot({ path: shotPath('apps-phone') });
    assert.deepEqual(await accessible(member), []);
    await row.getByRole('button', { name }).click();
    await member.getByRole('dialog').getByRole('button', { name: '收回' }).click();
    await row.waitFor({ state: 'detached' });
    await member.getByText('还没有授权任何应用').waitFor();
    await member.goto(authorize());
    await member.getByRole('button', { name: '拒绝' }).click();
    await member.getByRole('heading', { name: '读书会', exact: true }).waitFor();
    assert.equal(app.came.at(-1).searchParams.get('error'), 'access_denied');
  });

  await step('who is not signed in signs in first, and goes on by itself', async () => {
    const stranger = await open({ look: { locale: 'en', mode: 'dark' } });
    await stranger.goto(authorize());
    await stranger.getByLabel('Mobile phone').fill(someone.phone);
    await stranger.getByRole('checkbox').check();
    await stranger.getByRole('button', { name: 'Get a code' }).click();
    await stranger.getByText('A code of 6 digits was sent').waitFor();
    await stranger.getByLabel('Code', { exact: true }).fill(await codeFor(stranger, someone.phone, 'sign_in'));
    await stranger.getByRole('button', { name: 'Sign in', exact: true }).click();
    await stranger.getByRole('heading', { name: `Sign in to ${name}` }).waitFor();
    await settle(stranger);
    await stranger.screenshot({ path: shotPath('authorize-dark-en') });
    assert.deepEqual(await accessible(stranger), []);
    await stranger.getByRole('button', { name: 'Allow and sign in' }).click();
    await stranger.getByRole('heading', { name: '读书会', exact: true }).waitFor();
  });

  await step('a request that has run out leads back to the first page', async () => {
    await member.goto(at(county, `/authorize?request=${crypto.randomUUID()}`));
    await member.getByRole('heading', { name: '无法继续登录' }).waitFor();
    await settle(member);
    await member.screenshot({ path: shotPath('authorize-lost-phone') });
    assert.deepEqual(await accessible(member), []);
    await member.getByRole('link', { name: '返回首页' }).click();
    await member.waitForURL(at(county, '/'));
  });

  await step('an application cannot sign people out without their word', async () => {
    await member.goto(at(county, `/oidc/end_session?client_id=${client}`));
    await member.getByRole('heading', { name: '退出登录' }).waitFor();
    await settle(member);
    assert.deepEqual(await accessible(member), []);
    await member.getByRole('button', { name: '退出登录' }).click();
    await member.waitForURL(at(county, '/'));
    await member.getByRole('button', { name: '获取验证码' }).waitFor();
    const me = await send(member, 'GET', '/v1/me');
    assert.equal(me.code, 401);
  });

  await step('a wrong return address is explained, and leads nowhere', async () => {
    await member.goto(authorize().replace('back', 'elsewhere'));
    await member.getByRole('heading', { name: '无法继续登录' }).waitFor();
    assert.deepEqual(await accessible(member), []);
  });

  await step('ended, the application is known no more', async () => {
    await admin.reload();
    await admin.getByRole('dialog', { name }).getByRole('button', { name: '停用' }).click();
    await admin
      .getByRole('dialog')
      .filter({ hasText: `停用“${name}”？` })
      .getByRole('button', { name: '停用' })
      .click();
    await admin.getByText(`已停用“${name}”`).waitFor();
    await member.goto(authorize());
    await member.getByRole('heading', { name: '无法继续登录' }).waitFor();
  });

  await step('nothing went wrong behind the page', async () => quiet());
}

journey('sso', async (browser) => {
  const app = await application();
  try {
    await walk(app, browser);
  } finally {
    app.server.close();
    app.server.closeAllConnections();
  }
});
