// An administrator arranges the menu, makes a role, grants it, asks why, and ends the grant.
import assert from 'node:assert/strict';
import { accessible, settle, sideways } from './lib/look.mjs';
import { ordinal } from './lib/people.mjs';
import { account, at, journey, phone, signedIn } from './lib/world.mjs';

const admin = account('admin', '440103');
const host = admin.Host;
const role = `台账员${ordinal()}`;

journey('rights', async ({ open, step }) => {
  const page = await open();
  const menu = page.getByRole('navigation', { name: '菜单' });
  const drawer = (name) => page.getByRole('dialog', { name });
  const button = (name) => page.getByRole('button', { name, exact: true });
  const looksRight = async () => {
    await settle(page);
    assert.deepEqual(await accessible(page), []);
    assert.ok(!(await sideways(page)), 'the page scrolls sideways');
  };

  await step(
    'the menu is ordered by keyboard, an item is renamed and another hidden, and the sidebar follows',
    async () => {
      await signedIn(page, host, admin.Phone, '/console/menus');
      const handle = page.getByRole('button', { name: '移动“干部”' });
      await handle.focus();
      await page.keyboard.press('ArrowUp');
      await page.getByText('“干部”现在是第 2 项').waitFor({ state: 'attached' });
      await page.getByRole('switch', { name: '显示“重复会籍”' }).click();
      await page.getByRole('button', { name: '修改“导入”' }).click();
      await drawer('修改名称').getByLabel('中文名称').fill('批量导入');
      await drawer('修改名称').getByRole('button', { name: '确定', exact: true }).click();
      await button('保存').click();
      await page.getByText('已保存，几秒内生效').waitFor();
      await menu.getByRole('link', { name: '批量导入' }).waitFor();
      await menu.getByRole('link', { name: '重复会籍' }).waitFor({ state: 'hidden' });
      const names = await menu.getByRole('link').allInnerTexts();
      assert.ok(names.indexOf('干部') < names.indexOf('组织'), `the order is ${names}`);
      await looksRight();
    },
  );

  await step('a link that is no https is refused under its field, a good one stands in the sidebar', async () => {
    await button('添加').click();
    await page.getByRole('menuitem', { name: '外部链接' }).click();
    const form = drawer('添加外部链接');
    await form.getByLabel('中文名称').fill('工会法');
    await form.getByLabel('网址').fill('http://example.org/law');
    await form.getByRole('button', { name: '确定', exact: true }).click();
    await form.getByText('请填写以 https:// 开头的完整网址').waitFor();
    await form.getByLabel('网址').fill('https://example.org/law');
    await form.getByRole('button', { name: '确定', exact: true }).click();
    await button('保存').click();
    const link = menu.getByRole('link', { name: /工会法/ });
    await link.waitFor();
    assert.equal(await link.getAttribute('href'), 'https://example.org/law');
    assert.match(await link.getAttribute('rel'), /noopener/);
  });

  await step('back to default: the sidebar is as it was', async () => {
    await page.getByRole('button', { name: '更多' }).click();
    await page.getByRole('menuitem', { name: '恢复默认' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '恢复默认' }).click();
    await menu.getByRole('link', { name: '重复会籍' }).waitFor();
    await menu.getByRole('link', { name: /工会法/ }).waitFor({ state: 'hidden' });
  });

  await step('a role of the own union', async () => {
    await page.goto(at(host, '/console/access/roles'));
    await button('新建角色').click();
    const form = drawer('新建角色');
    await form.getByLabel('中文名称').fill(role);
    await form.getByLabel('标识').fill(`ledger_${Date.now() % 100000}`);
    await form.getByLabel('查找权限').fill('查看会员档案');
    const choice = form.getByRole('combobox', { name: /^查看会员档案/ });
    await choice.click();
    await page.getByTitle('允许，脱敏明细').click();
    await button('保存').click();
    await page.getByRole('dialog').getByRole('heading', { name: role }).waitFor();
    await form.waitFor({ state: 'hidden' });
    await page.getByRole('dialog').getByText('允许，脱敏明细').waitFor();
    await looksRight();
  });

  await step('it is granted step by step, drawn on the tree', async () => {
    await page.goto(at(host, '/console/access/grants/new'));
    await page.getByRole('combobox', { name: '人员' }).click();
    await page.locator('.ant-select-item-option').first().click();
    await button('下一步').click();
    await page.getByRole('combobox', { name: '角色或权限' }).fill(role);
    await page.locator('.ant-select-item-option', { hasText: role }).click();
    await button('下一步').click();
    await page.getByRole('radio', { name: /一个工会及其下级/ }).click();
    await page.getByText('起点', { exact: true }).waitFor();
    await looksRight();
    await button('下一步').click();
    await page.getByRole('textbox', { name: '事由' }).fill('年度台账核对');
    await button('下一步').click();
    await page.getByText('年度台账核对').waitFor();
    await button('确认授权').click();
    // An administrator of one union cannot give what lies below it: said at the field, and the step is back.
    await page.getByText('超出您可以授予的范围，请缩小后再试').waitFor();
    await page.getByRole('radio', { name: /一个工会本级/ }).click();
    await button('下一步').click();
    await button('下一步').click();
    await button('确认授权').click();
    await page.getByText('已授权，几秒内生效').waitFor();
    await page.getByRole('dialog').getByText('生效中').first().waitFor();
    await looksRight();
  });

  await step('why: the answer names what decides', async () => {
    await page.goto(at(host, '/console/access/explain?act=member.read'));
    await page.getByRole('status').filter({ hasText: '可以' }).waitFor();
    await page.getByText('随“管理员”身份').waitFor();
    await looksRight();
  });

  await step('the grant is ended with a reason', async () => {
    await page.goto(at(host, '/console/access/grants'));
    await page
      .getByRole('link', { name: new RegExp(role) })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('button', { name: '收回', exact: true }).click();
    const why = page.getByRole('dialog').filter({ has: page.getByLabel('收回原因') });
    await why.last().getByLabel('收回原因').fill('核对完成');
    await why.last().getByRole('button', { name: '收回', exact: true }).click();
    await page.getByText('已收回').first().waitFor();
  });

  await step('on a phone nothing scrolls sideways', async () => {
    await page.setViewportSize(phone);
    for (const path of [
      'menus',
      'menus/home',
      'access/roles',
      'access/grants',
      'access/posts',
      'access/groups',
      'access/separation',
      'access/explain',
    ]) {
      await page.goto(at(host, `/console/${path}`));
      await looksRight();
    }
  });
});
