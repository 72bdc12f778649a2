// The frame of the members' app: how fast and how still it starts, in whose colours, and how one goes out of it.
import assert from 'node:assert/strict';
import { newMember } from './lib/enrol.mjs';
import { accessible, settle, watch } from './lib/look.mjs';
import { account, at, codeFor, journey, phone, send, signedIn } from './lib/world.mjs';

const admin = account('admin', '440103');
const host = admin.Host;

/** A cheap phone on a slow network: 1.6 Mbit/s, 150 ms, a processor four times slower. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 };
const CPU = 4;

/** Bytes of scripts and styles as they travel until the first page stands. */
const LIGHT = 120_000;

/** Milliseconds until one can use it: 2,000 on a machine of one's own; here others are at work too. */
const SOON = 8000;

const mobile = { viewport: phone, isMobile: true, hasTouch: true };

/** Opens a page as on a cheap phone, and tells what it took: bytes, milliseconds, how much has jumped. */
async function started(page, path, ready) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  let bytes = 0;
  const kinds = new Map();
  devtools.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (/Script|Stylesheet/.test(kinds.get(requestId))) bytes += encodedDataLength;
  });
  await page.addInitScript(() => {
    window.jumps = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.jumps.push(entry.value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await devtools.send('Network.emulateNetworkConditions', SLOW);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU });
  await page.goto(at(host, path), { waitUntil: 'commit' });
  await ready.waitFor();
  const took = await page.evaluate(() => Math.round(performance.now()));
  const sent = bytes;
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await devtools.send('Network.emulateNetworkConditions', {
    ...SLOW,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await settle(page);
  const jumps = await page.evaluate(() => window.jumps.reduce((sum, value) => sum + value, 0));
  return { took, jumps, sent };
}

journey('frame', async ({ browser, open, step }) => {
  const desk = await open();
  await signedIn(desk, host, admin.Phone, '/healthz');
  const page = await open({ ...mobile, serviceWorkers: 'block' });
  const member = await newMember(desk, page, host);
  const password = 'tulip-Harbour-58';
  await send(page, 'POST', '/v1/password:change', { newPassword: password });
  const held = async (name, { took, jumps, sent }) => {
    console.log(`${name}: ${took} ms, ${sent} bytes of scripts and styles, layout shift ${jumps.toFixed(4)}`);
    assert.ok(sent > 50_000 && sent <= LIGHT, `${sent} bytes`);
    assert.ok(jumps < 0.02, `what is on screen has jumped by ${jumps}`);
    assert.ok(took < SOON, `${took} ms`);
  };

  await step('a visitor can type before two seconds are over, and nothing jumps', async () => {
    const visitor = await open({ ...mobile, serviceWorkers: 'block' });
    await held('visitor', await started(visitor, '/', visitor.getByLabel('手机号', { exact: true })));
  });

  await step('so for a member who has come in, on the first page', async () => {
    await held('member', await started(page, '/', page.getByRole('link', { name: '出示会员码' })));
  });

  await step('files are packed and kept for good; the page asks anew', async () => {
    const list = await page.evaluate(async () => {
      const paths = [...document.querySelectorAll('script[src], link[rel=modulepreload], link[rel=stylesheet]')];
      return Promise.all(
        paths.map(async (one) => {
          const answer = await fetch(one.src || one.href);
          const { byteLength: size } = await answer.arrayBuffer();
          return { size, encoding: answer.headers.get('Content-Encoding'), cache: answer.headers.get('Cache-Control') };
        }),
      );
    });
    // Of less than a kilobyte nothing would be gained.
    const worth = list.filter(({ size }) => size >= 1024);
    assert.ok(worth.length > 2);
    for (const { encoding, cache } of worth) {
      assert.match(encoding ?? '', /^(br|gzip)$/);
      assert.match(cache, /immutable/);
    }
    const start = (await page.goto(at(host))).headers();
    assert.equal(start['cache-control'], 'no-cache');
    assert.match(start['content-security-policy'], /script-src 'self' 'sha256-/);
    assert.match(start['content-security-policy'], /connect-src 'self' blob:/);
  });

  await step('a body’s own colours are there before the first paint, and on the start screen', async () => {
    const visitor = await open(mobile);
    const { faults } = watch(visitor);
    // Without its scripts the page stays what the server made it.
    await visitor.route('**/assets/index-*.js', () => {});
    const look = (await send(page, 'GET', '/v1/theme')).body.accentSolid;
    await visitor.goto(at(host), { waitUntil: 'commit' });
    await visitor.locator('#splash p').waitFor();
    const style = (name) => visitor.evaluate((n) => document.documentElement.style.getPropertyValue(n), name);
    assert.equal(await style('--accent-solid-usual'), look);
    assert.notEqual(await visitor.title(), 'Gonghui');
    assert.deepEqual(faults, []);
    await visitor.close();
  });

  await step('the icon on the home screen leads to pages', async () => {
    const { shortcuts } = (await send(page, 'GET', '/manifest.webmanifest')).body;
    assert.ok(shortcuts.length > 0);
    for (const { url } of shortcuts) {
      await page.goto(at(host, url));
      await page.getByRole('heading').first().waitFor();
      assert.equal(new URL(page.url()).pathname, url);
    }
  });

  await step('inside WeChat all of it works', async () => {
    const context = await browser.newContext({
      ...mobile,
      locale: 'zh-CN',
      storageState: await page.context().storageState(),
      userAgent:
        'Mozilla/5.0 (Linux; Android 13; 2211133C) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0 Mobile Safari/537.36 XWEB/1300 MMWEBSDK/20240801 MicroMessenger/8.0.50',
    });
    const wechat = await context.newPage();
    const { quiet } = watch(wechat);
    for (const path of ['/', '/card', '/file', '/union', '/me', '/me/data']) {
      await wechat.goto(at(host, path));
      await wechat.getByRole('heading').first().waitFor();
      await settle(wechat);
      assert.equal(new URL(wechat.url()).pathname, path);
    }
    quiet();
    await context.close();
  });

  await step('consent is taken back: signed out everywhere, the app around is told, and asked anew', async () => {
    const context = await browser.newContext({
      ...mobile,
      locale: 'zh-CN',
      storageState: await page.context().storageState(),
      userAgent:
        'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 GonghuiShell/1 consent/2026-11',
    });
    const shell = await context.newPage();
    const told = [];
    const devtools = await context.newCDPSession(shell);
    await devtools.send('Page.enable');
    devtools.on('Page.frameRequestedNavigation', ({ url }) => told.push(url));
    await shell.goto(at(host, '/me/data'));
    await shell.getByRole('button', { name: '撤回同意' }).click();
    await settle(shell);
    assert.deepEqual(await accessible(shell), []);
    await shell.getByRole('dialog').getByRole('button', { name: '撤回同意' }).click();
    await shell.getByLabel('手机号', { exact: true }).waitFor();
    assert.ok(told.includes('gonghui-shell:withdraw-consent'), told.join());
    await context.close();
    await page.goto(at(host));
    await page.getByLabel('手机号', { exact: true }).waitFor();
  });

  /** Comes in by a code, agreeing on the way. */
  const enter = async () => {
    await page.goto(at(host, '/me/data'));
    await page.getByLabel('手机号', { exact: true }).fill(member.phone);
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByText('6 位验证码已发送到').waitFor();
    await page.getByLabel('验证码', { exact: true }).fill(await codeFor(page, member.phone, 'sign_in'));
    await page.getByRole('button', { name: '登录', exact: true }).click();
  };

  await step('who is sent to a page signs in and is there', async () => {
    await enter();
    await page.getByRole('heading', { name: '我的数据', exact: true }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/me/data');
  });

  await step('the account is to be closed: a week to keep it, what stays is said', async () => {
    await page.getByText('满 7 天').waitFor();
    await page.getByRole('button', { name: '我要注销' }).click();
    await page.getByText('6 位验证码已发送到').waitFor();
    await page.getByLabel('验证码', { exact: true }).fill(await codeFor(page, member.phone, 'close'));
    await page.getByRole('button', { name: '确认注销' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确认注销' }).click();
    await page.getByLabel('手机号', { exact: true }).waitFor();
    await signedIn(page, host, member.phone, '/', password);
    await page.getByRole('heading', { name: '账号即将注销' }).waitFor();
    await settle(page);
    assert.deepEqual(await accessible(page), []);
    await page.goto(at(host, '/file'));
    await page.getByRole('button', { name: '撤销注销，继续使用' }).click();
    await page.getByRole('heading', { name: '会员档案' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: '会员档案' }).waitFor();
  });
});
