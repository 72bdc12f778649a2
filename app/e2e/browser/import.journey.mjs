// An officer brings a roster in: sixty rows with seven faults, corrected and sent again, watched from above; then out again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { accessible, settle, sideways, watch } from './lib/look.mjs';
import { roster, rows, wrong } from './lib/roster.mjs';
import { account, at, journey, phone, send, signedIn } from './lib/world.mjs';

const admin = account('admin', '440100');
const above = account('supervisor', '000000');

const right = rows - wrong;

journey('import', async ({ open, step }) => {
  const page = await open({ acceptDownloads: true });
  const hq = await open();
  const { quiet } = watch(page);
  const drawer = (name) => page.getByRole('dialog', { name });
  const members = async () => {
    const { body } = await send(hq, 'GET', '/v1/figures/440100');
    const of = (metric) => Number(body.figures.find((f) => f.metric === metric)?.own ?? 0);
    return { active: of('member.active'), imported: of('member.imported') };
  };
  /** The figures above reach what they should within two seconds. */
  const reach = async (want) => {
    const until = Date.now() + 2000;
    let got;
    do got = await members();
    while (JSON.stringify(got) !== JSON.stringify(want) && Date.now() < until);
    assert.deepEqual(got, want);
  };
  const choose = async (name, text) => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /把文件拖到这里/ }).click();
    await (await chooser).setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  };
  const keep = async (act) => {
    const coming = page.waitForEvent('download');
    await act();
    const file = await coming;
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  };

  await signedIn(hq, 'hq', above.Phone, '/healthz');
  const before = await members();
  const file = roster();

  await step('a file of another kind is refused before it travels', async () => {
    await signedIn(page, admin.Host, admin.Phone, '/console/members');
    await page.getByRole('button', { name: '导入', exact: true }).click();
    await page.waitForURL('**/console/imports/new');
    await choose('旧名册.xls', 'x');
    await page.getByText('请另存为 xlsx 后再传').waitFor();
  });

  await step('the template comes as a file', async () => {
    const { name, text } = await keep(() => page.getByRole('button', { name: '下载模板' }).click());
    assert.match(name, /\.xlsx$/);
    assert.ok(text.length > 100);
  });

  await step('a column in doubt is asked for, and two columns for one field are refused at once', async () => {
    await choose('会员名册.csv', file.text);
    await page.waitForURL(/\/console\/imports\/[0-9a-f-]{36}/);
    await page.getByRole('heading', { name: '核对列的对应关系' }).waitFor();
    await settle(page);
    assert.deepEqual(await accessible(page), []);
    const pick = async (title, field) => {
      await page.getByRole('combobox', { name: `“${title}”对应的档案项` }).click();
      await page.keyboard.type(field);
      await page.keyboard.press('Enter');
    };
    await pick(file.other, '手机号');
    await page.getByText('“手机号”已对应另一列').first().waitFor();
    assert.ok(await page.getByRole('button', { name: '开始校验' }).isDisabled());
    await pick(file.other, '不导入');
    await page.getByText('“手机号”已对应另一列').first().waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: '开始校验' }).click();
  });

  await step('the preview counts what was found, by kind and row by row', async () => {
    await page.getByRole('heading', { name: '校验结果' }).waitFor();
    const result = page.getByRole('region', { name: '校验结果' });
    const count = (label) =>
      result
        .locator('div', { has: page.getByText(label, { exact: true }) })
        .locator('dd')
        .last();
    assert.equal(await count('新会员').innerText(), String(right));
    assert.equal(await count('有误').innerText(), String(wrong));
    const faults = page.getByRole('region', { name: '有误的行' });
    for (const kind of file.kinds) await faults.getByText(kind, { exact: true }).waitFor();
    const table = page.getByRole('region', { name: '逐行查看' });
    await settle(page);
    assert.equal(await table.getByRole('row').count(), wrong + 1);
    for (const name of file.faulty)
      await table
        .getByText(name || '（无姓名）')
        .first()
        .waitFor();
    await table.getByText('新会员', { exact: true }).first().click();
    await page.waitForURL(/outcome=admit/);
    await settle(page);
    assert.ok((await table.getByRole('row').count()) > 10);
    await table.getByRole('button', { name: '下一页' }).click();
    await table.getByText('第 2 页').waitFor();
    assert.deepEqual(await accessible(page), []);
    assert.deepEqual(await members(), before, 'nothing is entered before the confirmation');
  });

  await step('it can be left and come back to, on a phone too', async () => {
    await page.goto(at(admin.Host, '/console/'));
    await page
      .getByRole('region', { name: '待办' })
      .getByRole('link', { name: /会员名册\.csv/ })
      .click();
    await page.getByRole('heading', { name: '校验结果' }).waitFor();
    await page.setViewportSize(phone);
    await settle(page);
    assert.equal(await sideways(page), 0);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  let corrections;
  await step('the correction file has the faulty rows and the reasons', async () => {
    corrections = await keep(() => page.getByRole('button', { name: `下载有误的 ${wrong} 行` }).click());
    assert.match(corrections.name, /\.csv$/);
    for (const mark of file.marks) assert.ok(corrections.text.includes(mark), mark);
    assert.equal(corrections.text.trim().split('\n').length, wrong + 1);
  });

  await step(`${right} people are confirmed, entered, and counted above within two seconds`, async () => {
    await page.getByRole('button', { name: `导入 ${right} 人` }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `导入 ${right} 人` })
      .click();
    await page.getByRole('heading', { name: `已导入 ${right} 人` }).waitFor();
    await reach({ active: before.active + right, imported: before.imported + right });
    await settle(page);
    assert.deepEqual(await accessible(page), []);
  });

  await step('the corrected file brings in the rest', async () => {
    await page.getByRole('link', { name: /上传改好的文件/ }).click();
    await choose('会员名册-改正.csv', file.corrected(corrections.text));
    await page.waitForURL(/\/console\/imports\/[0-9a-f-]{36}/);
    const commit = page.getByRole('button', { name: /^导入 \d+ 人$/ });
    const start = page.getByRole('button', { name: '开始校验' });
    await commit.or(start).first().waitFor();
    if (await start.isVisible()) await start.click();
    await commit.waitFor();
    assert.equal(await commit.innerText(), `导入 ${wrong} 人`);
    await commit.click();
    await page.getByRole('dialog').getByRole('button', { name: /^导入/ }).click();
    await page.getByRole('heading', { name: `已导入 ${wrong} 人` }).waitFor();
    await reach({ active: before.active + rows, imported: before.imported + rows });
  });

  await step('the same file again finds everybody there already', async () => {
    await page.goto(at(admin.Host, '/console/imports/new'));
    await choose('会员名册-再传.csv', file.clean);
    const update = page.getByRole('radio', { name: /更新/ });
    const start = page.getByRole('button', { name: '开始校验' });
    await update.or(start).first().waitFor();
    if (await start.isVisible()) await start.click();
    await page.getByText('没有可以导入的人').waitFor();
    await update.click();
    await page.getByRole('button', { name: `导入 ${rows} 人` }).waitFor();
    await page.getByRole('button', { name: '取消导入' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '取消导入' }).click();
    await page.getByRole('heading', { name: '这次导入已取消' }).waitFor();
    assert.deepEqual(await members(), { active: before.active + rows, imported: before.imported + rows });
  });

  await step('the list says who imported what, and how it ended', async () => {
    await page.getByRole('navigation', { name: '菜单' }).getByRole('link', { name: '导入', exact: true }).click();
    await page.getByRole('link', { name: '会员名册.csv' }).waitFor();
    for (const state of ['已完成', '已取消']) await page.getByText(state).first().waitFor();
    await page.getByText(admin.Name).first().waitFor();
  });

  await step('whoever was imported is found, with the import in the history', async () => {
    await page.goto(at(admin.Host, `/console/members?q=${encodeURIComponent(file.first)}`));
    await page.getByRole('link', { name: file.first }).first().click();
    await drawer(file.first).getByRole('link', { name: '完整档案' }).click();
    await page.getByRole('heading', { name: file.first }).waitFor();
    await page.getByRole('listitem').filter({ hasText: '批量导入' }).first().waitFor();
  });

  await step('the roll goes out for a reason only, with that reason in its first row', async () => {
    await page.goto(at(admin.Host, '/console/members'));
    await page.getByRole('button', { name: '导出', exact: true }).click();
    const form = drawer('导出会员名册');
    await form.getByRole('button', { name: '导出', exact: true }).click();
    await form.getByText('请写明事由').waitFor();
    await form.getByLabel('导出事由').fill('核对互助保障名单');
    await form.getByRole('radio', { name: /csv/ }).check();
    const { name, text } = await keep(() => form.getByRole('button', { name: '导出', exact: true }).click());
    assert.match(name, /\.csv$/);
    assert.ok(text.split('\n')[0].includes('核对互助保障名单'));
    assert.ok(text.includes(file.first));
    assert.ok(!text.includes(file.firstID), 'numbers are masked unless they are asked for');
  });

  await step('nothing went wrong behind the page', async () => quiet());
});
