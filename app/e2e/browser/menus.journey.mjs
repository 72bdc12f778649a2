// A city hands its menu down, with what is held fast and what is left open; a county below draws its console by it.
import assert from 'node:assert/strict';
import { accessible, settle, sideways, watch } from './lib/look.mjs';
import { at, journey, phone, send, shotPath, signedIn, world } from './lib/world.mjs';

const { city, county, password } = world.line;

journey('menus', async ({ open, step }) => {
  const upper = await open();
  const lower = await open();
  const quiet = [watch(upper).quiet, watch(lower).quiet];
  const menu = (page) => page.getByRole('navigation', { name: '菜单' });
  const entry = (page, name) => menu(page).getByRole('link', { name, exact: true });
  const button = (page, name) => page.getByRole('button', { name, exact: true });
  const shown = (page, name) => page.getByRole('switch', { name: `显示“${name}”`, exact: true });
  const item = (page, name) => page.getByRole('listitem').filter({ has: shown(page, name) });
  const rename = async (page, from, to) => {
    await button(page, `修改“${from}”`).click();
    const form = page.getByRole('dialog', { name: '修改名称' });
    await form.getByLabel('中文名称').fill(to);
    await form.getByRole('button', { name: '确定', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
  };
  const confirm = async (page, words, act) => {
    await button(page, act).click();
    const ask = page.getByRole('dialog').filter({ hasText: words });
    await ask.getByRole('button', { name: act, exact: true }).click();
    await ask.waitFor({ state: 'hidden' });
  };
  const look = async (page, name) => {
    await settle(page);
    await page.screenshot({ path: shotPath(name) });
    assert.deepEqual(await accessible(page), [], name);
    assert.equal(await sideways(page), 0, name);
  };

  await step('a county has the menu of the product, and its editor open', async () => {
    await signedIn(lower, county.body, county.phone, '/console/menus', password);
    for (const name of ['干部', '导入', '验证会员卡']) await entry(lower, name).waitFor();
    await item(lower, '干部').waitFor();
  });

  await step('the city renames one item and hides another for good, renames a third, and hands it down', async () => {
    await signedIn(upper, city.body, city.phone, '/console/menus', password);
    await rename(upper, '干部', '专职干部');
    await button(upper, '下发后锁定“专职干部”').click();
    await shown(upper, '验证会员卡').click();
    await button(upper, '下发后锁定“验证会员卡”').click();
    await rename(upper, '导入', '批量登记');
    assert.ok(await button(upper, '下发').isDisabled(), 'what is not saved cannot be handed down');
    await button(upper, '保存').click();
    await entry(upper, '专职干部').waitFor();
    await upper.getByText('未下发').waitFor();
    await confirm(upper, '锁定 2 项，下级不能改', '下发');
    await upper.getByText('已下发最新设置').waitFor();
    await look(upper, 'menus-handed-down');
  });

  await step('what the county had open is refused where it would change what is held fast', async () => {
    await rename(lower, '导入', '名册导入');
    await button(lower, '保存').click();
    const refusal = item(lower, '干部').getByRole('alert').filter({ hasText: '上级已锁定此项，本级不能修改' });
    await refusal.waitFor();
    await settle(lower);
    const { y } = await refusal.boundingBox();
    assert.ok(y > 56 && y < 900, 'the refusal is in sight');
    assert.equal(await entry(lower, '名册导入').count(), 0);
  });

  await step('the console of the county draws itself by it', async () => {
    await lower.goto(at(county.body, '/console/'));
    await entry(lower, '专职干部').waitFor();
    await entry(lower, '批量登记').waitFor();
    for (const gone of ['干部', '导入', '验证会员卡']) assert.equal(await entry(lower, gone).count(), 0, gone);
    await entry(lower, '专职干部').click();
    await lower.getByRole('heading', { name: '干部', level: 1 }).waitFor();
  });

  await step('what is held fast says by whom and cannot be touched', async () => {
    await lower.goto(at(county.body, '/console/menus'));
    for (const name of ['专职干部', '验证会员卡']) {
      const row = item(lower, name);
      await row.getByText('佛山市总工会已锁定').waitFor();
      assert.ok(await shown(lower, name).isDisabled(), name);
      for (const act of [`移动“${name}”`, `修改“${name}”`, `下发后锁定“${name}”`]) {
        assert.ok(await row.getByRole('button', { name: act, exact: true }).isDisabled(), act);
      }
    }
    assert.ok(await shown(lower, '批量登记').isEnabled());
    await look(lower, 'menus-held-fast');
    const { body: held } = await send(lower, 'GET', '/v1/menus/console');
    const forced = held.items.map((i) => (i.key === 'scan' ? { ...i, hidden: false } : i));
    const { code, body } = await send(lower, 'PUT', '/v1/menus/console', { version: held.version, items: forced });
    assert.deepEqual([code, body.reason], [409, 'MENU_LOCKED'], JSON.stringify(body));
  });

  await step('what is open the county changes, and its menu follows at once', async () => {
    await rename(lower, '批量登记', '名册导入');
    await shown(lower, '重复会籍').click();
    await button(lower, '移动“会员”').focus();
    await lower.keyboard.press('ArrowUp');
    const preview = lower.getByRole('region', { name: '预览' }).getByRole('listitem');
    const wanted = await preview.allInnerTexts();
    await button(lower, '保存').click();
    await entry(lower, '名册导入').waitFor();
    await entry(lower, '重复会籍').waitFor({ state: 'detached' });
    const names = await menu(lower).getByRole('link').allInnerTexts();
    // The preview does not know the rights of who looks.
    assert.deepEqual(
      names,
      wanted.filter((name) => names.includes(name)),
      'the menu is the preview',
    );
    assert.ok(names.indexOf('会员') < names.indexOf('专职干部'), `the order is ${names}`);
    await lower.setViewportSize(phone);
    await look(lower, 'menus-held-fast-phone');
    await lower.setViewportSize({ width: 1440, height: 900 });
  });

  await step('taken back, the county has the names of the product again and keeps what it made itself', async () => {
    await confirm(upper, '收回已下发的设置？', '收回');
    await upper.getByText('未下发').waitFor();
    await lower.reload();
    await entry(lower, '干部').waitFor();
    await entry(lower, '验证会员卡').waitFor();
    await entry(lower, '名册导入').waitFor();
    assert.equal(await entry(lower, '重复会籍').count(), 0);
    assert.ok(await shown(lower, '验证会员卡').isEnabled());
    await entry(upper, '专职干部').waitFor();
  });

  await step('nothing went wrong behind the pages', async () => {
    for (const q of quiet) q();
  });
});
