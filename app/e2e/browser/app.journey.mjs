// An administrator who has never done it makes the union's own app out of a logo; people get it, sign in, are given an update step by
// step and taken back; those above see it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newMember } from './lib/enrol.mjs';
import { accessible, settle, sideways } from './lib/look.mjs';
import { account, at, journey, launchKept, phone, send, shotPath, signedIn, world } from './lib/world.mjs';

const { maker } = world;
const host = maker.body;
const NAME = '桂城职工之家';
const logo = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="30" fill="#1565c0"/><path d="M18 20h28v6H35v14h13v6H16v-6h13V26H18z" fill="#fff"/></svg>',
);

const agents = {
  android:
    'Mozilla/5.0 (Linux; Android 14; 22081212C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
  iphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
};
agents.wechat = `${agents.android} MMWEBID/1 MicroMessenger/8.0.49(0x28003133)`;

/** Milliseconds from the first click to the code on screen, by somebody who reads as fast as this. */
const SOON = 300_000;

journey('app', async ({ open, step }) => {
  const folder = mkdtempSync(join(tmpdir(), 'gonghui-app-'));
  const page = await open();
  const button = (name) => page.getByRole('button', { name, exact: true });
  const region = (name) => page.getByRole('region', { name });
  const saved = () =>
    page
      .getByRole('status')
      .filter({ hasText: /草稿已保存|与已发布的一致/ })
      .waitFor();
  const looksRight = async (of, name) => {
    await settle(of);
    assert.deepEqual(await accessible(of), []);
    assert.equal(await sideways(of), 0, 'the page scrolls sideways');
    await of.screenshot({ path: shotPath(name) });
  };
  const app = async () => (await send(page, 'GET', '/v1/app')).body;
  const channel = async (name) => (await app()).channels.find((one) => one.channel === name);
  /** The row of a channel on the page. */
  const row = (name) => page.getByRole('main').getByRole('listitem').filter({ hasText: name });
  const verify = (file) => JSON.parse(execFileSync(world.gonghui, ['app', 'verify', '--json', file]).toString());

  /** What a page of the host gets from one of its addresses. */
  const fetched = async (of, url) => {
    const { type, data, code } = await of.evaluate(async (from) => {
      const reply = await fetch(from);
      const bytes = new Uint8Array(await reply.arrayBuffer());
      const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
      return { code: reply.status, type: reply.headers.get('content-type'), data: btoa(text) };
    }, url);
    assert.equal(code, 200, url);
    return { type, bytes: Buffer.from(data, 'base64') };
  };

  let began = 0;
  await step('who has never done it is led by the hand: logo and name', async () => {
    await signedIn(page, host, maker.phone, '/console/app', maker.password);
    await page.getByRole('heading', { name: '应用发布', level: 1 }).waitFor();
    await row('安卓安装包').getByText('未生成').waitFor();
    await looksRight(page, 'app-first');
    began = Date.now();
    await button('开始制作').click();
    await page.getByRole('heading', { name: '制作应用', level: 1 }).waitFor();
    await region('标志与图标').getByText('自行设置').click();
    const chooser = page.waitForEvent('filechooser');
    await region('标志与图标').getByRole('button', { name: '上传标志' }).click();
    await (await chooser).setFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: logo });
    await page.getByAltText('当前标志').waitFor();
    await region('名称与口号').getByText('自行设置').click();
    await page.getByLabel('应用名称', { exact: true }).fill(NAME);
    await saved();
    await button('下一步').click();
  });

  await step('the colour of the logo, and the looks are out', async () => {
    await region('配色').getByText('自行设置').click();
    await region('配色').getByRole('button', { name: '使用 #1565C0' }).click();
    await saved();
    await looksRight(page, 'app-start');
    await button('发布外观，下一步').click();
  });

  await step('everything is built while one watches', async () => {
    await button('开始生成').click();
    const log = page.getByRole('log', { name: '生成日志' });
    await log.getByText(/签名/).first().waitFor();
    await button('下一步').waitFor();
    const { channels } = await app();
    assert.deepEqual(
      channels.filter(({ last }) => last?.state !== 'done').map((one) => one.channel),
      ['miniprogram'],
      'built is what needs nothing more of the body',
    );
    await looksRight(page, 'app-start-build');
    await button('下一步').click();
  });

  await step('published, and the code is on screen, within five minutes of the first click', async () => {
    await button('发布所选').click();
    await page.getByRole('heading', { name: `“${NAME}”已经发布` }).waitFor();
    const code = page.getByLabel(`二维码：${at(host, '/get')}`);
    await code.waitFor();
    assert.ok(Date.now() - began < SOON, `it took ${Date.now() - began} ms`);
    await looksRight(page, 'app-start-done');
    await button('去应用发布页').click();
    await row('安卓安装包').getByText('已发布', { exact: true }).waitFor();
    await looksRight(page, 'app');
  });

  let size = 0;
  await step('on an Android phone: a package whose bytes verify, and one flipped does not', async () => {
    const visitor = await open({ viewport: phone, userAgent: agents.android, hasTouch: true });
    await visitor.goto(at(host, '/get'));
    await visitor.getByRole('heading', { name: NAME }).waitFor();
    await looksRight(visitor, 'get-android');
    const link = visitor.getByRole('link', { name: '下载安装包' });
    const url = await link.getAttribute('href');
    await visitor.getByText('核对安装包').click();
    const said = await visitor.locator('.get-digest code').textContent();
    const { type, bytes } = await fetched(visitor, url);
    assert.equal(type, 'application/vnd.android.package-archive');
    size = bytes.length;
    assert.ok(size <= 120_000, `the package has ${size} bytes`);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), said);
    const file = join(folder, 'android.apk');
    writeFileSync(file, bytes);
    const facts = verify(file);
    assert.equal(facts.nameZh, NAME);
    assert.equal(facts.sha256, said);
    assert.equal(facts.trial, false);
    assert.match(facts.start, new RegExp(`^https://${host}\\.`));
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file, bytes);
    assert.throws(() => verify(file), 'a flipped byte goes unseen');
    await visitor.context().close();
  });

  await step('on an iPhone a signed profile, inside WeChat the way out, on a computer the code', async () => {
    const iphone = await open({ viewport: phone, userAgent: agents.iphone, hasTouch: true });
    await iphone.goto(at(host, '/get'));
    const profile = await iphone.getByRole('link', { name: '安装桌面图标' }).getAttribute('href');
    await looksRight(iphone, 'get-iphone');
    const { type, bytes } = await fetched(iphone, profile);
    assert.equal(type, 'application/x-apple-aspen-config');
    const file = join(folder, 'ios.mobileconfig');
    writeFileSync(file, bytes);
    const plist = execFileSync('openssl', ['smime', '-verify', '-inform', 'DER', '-noverify', '-in', file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString();
    assert.match(plist, new RegExp(`<string>${NAME}</string>`));
    await iphone.context().close();

    const wechat = await open({ viewport: phone, userAgent: agents.wechat, hasTouch: true });
    await wechat.goto(at(host, '/get'));
    await wechat.getByRole('heading', { name: '请用手机浏览器打开' }).waitFor();
    assert.equal(await wechat.getByRole('link', { name: '下载安装包' }).count(), 0);
    await wechat.getByRole('link', { name: '打开网页版' }).waitFor();
    await looksRight(wechat, 'get-wechat');
    await wechat.context().close();

    const computer = await open();
    await computer.goto(at(host, '/get'));
    assert.equal(await computer.locator('svg[data-url]').getAttribute('data-url'), at(host, '/get'));
    await computer.getByRole('radio', { name: '安卓' }).check();
    await computer.getByRole('link', { name: '下载安装包' }).waitFor();
    await computer.context().close();
  });

  await step('a member installs it from the browser: nothing stands in the way, and it bears the brand', async () => {
    const kept = await launchKept(join(folder, 'profile'));
    try {
      const member = kept.pages()[0] ?? (await kept.newPage());
      await newMember(page, member, host);
      await member.goto(at(host, '/'));
      await member.getByRole('navigation', { name: '主导航' }).waitFor();
      await member.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      const cdp = await kept.newCDPSession(member);
      const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
      assert.deepEqual(
        installabilityErrors.map(({ errorId }) => errorId),
        [],
      );
      const { data, errors } = await cdp.send('Page.getAppManifest');
      assert.deepEqual(errors, []);
      assert.equal(JSON.parse(data).name, NAME);
      const accent = await member.evaluate(() =>
        getComputedStyle(document.documentElement).getPropertyValue('--accent-solid-usual').trim(),
      );
      assert.equal(accent, '#1565C0');
      await member.screenshot({ path: shotPath('app-member') });
      await member.goto(at(host, '/me'));
      await member.getByRole('link', { name: '安装应用' }).click();
      await member.getByRole('heading', { name: '安装应用', level: 1 }).waitFor();
    } finally {
      await kept.close();
    }
  });

  /** Phones tell what they have, and hear what there is for them. */
  const ask = (install, version) =>
    send(page, 'GET', `/app/update.json?install=${install}&version=${version}`).then(({ body }) => body);
  const installs = Array.from({ length: 60 }, (_, n) => createHash('md5').update(`phone ${n}`).digest('hex'));
  const newer = async (than) =>
    (await Promise.all(installs.map((one) => ask(one, than)))).filter((update) => update.versionCode > than).length;

  /** Asks until the answer is right: what was decided is in force everywhere within five seconds. */
  const until = async (ask, right, otherwise) => {
    for (const end = Date.now() + 5000; ; ) {
      const answer = await ask();
      if (right(answer)) return answer;
      assert.ok(Date.now() < end, otherwise);
    }
  };

  let first = 0;
  await step('an update goes to a share of the phones, to more, and no further', async () => {
    first = (await channel('android')).release.versionCode;
    assert.equal(await newer(first), 0);
    await page.goto(at(host, '/console/branding'));
    await page.getByLabel('应用名称', { exact: true }).fill('桂城工会');
    await saved();
    await button('发布').click();
    await page.getByRole('dialog', { name: '发布新设计' }).getByRole('button', { name: '发布', exact: true }).click();
    await page.getByText('已发布，几秒内生效').waitFor();
    await page.goto(at(host, '/console/app'));
    await row('安卓安装包').getByText('有更新可发布').waitFor();
    await row('安卓安装包').getByText('有变化：名称').waitFor();
    await button('重新生成 安卓安装包').click();
    await button('发布 安卓安装包').click();
    const form = page.getByRole('dialog', { name: /发布安卓安装包/ });
    await form.getByRole('spinbutton', { name: '发布范围' }).fill('20%');
    await form.getByLabel('更新说明（选填）', { exact: true }).fill('换了新名称');
    await looksRight(page, 'app-publish');
    await form.getByRole('button', { name: '发布', exact: true }).click();
    await row('安卓安装包').getByText('已发布到 20%').waitFor();
    const offered = () => newer(first);
    const some = await until(offered, (n) => n > 0, 'no phone hears of the update');
    assert.ok(some < 40, `${some} of 60 phones are offered what goes to a fifth`);
    await page.getByRole('link', { name: '安卓安装包' }).click();
    const drawer = page.getByRole('dialog', { name: /安卓安装包/ });
    await drawer.getByRole('spinbutton', { name: '发布范围' }).fill('60%');
    await drawer.getByRole('button', { name: '扩大到 60%' }).click();
    await drawer.getByText('正发给 60% 的手机').waitFor();
    const more = await until(offered, (n) => n > some, 'the wider share reaches no more phones');
    assert.ok(more < 60, 'a share of 60% reaches all phones');
    await looksRight(page, 'app-channel');
    await drawer.getByRole('button', { name: '停止发布' }).click();
    await page
      .getByRole('dialog')
      .filter({ hasText: '停止发布 ' })
      .getByRole('button', { name: '停止发布', exact: true })
      .last()
      .click();
    await page.getByText('已停止', { exact: true }).waitFor();
    await until(offered, (n) => n === 0, 'a release that was stopped is still offered');
  });

  await step('everybody gets the new one, and everybody is taken back', async () => {
    await page.goto(at(host, '/console/app'));
    await button('发布 安卓安装包').click();
    const form = page.getByRole('dialog', { name: /发布安卓安装包/ });
    await form.getByRole('spinbutton', { name: '发布范围' }).fill('100%');
    await form.getByRole('button', { name: '发布', exact: true }).click();
    await row('安卓安装包').getByText('已发布', { exact: true }).waitFor();
    const second = (await channel('android')).release.versionCode;
    assert.ok(second > first);
    await until(
      () => newer(first),
      (n) => n === installs.length,
      'not every phone is offered what goes to all',
    );
    await Promise.all(installs.slice(0, 20).map((one) => ask(one, second)));
    await page.goto(at(host, '/console/app/android'));
    const drawer = page.getByRole('dialog', { name: /安卓安装包/ });
    await drawer
      .getByRole('button', { name: new RegExp(`^退回到此版本 .*\\(${first}\\)$`) })
      .first()
      .click();
    await page
      .getByRole('dialog')
      .filter({ hasText: '用那一版的内容' })
      .getByRole('button', { name: '退回到此版本', exact: true })
      .last()
      .click();
    const back = await until(
      async () => (await channel('android')).release.versionCode,
      (code) => code > second,
      'the earlier content does not come back',
    );
    const file = join(folder, 'back.apk');
    const given = async () => {
      writeFileSync(file, (await fetched(page, at(host, '/app/android.apk'))).bytes);
      return verify(file);
    };
    const facts = await until(given, ({ versionCode }) => versionCode === back, 'the earlier content is not offered');
    assert.equal(facts.nameZh, NAME, 'the earlier name is not back');
    const taken = await Promise.all(installs.slice(0, 20).map((one) => ask(one, second)));
    assert.ok(
      taken.every(({ versionCode }) => versionCode === back),
      'phones are not taken back',
    );
  });

  await step('installs by version, builds with their logs, the filing sheet, a poster', async () => {
    await page.goto(at(host, '/console/app'));
    const bars = page.getByRole('list', { name: '各版本安装量' });
    await bars.getByText('20 台').waitFor();
    await bars.getByText('40 台').waitFor();
    await page.goto(at(host, '/console/app/builds?channel=android'));
    await page.locator('a.row-link').first().click();
    await page.getByRole('dialog').getByText('退回自').waitFor();
    await page.getByRole('dialog').getByRole('log').getByRole('listitem').nth(2).waitFor();
    await looksRight(page, 'app-build');
    await page.goto(at(host, '/console/app/filing'));
    const { key, applicationId } = await app();
    const sheet = region('App 备案信息表');
    await sheet.getByText(applicationId, { exact: true }).waitFor();
    await sheet.getByText(key.sha256, { exact: true }).waitFor();
    await looksRight(page, 'app-filing');
    await page.goto(at(host, '/console/app/poster'));
    await region('海报预览').getByRole('heading').waitFor();
    await looksRight(page, 'app-poster');
  });

  await step('the body takes its key along, under a password typed twice', async () => {
    await page.goto(at(host, '/console/app'));
    await button('导出密钥').click();
    const form = page.getByRole('dialog', { name: '导出签名密钥' });
    const go = () => form.getByRole('button', { name: '导出密钥', exact: true }).click();
    await form.getByLabel('文件口令').fill('correct horse battery');
    await form.getByLabel('再输一次口令').fill('correct horse');
    await go();
    await form.getByText('两次输入的口令不一致').waitFor();
    await form.getByLabel('再输一次口令').fill('correct horse battery');
    await form.getByLabel('导出事由').fill('改由省里统一发布');
    await form.getByRole('checkbox').check();
    const waiting = page.waitForEvent('download');
    await go();
    const file = join(folder, 'key.p12');
    await (await waiting).saveAs(file);
    const pass = (word) => ['pkcs12', '-in', file, '-nokeys', '-passin', `pass:${word}`];
    const quiet = { stdio: ['ignore', 'pipe', 'ignore'] };
    assert.throws(() => execFileSync('openssl', pass('another password'), quiet));
    const pem = execFileSync('openssl', pass('correct horse battery'), quiet);
    const print = execFileSync('openssl', ['x509', '-noout', '-fingerprint', '-sha256'], { input: pem }).toString();
    assert.ok(print.includes((await app()).key.sha256), 'the key is not the one that signs');
    assert.ok(readFileSync(file).length > 1000);
  });

  await step('on a phone the page holds together', async () => {
    await page.setViewportSize(phone);
    await page.goto(at(host, '/console/app'));
    await page.getByRole('list', { name: '各版本安装量' }).waitFor();
    await looksRight(page, 'app-phone');
  });

  await step('those above see it, and have all apps below built anew', async () => {
    const hq = await open();
    const supervisor = account('supervisor', '000000');
    await signedIn(hq, 'hq', supervisor.Phone, `/apps?search=${host}`);
    await hq.locator('a.row-link').first().click();
    const drawer = hq.getByRole('dialog');
    await drawer.getByText('网页应用（PWA）').waitFor();
    await drawer.getByRole('list', { name: '各版本安装量' }).getByText('40 台').waitFor();
    await looksRight(hq, 'hq-app');
    await hq.goto(at('hq', '/apps'));
    await hq.getByRole('button', { name: '统一更新', exact: true }).click();
    const form = hq.getByRole('dialog', { name: '统一更新应用' });
    await form.getByRole('button', { name: '开始更新' }).click();
    await form.getByText('请写明事由，至少两个字').waitFor();
    await form.getByLabel('事由').fill('修正相机权限');
    await form.getByText('全部工会的应用').click();
    await form.getByLabel('发布范围').fill('0');
    await form.getByRole('button', { name: '开始更新' }).click();
    const course = hq.getByRole('dialog').filter({ hasText: '修正相机权限' });
    await course.getByText('完成', { exact: true }).waitFor();
    await looksRight(hq, 'hq-rebuild');
    await hq.context().close();
  });

  rmSync(folder, { recursive: true, force: true });
});
