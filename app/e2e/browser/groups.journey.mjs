// A group of persons that is given a right together, and a named set of bodies; the administrator wants nothing to move.
import assert from 'node:assert/strict';
import { accessible, settle, sideways, watch } from './lib/look.mjs';
import { ordinal } from './lib/people.mjs';
import { account, at, journey, phone, send, shotPath, signedIn } from './lib/world.mjs';

const admin = account('admin', '440103');
const officer = account('officer', '440103');
const group = `筹备组${ordinal()}`;
const set = `试点${ordinal()}`;

journey('groups', async ({ open, step }) => {
  const desk = await open({ reducedMotion: 'reduce' });
  const clerk = await open();
  const { quiet } = watch(desk);
  const dialog = (title) => desk.getByRole('dialog', { name: title });
  const button = (name) => desk.getByRole('button', { name, exact: true });
  const fine = async (name) => {
    await settle(desk);
    await desk.screenshot({ path: shotPath(name) });
    assert.deepEqual(await accessible(desk), []);
    assert.equal(await sideways(desk), 0);
  };
  /** Waits until the officer may, or may not, export: five seconds at most. */
  const mayExport = async (allowed) => {
    const begin = Date.now();
    for (;;) {
      const { body } = await send(clerk, 'GET', '/v1/access/explain:own?capability=member.export');
      if (body.allowed === allowed) return;
      assert.ok(Date.now() - begin < 5000, JSON.stringify(body));
      await clerk.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    }
  };

  await step('a group is made, and somebody joins it', async () => {
    await signedIn(clerk, officer.Host, officer.Phone, '/console/');
    await mayExport(false);
    await signedIn(desk, admin.Host, admin.Phone, '/console/access/groups');
    await button('新建群组').click();
    await button('保存').click();
    await dialog('新建群组').getByText('请填写名称').waitFor();
    await dialog('新建群组').getByLabel('名称').fill(group);
    await button('保存').click();
    await dialog(group).getByText('还没有成员').waitFor();
    await dialog(group).getByRole('combobox').fill(officer.Name);
    await desk.locator('.ant-select-item-option', { hasText: officer.Name }).click();
    await dialog(group).getByRole('button', { name: '加入', exact: true }).click();
    await dialog(group)
      .getByRole('button', { name: `移出 ${officer.Name}` })
      .waitFor();
    await fine('groups-group');
  });

  await step('what the group is given, its members have', async () => {
    await dialog(group).getByRole('button', { name: '新增授权' }).click();
    await desk.getByText(group).first().waitFor();
    await button('下一步').click();
    await desk.getByRole('combobox', { name: '角色或权限' }).fill('导出会员名册');
    await desk.locator('.ant-select-item-option', { hasText: '导出会员名册' }).click();
    await button('下一步').click();
    await desk.getByRole('radio', { name: /一个工会本级/ }).click();
    await button('下一步').click();
    await desk.getByRole('textbox', { name: '事由' }).fill('换届名册核对');
    await button('下一步').click();
    await button('确认授权').click();
    await desk.getByText('已授权，几秒内生效').waitFor();
    await mayExport(true);
  });

  await step('a group that has rights stays; who leaves it loses them', async () => {
    await desk.goto(at(admin.Host, '/console/access/groups'));
    await desk.getByRole('link', { name: group }).click();
    await dialog(group).getByText('导出会员名册').waitFor();
    await dialog(group).getByRole('button', { name: '删除', exact: true }).click();
    const ask = dialog(`删除群组“${group}”？`);
    await ask.getByRole('button', { name: '删除', exact: true }).click();
    const refusal = desk.getByText('有授权正在使用，请先收回授权');
    await refusal.waitFor();
    await ask.waitFor({ state: 'hidden' });
    await refusal.waitFor({ state: 'detached' });
    await dialog(group)
      .getByRole('button', { name: `移出 ${officer.Name}` })
      .click();
    await dialog(group).getByText('还没有成员').waitFor();
    await mayExport(false);
  });

  await step('a set of bodies cannot reach past its author', async () => {
    await desk.goto(at(admin.Host, '/console/access/groups'));
    await button('新建集合').click();
    const form = dialog('新建集合');
    await form.getByLabel('名称').fill(set);
    await button('保存').click();
    await form.getByText('请至少选择一个工会').waitFor();
    await form.getByRole('combobox').fill('越秀');
    await desk.locator('.ant-select-item-option', { hasText: '越秀区总工会' }).first().click();
    await button('保存').click();
    await form.getByText('工会组织不存在').waitFor();
    await form.getByRole('combobox').press('Backspace');
    await form.getByRole('combobox').fill('荔湾');
    await desk.locator('.ant-select-item-option', { hasText: '荔湾区总工会' }).first().click();
    await form.getByLabel('名称').click();
    await button('保存').click();
    await desk.getByText(/^1 个工会：广州市荔湾区总工会/).waitFor();
    await fine('groups-sets');
    await desk.setViewportSize(phone);
    await fine('groups-phone');
    await desk.getByRole('button', { name: `删除 ${set}` }).click();
    await dialog(`删除集合“${set}”？`).getByRole('button', { name: '删除', exact: true }).click();
    await desk.getByText(`“${set}”已删除`).waitFor();
  });

  await step('nothing went wrong behind the page', () => quiet());
});
