// A phone in the same Wi-Fi as the machine that runs the demo: no names, one address, the body by an entry link.
import assert from 'node:assert/strict';
import { newMember } from './lib/enrol.mjs';
import { accessible, overlaps, settle, sideways, watch } from './lib/look.mjs';
import { account, codeFor, journey, launch, phone, send, shotPath, signedIn, world } from './lib/world.mjs';

const county = '440103';
const sibling = '440104';
const { host, authority } = world.lan;
const secure = (path = '/') => `https://${host}${path}`;
const plain = (path = '/') => `http://${host}${path}`;
const handset = { viewport: phone, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

async function sound(page, name) {
  await settle(page);
  await page.screenshot({ path: shotPath(name), fullPage: true });
  assert.deepEqual(await accessible(page), []);
  assert.equal(await sideways(page), 0);
  assert.deepEqual(await overlaps(page), []);
}

/** What a phone keeps of a body. */
const remembered = (page) =>
  page.evaluate(async () => ({
    storage: Object.keys(localStorage).filter((key) => /kept/.test(key)).length,
    session: (await fetch('/v1/me')).status,
    body: (await (await fetch('/v1/theme')).json()).bodyName,
  }));

journey(
  'lan',
  async ({ open, step }) => {
    const desk = await open();
    const page = await open(handset);
    const { quiet } = watch(page);
    let someone;

    await step('without the certificate the page says what to do and what will not work', async () => {
      const stranger = await launch();
      try {
        const context = await stranger.newContext({ locale: 'zh-CN', ...handset });
        const first = await context.newPage();
        await first.goto(plain(`/t/${county}`));
        await first.getByText('这部手机还没有信任证书').waitFor();
        await first.getByText('摄像头、麦克风可能被浏览器禁用').waitFor();
        await first.getByText('不能离线打开，不能安装到桌面').waitFor();
        assert.equal(await first.getByRole('link', { name: '下载证书' }).getAttribute('href'), '/ca.crt');
        await sound(first, 'lan-help');
        const iphone = await stranger.newContext({
          locale: 'en',
          colorScheme: 'dark',
          userAgent:
            'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1',
          ...handset,
        });
        const other = await iphone.newPage();
        await other.goto(plain(`/t/${county}`));
        // The steps of the phone's own system come first and are open.
        await other.locator('details').first().getByText('Certificate Trust Settings').waitFor();
        assert.equal(await other.locator('details[open]').count(), 1);
        await sound(other, 'lan-help-dark-en');
        const wide = await stranger.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
        const desktop = await wide.newPage();
        await desktop.goto(plain());
        await desktop.getByText('这部手机还没有信任证书').waitFor();
        await sound(desktop, 'lan-help-desktop');
        await assert.rejects(first.goto(secure()), /ERR_CERT_AUTHORITY_INVALID/);
      } finally {
        await stranger.close();
      }
    });

    await step('a phone without a body is told how to come in, and headquarters has no entry', async () => {
      for (const path of ['/', '/card', '/t/hq', '/t/999999']) {
        const reply = await page.goto(secure(path));
        assert.equal(reply.status(), 404);
        await page.getByRole('heading', { name: /^(还没有选择单位|没有这个单位)$/ }).waitFor();
      }
      await sound(page, 'lan-lost');
      assert.equal(await page.evaluate(async () => (await fetch('/v1/theme')).status), 404);
    });

    await step('with the certificate the page leads on, and the body stays', async () => {
      await page.goto(plain(`/t/${county}`));
      await page.getByText('这部手机已信任证书').waitFor();
      await sound(page, 'lan-trusted');
      await page.getByRole('link', { name: '进入' }).click();
      await page.waitForURL(secure());
      await page.getByText('广州市荔湾区总工会').first().waitFor();
      assert.ok(await page.evaluate(() => window.isSecureContext && Boolean(navigator.mediaDevices)));
      await page.evaluate(() => navigator.serviceWorker.ready);
      await page.reload();
      await page.getByText('广州市荔湾区总工会').first().waitFor();
    });

    await step('a member signs in, and is still in after a reload', async () => {
      await signedIn(desk, county, account('admin', county).Phone, '/console/');
      // The link of the invitation is opened on the computer; the phone signs in by a code.
      someone = await newMember(desk, await open(), county);
      await page.getByLabel('手机号', { exact: true }).fill(someone.phone);
      await page.getByRole('checkbox').check();
      await page.getByRole('button', { name: '获取验证码' }).click();
      await page.getByText('6 位验证码已发送到').waitFor();
      await page.getByLabel('验证码', { exact: true }).fill(await codeFor(page, someone.phone, 'sign_in'));
      await page.getByRole('button', { name: '登录', exact: true }).click();
      await page.getByRole('navigation').first().waitFor();
      await page.reload();
      await page.getByRole('navigation').first().waitFor();
      await page.waitForFunction(() => Object.keys(localStorage).some((key) => /kept/.test(key)));
      const { session, body } = await remembered(page);
      assert.deepEqual([session, body], [200, '广州市荔湾区总工会']);
    });

    await step("another body's link asks first, and staying changes nothing", async () => {
      await page.goto(secure(`/t/${sibling}`));
      await page.getByRole('heading', { name: '换一个单位？' }).waitFor();
      await page.getByText('这部手机正在使用“广州市荔湾区总工会”').waitFor();
      await sound(page, 'lan-switch');
      await page.getByRole('link', { name: '继续使用“广州市荔湾区总工会”' }).click();
      await page.waitForURL(secure());
      await page.getByRole('navigation').first().waitFor();
      assert.equal((await remembered(page)).session, 200);
    });

    await step('going over leaves nothing of the first body on the phone', async () => {
      const cookies = await page.context().cookies();
      const session = cookies.find((one) => one.name === '__Host-gonghui').value;
      await page.goto(secure(`/t/${sibling}`));
      await page.getByRole('button', { name: '换到“广州市越秀区总工会”' }).click();
      await page.waitForURL(secure());
      await page.getByText('广州市越秀区总工会').first().waitFor();
      await page.getByLabel('手机号', { exact: true }).waitFor();
      assert.deepEqual(await remembered(page), { storage: 0, session: 401, body: '广州市越秀区总工会' });
      // The session has ended where it was, too: its cookie opens nothing any more.
      const { code } = await send(desk, 'GET', '/v1/me');
      assert.equal(code, 200);
      const back = await open(handset);
      await back
        .context()
        .addCookies([
          { name: '__Host-gonghui', value: session, url: secure(), httpOnly: true, secure: true, sameSite: 'Lax' },
        ]);
      await back.goto(secure(`/t/${county}`));
      await back.getByText('广州市荔湾区总工会').first().waitFor();
      assert.equal((await remembered(back)).session, 401);
    });

    await step('nothing went wrong unseen', async () => quiet());
  },
  // The authority is trusted by its key, as a phone trusts it by its certificate.
  [`--ignore-certificate-errors-spki-list=${authority}`],
);
