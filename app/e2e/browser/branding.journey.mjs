// An administrator who has never done it makes the union's app out of a logo, and a member sees it.
import assert from 'node:assert/strict';
import { accessible, settle, sideways } from './lib/look.mjs';
import { account, at, desktop, journey, phone, shotPath, signedIn } from './lib/world.mjs';

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
  const saved = () =>
    page
      .getByRole('status')
      .filter({ hasText: /草稿已保存|与已发布的一致/ })
      .waitFor();
  /** A person comes back to the page of the members' app. */
  const back = () => member.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
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
    const published = Date.now();
    await back();
    await member.getByRole('heading', { name: '荔湾职工之家' }).waitFor();
    await member.getByText('有事找工会').waitFor();
    assert.ok(Date.now() - published < SOON, `it took ${Date.now() - published} ms`);
    assert.equal(await solid(member), '#1565C0');
    assert.ok(Date.now() - began < 300_000, 'from the logo to the published app took more than five minutes');
    await looksRight(member);
  });

  await step('the earlier version comes back', async () => {
    await page.getByLabel('应用名称', { exact: true }).fill('荔湾工会');
    await saved();
    await button('发布').click();
    await page.getByRole('dialog', { name: '发布新设计' }).getByRole('button', { name: '发布', exact: true }).click();
    await back();
    await member.getByRole('heading', { name: '荔湾工会' }).waitFor();
    await button('历史版本').click();
    await page.getByRole('button', { name: '恢复 第 1 版' }).click();
    await page
      .getByRole('dialog')
      .filter({ hasText: '立即生效，现在的设计' })
      .getByRole('button', { name: '恢复', exact: true })
      .click();
    await page.getByText('已恢复，几秒内生效').waitFor();
    await back();
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
    await back();
    await member.getByRole('heading', { name: '荔湾职工之家' }).waitFor({ state: 'hidden' });
  });
});
