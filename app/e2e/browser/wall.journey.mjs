// What stands between one body and another, as a browser meets it.
import assert from 'node:assert/strict';
import { watch } from './lib/look.mjs';
import { account, at, fillSignIn, journey, send, signedIn } from './lib/world.mjs';

const admin = account('admin', '440103');
const sibling = '440104';
const consoleRoutes = [
  '/',
  '/organisation/profile',
  '/organisation/departments',
  '/organisation/hierarchy',
  '/officers',
  '/officers/invitations',
  '/members',
  '/members/00000000-0000-7000-8000-000000000000',
  '/meetings',
  '/meetings/calendar',
  '/meetings/recordings',
  '/meetings/enter/1234567890',
  '/branding',
  '/settings/modules',
  '/settings/account',
];
const memberRoutes = [
  '/',
  '/card',
  '/file',
  '/file/change',
  '/file/requests',
  '/union',
  '/me',
  '/me/devices',
  '/me/data',
  '/meetings',
  '/meetings/films',
  '/meetings/enter/1234567890',
];
const hqRoutes = ['/', '/b/000000', '/b/440000', '/b/440103?panel=events', '/b/440103?panel=new'];
/** What a stranger may have: how the host looks, and the published accounts. */
const open4all = /\/v1\/(theme|demo\/accounts)$/;

/** Notes every answer of the API that gives something. */
function given(page) {
  const list = [];
  page.on('response', (r) => {
    const { pathname } = new URL(r.url());
    if (pathname.startsWith('/v1/') && r.ok() && !open4all.test(pathname) && pathname !== '/v1/session:end')
      list.push(`${r.request().method()} ${pathname}`);
  });
  return list;
}

async function shut(page, host, paths, base) {
  for (const path of paths) {
    await page.goto(at(host, base + path));
    await page.getByLabel('手机号', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^(登录|获取验证码)$/ }).waitFor();
  }
}

journey('wall', async ({ open, step }) => {
  await step('a stranger gets the sign-in page on every route', async () => {
    const page = await open();
    const { quiet } = watch(page);
    const list = given(page);
    await shut(page, admin.Host, consoleRoutes, '/console');
    await shut(page, admin.Host, memberRoutes, '');
    await shut(page, 'hq', hqRoutes, '');
    assert.deepEqual(list, []);
    quiet();
  });

  let cookies = [];
  await step('the own host gives the session a page', async () => {
    const page = await open();
    await signedIn(page, admin.Host, admin.Phone, '/console/members');
    await page.getByText(/^共 [\d,]+ 名会员$/).waitFor();
    cookies = await page.context().cookies();
    assert.equal(cookies.length, 1);
    assert.ok(
      cookies[0].httpOnly && cookies[0].secure && cookies[0].sameSite !== 'None',
      JSON.stringify({ ...cookies[0], value: '' }),
    );
  });

  for (const [host, routes, base] of [
    [sibling, consoleRoutes, '/console'],
    [sibling, memberRoutes, ''],
    ['510100', ['/', '/members'], '/console'],
    ['hq', hqRoutes, ''],
  ]) {
    await step(`the same session on ${host}${base} opens nothing`, async () => {
      const page = await open();
      const { name, value } = cookies[0];
      // The prefix of its name keeps the cookie to https addresses; to hosts of this machine the browser sends it all the same.
      await page
        .context()
        .addCookies([{ name, value, url: at(host).replace('http:', 'https:'), secure: true, httpOnly: true }]);
      const list = given(page);
      for (const path of routes) {
        const reply = await page.goto(at(host, base + path));
        assert.equal(await reply.request().headerValue('cookie'), `${name}=${value}`);
        assert.equal(reply.status(), 404, path);
        assert.match(await page.locator('body').innerText(), /NOT_FOUND/);
      }
      assert.deepEqual(list, []);
      for (const path of [
        '/v1/members',
        '/v1/officers',
        '/v1/depts',
        '/v1/profile',
        '/v1/body',
        '/v1/sessions',
        '/v1/invitations',
        '/v1/figures/440103',
      ]) {
        const { code, body } = await send(page, 'GET', path);
        assert.ok([401, 403, 404].includes(code), `${path}: ${code} ${JSON.stringify(body)}`);
      }
    });
  }

  await step('the account has no place in the sibling body, and is told no more than that', async () => {
    const page = await open();
    await page.goto(at(sibling, '/console/'));
    await fillSignIn(page, admin.Phone);
    await page.getByRole('alert').filter({ hasText: '或者该账号不属于本单位' }).waitFor();
  });

  await step('a host without a body is nothing', async () => {
    const page = await open();
    const reply = await page.goto(at('999999', '/console/'));
    assert.equal(reply.status(), 404);
  });
});
