// An administrator who has never done it makes the union's app out of a logo, and a member sees it.
import assert from 'node:assert/strict';
import { accessible, settle, sideways } from './lib/look.mjs';
import { account, at, desktop, journey, phone, send, shotPath, signedIn } from './lib/world.mjs';

const admin = account('admin', '440103');
const host = admin.Host;
const svg = (inner) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${inner}</svg>`, 'utf8');
const blue = svg(
  '<circle cx="32" cy="32" r="30" fill="#1565c0"/><path d="M18 20h28v6H35v14h13v6H16v-6h13V26H18z" fill="#fff"/>',
);
const hostile = svg('<script>alert(1)</script><circle cx="32" cy="32" r="30" fill="#1565c0"/>');

/** Milliseconds within which what was published shows on pages that are open. */
const SOON = 5000;

const solid = (page) =>
  page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent-solid-usual').trim());

journey('branding', async ({ open, step }) => {
  const page = await open();
  const member = await open({ viewport: phone });
  const region = (name) => page.getByRole('region', { name });
  const button = (name) => page.getByRole('button', { name, exact: true });
  const frame = page.frameLocator('iframe');
  const sheet = (name) => page.getByRole('tab', { name, exact: true }).click();
  const saved = () =>
    page
      .getByRole('status')
      .filter({ hasText: /草稿已保存|与已发布的一致/ })
      .waitFor();
  /** The member does something on the open page of the app: one that nobody uses asks for new looks less often. */
  const inUse = () => member.keyboard.press('Shift');
  const looksRight = async (of) => {
    await settle(of);
    assert.deepEqual(await accessible(of), []);
    assert.ok(!(await sideways(of)), 'the page scrolls sideways');
  };

  let began = 0;
  await step('the page opens with the members’ app in a frame', async () => {
    await member.goto(at(host, '/'));
    await member.getByRole('heading', { level: 1 }).waitFor();
    began = Date.now();
    await signedIn(page, host, admin.Phone, '/console/branding');
    await page.getByRole('heading', { name: '应用设计', level: 1 }).waitFor();
    await frame.getByRole('heading', { level: 1 }).waitFor();
    await looksRight(page);
  });

  await step('a logo with a script is refused in words; a good one becomes icons and colours', async () => {
    const part = region('标志与图标');
    await part.getByText('自行设置').click();
    const pick = async (buffer) => {
      const chooser = page.waitForEvent('filechooser');
      await part.getByRole('button', { name: /上传标志|换一个/ }).click();
      await (await chooser).setFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer });
    };
    await pick(hostile);
    await part.getByText('SVG 中含有 <script>，不能使用').waitFor();
    await pick(blue);
    await part.getByAltText('当前标志').waitFor();
    await saved();
    const drawn = part.getByRole('list', { name: '各种图标' }).locator('img');
    assert.equal(await drawn.count(), 5);
    for (const img of await drawn.all()) {
      const width = await img.evaluate((i) => i.decode().then(() => i.naturalWidth));
      assert.ok(width > 0, 'an icon is not drawn');
    }
  });

  await step('the name and the colour of the logo show in the frame while one is choosing', async () => {
    await region('名称与口号').getByText('自行设置').click();
    await page.getByLabel('应用名称', { exact: true }).fill('荔湾职工之家');
    await page.getByLabel('口号', { exact: true }).fill('有事找工会');
    await region('配色').getByText('自行设置').click();
    await region('配色').getByRole('button', { name: '使用 #1565C0' }).click();
    await saved();
    const inside = page.frames().find((f) => f !== page.mainFrame());
    await inside.waitForFunction(
      () => getComputedStyle(document.documentElement).getPropertyValue('--accent-solid-usual').trim() === '#1565C0',
    );
    assert.notEqual(await solid(member), '#1565C0', 'a draft is seen by others');
  });

  await step('undo and redo, by button and by key', async () => {
    await button('撤销').click();
    await saved();
    assert.notEqual(await page.getByLabel('主色', { exact: true }).inputValue(), '#1565C0');
    await button('重做').focus();
    await page.keyboard.press('Control+y');
    assert.equal(await page.getByLabel('主色', { exact: true }).inputValue(), '#1565C0');
    await saved();
  });

  await step('a tab is moved and another added by keyboard, and the foot of the frame follows', async () => {
    await sheet('页面');
    const part = region('底部标签');
    await part.getByText('自行设置').click();
    await part.getByRole('switch', { name: '显示“工会”' }).click();
    await part.getByRole('button', { name: '移动“工会”' }).focus();
    await page.keyboard.press('ArrowUp');
    await part.getByText('“工会”现在是第 2 项').waitFor({ state: 'attached' });
    await saved();
    const foot = frame.getByRole('navigation', { name: '主导航' });
    await foot.getByRole('link', { name: '工会' }).click();
    await frame.getByRole('heading', { name: '我的工会', level: 1 }).waitFor();
    // The file is a member's alone: the administrator's row has it not.
    assert.deepEqual(await foot.getByRole('link').allInnerTexts(), ['首页', '工会', '我的']);
    assert.equal(await frame.getByRole('link', { name: '返回' }).count(), 0, 'a tab has a way back');
    await foot.getByRole('link', { name: '首页' }).click();
    await frame.getByRole('heading', { name: '授权的应用' }).waitFor();
  });

  await step(
    'a block of the first page moves and another hides, in the draft alone; undone and done again',
    async () => {
      const part = region('首页栏目');
      const blocks = () => frame.locator('section > h2.section-title').allInnerTexts();
      await part.getByRole('button', { name: '移动“授权的应用”' }).focus();
      await page.keyboard.press('ArrowUp');
      await part.getByText('有未发布的调整').waitFor();
      await saved();
      await frame.locator('section').filter({ hasText: '授权的应用' }).first().waitFor();
      await part.getByRole('switch', { name: '显示“我的工会”' }).click();
      await saved();
      await frame.getByRole('heading', { name: '我的工会' }).waitFor({ state: 'detached' });
      await button('撤销').click();
      await saved();
      await frame.getByRole('heading', { name: '我的工会' }).waitFor();
      assert.ok((await blocks()).includes('授权的应用'));
      await button('重做').click();
      await saved();
      await frame.getByRole('heading', { name: '我的工会' }).waitFor({ state: 'detached' });
      await button('撤销').click();
      await saved();
      await looksRight(page);
    },
  );

  await step('a word is replaced wherever it stands, and the frame says it', async () => {
    await sheet('用词与语言');
    const part = region('用词');
    await part.getByText('自行设置').click();
    await part.getByLabel('把', { exact: true }).fill('我的工会');
    await part.getByLabel('全部换成', { exact: true }).fill('娘家');
    await part.getByRole('button', { name: '替换' }).click();
    await saved();
    await frame.getByRole('heading', { name: '娘家' }).waitFor();
    const languages = region('语言');
    await languages.getByText('自行设置').click();
    await languages.getByRole('checkbox', { name: 'English' }).uncheck();
    await saved();
    await looksRight(page);
    await page.screenshot({ path: shotPath('branding-words') });
  });

  await step('agreements of the union’s own begin as those in force; markup is refused in words', async () => {
    await sheet('协议');
    const part = region('隐私政策与用户协议');
    await part.getByText('自行设置').click();
    const text = part.getByLabel('正文', { exact: true });
    await page.waitForFunction(() => [...document.querySelectorAll('textarea')].some((t) => t.value.length > 200));
    await text.fill('荔湾区总工会怎样保护您的信息。\n\n# 收集什么\n\n<b>姓名</b>和手机号。');
    await part.getByText('不能使用网页标记').waitFor();
    await text.fill('荔湾区总工会怎样保护您的信息。\n\n# 收集什么\n\n姓名和手机号。');
    await part.getByText('发布后所有人都要重新阅读并同意').waitFor();
    await saved();
    await looksRight(page);
    await page.screenshot({ path: shotPath('branding-legal') });
    await sheet('外观');
  });

  await step('a faint colour is mended, and told', async () => {
    await page.getByLabel('主色', { exact: true }).fill('#FFD700');
    await saved();
    await region('配色')
      .getByText(/处颜色已自动修正/)
      .waitFor();
    await button('撤销').click();
    await saved();
  });

  await step('dark, elder and English in the frame alone', async () => {
    await page.getByRole('radiogroup', { name: '显示方式' }).getByText('深色').click();
    await frame.locator(':root[data-mode="dark"]').waitFor({ state: 'attached' });
    await page.getByRole('radiogroup', { name: '显示方式' }).getByText('长辈版').click();
    await frame.locator(':root[data-elder]').waitFor({ state: 'attached' });
    await page.getByRole('radiogroup', { name: '预览语言' }).getByText('英文').click();
    await frame.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home' }).waitFor();
    await page.getByRole('heading', { name: '应用设计', level: 1 }).waitFor();
    await page.screenshot({ path: shotPath('branding-designer'), fullPage: true });
    await page.getByRole('radiogroup', { name: '预览语言' }).getByText('中文').click();
    assert.equal(
      await page.evaluate(() => localStorage.getItem('gonghui.elder')),
      null,
      'the preview changes the device',
    );
    await page.getByRole('radiogroup', { name: '显示方式' }).getByText('浅色').click();
  });

  await step('published with what changes, and within five seconds on pages that are open', async () => {
    await button('发布').click();
    const dialog = page.getByRole('dialog', { name: '发布新设计' });
    await dialog.getByText('荔湾职工之家 · 有事找工会').waitFor();
    await dialog.getByLabel('说明（可不填）').fill('第一版');
    await dialog.getByRole('button', { name: '发布', exact: true }).click();
    await page.getByText('已发布，几秒内生效').waitFor();
    await inUse();
    const published = Date.now();
    await member.getByRole('heading', { name: '荔湾职工之家' }).waitFor();
    await member.getByText('有事找工会').waitFor();
    assert.equal(await member.getByRole('button', { name: 'English' }).count(), 0, 'a language that is not offered');
    assert.ok(Date.now() - published < SOON, `it took ${Date.now() - published} ms`);
    assert.equal(await solid(member), '#1565C0');
    assert.ok(Date.now() - began < 300_000, 'from the logo to the published app took more than five minutes');
    await looksRight(member);
  });

  await step('who is signed in reads the new agreements before any page, and agrees', async () => {
    // In the session of the console: what signs in for a journey agrees by itself.
    const own = await page.context().newPage();
    await own.setViewportSize(phone);
    await own.goto(at(host, '/'));
    await own.getByRole('heading', { name: '条款已更新' }).waitFor();
    await own.getByRole('link', { name: '隐私政策' }).click();
    await own.getByRole('heading', { name: '收集什么' }).waitFor();
    await looksRight(own);
    await own.getByRole('button', { name: '关闭' }).click();
    await own.getByRole('checkbox').check();
    await own.getByRole('button', { name: '同意并继续' }).click();
    await own.getByRole('heading', { name: '娘家' }).waitFor();
    await own.close();
  });

  await step(
    'the design goes out as a file and comes in again, part by part; what is no design is refused',
    async () => {
      const down = page.waitForEvent('download');
      await button('导出设计文件').click();
      const path = await (await down).path();
      const choose = async (file) => {
        const chooser = page.waitForEvent('filechooser');
        await button('导入设计文件').click();
        await (await chooser).setFiles(file);
      };
      await choose({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{"format":"else"}') });
      await page.getByText('这不是应用设计文件，或文件太大').waitFor();
      await page.getByLabel('应用名称', { exact: true }).fill('改错了');
      await saved();
      await choose(path);
      const dialog = page.getByRole('dialog', { name: '导入设计文件' });
      await dialog.getByRole('checkbox', { name: '用词' }).uncheck();
      await looksRight(page);
      await dialog.getByRole('button', { name: '放入草稿' }).click();
      await page.getByText('已放入草稿：名称与口号').waitFor();
      assert.equal(await page.getByLabel('应用名称', { exact: true }).inputValue(), '荔湾职工之家');
      await button('撤销').click();
      assert.equal(await page.getByLabel('应用名称', { exact: true }).inputValue(), '改错了');
      await saved();
    },
  );

  await step('the colours of the union above are copied into the draft', async () => {
    await button('从其他工会复制').click();
    const dialog = page.getByRole('dialog', { name: '从其他工会复制设计' });
    await dialog.getByRole('combobox', { name: '复制哪个工会的设计' }).waitFor();
    await looksRight(page);
    await dialog.getByRole('button', { name: '放入草稿' }).click();
    await page.getByText('对方没有自己设置过所选的部分').waitFor();
  });

  await step('an address of the union’s own, and a domain that waits for its proof', async () => {
    await sheet('网址');
    const slug = region('网址前缀');
    await slug.getByLabel('网址前缀').fill('admin');
    await slug.getByRole('button', { name: '保存' }).click();
    await slug.getByText('这个网址前缀由平台保留').waitFor();
    await slug.getByLabel('网址前缀').fill('liwan-zgh');
    await slug.getByRole('button', { name: '保存' }).click();
    await page.getByText('网址已设置，几秒内生效').waitFor();
    const there = await open({ viewport: phone });
    await there.goto(at('liwan-zgh', '/'));
    await there.getByRole('heading', { name: '荔湾职工之家' }).waitFor();
    await there.context().close();
    const domains = region('自有域名');
    await domains.getByLabel('要添加的域名').fill('app.liwan-gonghui.org.cn');
    await domains.getByRole('button', { name: '添加域名' }).click();
    await domains.getByText('待验证').waitFor();
    assert.match(await domains.getByLabel('记录值').inputValue(), /^gonghui-verify=[0-9a-f]{32}$/);
    await looksRight(page);
    await page.screenshot({ path: shotPath('branding-hosts'), fullPage: true });
    await domains.getByRole('button', { name: '移除 app.liwan-gonghui.org.cn' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '移除', exact: true }).click();
    await page.getByText('域名已移除').waitFor();
    await sheet('外观');
  });

  await step('the earlier version comes back', async () => {
    await page.getByLabel('应用名称', { exact: true }).fill('荔湾工会');
    await saved();
    await button('发布').click();
    await page.getByRole('dialog', { name: '发布新设计' }).getByRole('button', { name: '发布', exact: true }).click();
    await inUse();
    await member.getByRole('heading', { name: '荔湾工会' }).waitFor();
    await button('历史版本').click();
    await page.getByRole('button', { name: '恢复 第 1 版' }).click();
    await page
      .getByRole('dialog')
      .filter({ hasText: '立即生效，现在的设计' })
      .getByRole('button', { name: '恢复', exact: true })
      .click();
    await page.getByText('已恢复，几秒内生效').waitFor();
    await inUse();
    await member.getByRole('heading', { name: '荔湾职工之家' }).waitFor();
    assert.equal(await page.getByLabel('应用名称', { exact: true }).inputValue(), '荔湾职工之家');
  });

  await step('on a phone and in the dark the designer holds together', async () => {
    await page.setViewportSize(phone);
    await looksRight(page);
    await page.screenshot({ path: shotPath('branding-phone') });
  });

  await step('everything follows the unions above again', async () => {
    await page.setViewportSize(desktop);
    await button('沿用上级').click();
    await saved();
    await button('发布').click();
    const dialog = page.getByRole('dialog', { name: '发布新设计' });
    await dialog.getByText('改为沿用上级').first().waitFor();
    await dialog.getByRole('button', { name: '发布', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await inUse();
    await member.getByRole('heading', { name: '荔湾职工之家' }).waitFor({ state: 'hidden' });
    // The first page is the menus': it goes back there.
    const menu = await send(page, 'GET', '/v1/menus/portal');
    const reset = await send(page, 'POST', '/v1/menus/portal:reset', { place: 'portal', version: menu.body.version });
    assert.equal(reset.code, 200);
  });
});
