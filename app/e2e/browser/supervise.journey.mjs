// An upper body looks at a lower one and helps in it: asked for, consented to, on record, and over at once.
import assert from 'node:assert/strict';
import { accessible, settle, sideways, watch } from './lib/look.mjs';
import { account, at, journey, phone, send, shotPath, signedIn } from './lib/world.mjs';

const above = account('supervisor', '440000');
const admin = account('admin', '440103');

journey('supervise', async ({ open, step }) => {
  const upper = await open();
  const lower = await open();
  const quiet = [watch(upper).quiet, watch(lower).quiet];
  const button = (page, name) => page.getByRole('button', { name, exact: true });
  const drawer = (page) => page.getByRole('dialog').last();
  // What opens over a drawer is called by its words: until it is there, the drawer below is the last one, with a button of the
  // same name.
  const over = (page, words) => page.getByRole('dialog').filter({ hasText: words });
  const look = async (page, name) => {
    await settle(page);
    await page.screenshot({ path: shotPath(name) });
    assert.deepEqual(await accessible(page), [], name);
    assert.equal(await sideways(page), 0, name);
  };
  /** Asks on the page of the county, and comes to the request. */
  const ask = async (kind, purpose, length) => {
    await upper.goto(at('hq', '/b/440103'));
    await button(upper, '查看明细或协助').click();
    const form = drawer(upper);
    await form.getByRole('radio', { name: new RegExp(`^${kind}`) }).check();
    await form.getByLabel('事由').fill(purpose);
    if (length) {
      await form.getByLabel('时长').click();
      await upper.locator('.ant-select-item-option').filter({ hasText: length }).click();
    }
    await look(upper, `supervise-ask-${kind}`);
    await form.getByRole('button', { name: '提交申请' }).click();
    await button(upper, '查看').click();
    await upper.waitForURL(/\/supervision\/[0-9a-f-]{36}$/);
    return upper.url().split('/').pop();
  };
  const approve = async (id) => {
    await lower.goto(at('440103', `/console/supervision/${id}`));
    await button(lower, '同意').click();
    await over(lower, '同意“广东省总工会”的申请').getByRole('button', { name: '同意' }).click();
    await lower.getByText('进行中').first().waitFor();
  };

  await step('asks for sight of a roster', async () => {
    await signedIn(upper, 'hq', above.Phone, '/b/440103');
    await ask('查看明细', '核查困难职工档案', '3 天');
    await drawer(upper).getByText('待审批').waitFor();
    await look(upper, 'supervise-asked');
  });

  await step('the county sees who asks for what, and consents for a shorter time', async () => {
    await signedIn(lower, '440103', admin.Phone, '/console/supervision');
    await lower.getByRole('link', { name: '广东省总工会' }).first().click();
    await drawer(lower).getByText('核查困难职工档案').waitFor();
    await look(lower, 'supervise-incoming');
    await button(lower, '同意').click();
    const form = over(lower, '同意“广东省总工会”的申请');
    await form.getByRole('radio', { name: '1 天' }).check();
    await look(lower, 'supervise-approve');
    await form.getByRole('button', { name: '同意' }).click();
    await lower.getByText('进行中').first().waitFor();
  });

  await step('the roster comes masked, under a mark, and no name in the clear', async () => {
    await upper.reload();
    const texts = [];
    upper.on('response', (r) => {
      if (/\/members\?/.test(r.url())) texts.push(r.text().catch(() => ''));
    });
    await button(upper, '查看名册').click();
    await upper.getByRole('heading', { name: /荔湾区总工会的会员名册$/ }).waitFor();
    await upper.locator('.row-name').first().waitFor();
    await look(upper, 'supervise-details');
    const names = await upper.locator('.row-name').allInnerTexts();
    assert.ok(names.length > 0 && names.every((n) => n.includes('*')), names.join());
    const mark = await upper.locator('.watermarked .unseen').innerText();
    assert.ok(mark.includes(above.Name) && mark.includes('广东省总工会') && /JD\d{8}-/.test(mark), mark);
    const { body } = await send(lower, 'GET', '/v1/members?pageSize=50');
    const answers = (await Promise.all(texts)).join();
    assert.ok(answers.length > 100);
    for (const m of body.members) {
      assert.ok(!answers.includes(`"${m.fields.name}"`), m.fields.name);
      assert.ok(!answers.includes(m.id) || !answers.includes(m.fields.name));
    }
    await upper.setViewportSize(phone);
    await look(upper, 'supervise-details-phone');
    await upper.setViewportSize({ width: 1440, height: 900 });
  });

  await step('the county has it on record, and ends it', async () => {
    await lower.goto(at('440103', '/console/supervision/accesses'));
    await lower.getByText('查看名册').first().waitFor();
    await lower.getByText(above.Name).first().waitFor();
    await look(lower, 'supervise-accesses');
    await lower.goto(at('440103', '/console/supervision'));
    await lower.getByRole('link', { name: '广东省总工会' }).first().click();
    await button(lower, '终止').click();
    await over(lower, '终止“广东省总工会”的授权').getByLabel('理由').fill('核查已完成');
    await over(lower, '终止“广东省总工会”的授权').getByRole('button', { name: '终止' }).click();
    await lower.getByText('已终止').first().waitFor();
    await upper.reload();
    await upper.getByText('授权已到期或已被终止').first().waitFor();
  });

  await step('a rule of the county approves by itself', async () => {
    await lower.goto(at('440103', '/console/supervision/rules'));
    await button(lower, '新增规则').click();
    await drawer(lower).getByLabel('最长天数').fill('2');
    await drawer(lower).getByLabel('适用目的').click();
    await lower.locator('.ant-select-item-option').filter({ hasText: '工作检查' }).click();
    await look(lower, 'supervise-rule');
    await drawer(lower).getByRole('button', { name: '新增规则' }).click();
    await lower.getByText('仅本单位').waitFor();
    await look(lower, 'supervise-rules');
    await ask('查看明细', '例行工作检查');
    await drawer(upper).getByText('进行中').waitFor();
    await drawer(upper)
      .getByText(/荔湾区总工会的规则自动同意/)
      .waitFor();
    await button(upper, '终止').click();
    await over(upper, '终止授权？').getByRole('button', { name: '终止' }).click();
    await drawer(upper).getByText('已终止').waitFor();
    await lower.getByRole('button', { name: /^删除/ }).click();
    await over(lower, '的规则？').getByRole('button', { name: '删除' }).click();
    await lower.getByText('没有自动同意规则').waitFor();
  });

  await step('a helper comes in by consent, marked on every page', async () => {
    const id = await ask('远程协助', '协助整理会员名册', '2 小时');
    await approve(id);
    await upper.reload();
    await button(upper, '进入协助').click();
    await upper.waitForURL(/440103\..*\/console\//);
    for (const path of ['/console/', '/console/members', '/console/officers']) {
      await upper.goto(at('440103', path));
      await upper
        .getByRole('region', { name: '远程协助' })
        .getByText(/您正从广东省总工会协助本单位/)
        .waitFor();
    }
    await look(upper, 'supervise-helper');
    await upper.setViewportSize(phone);
    await look(upper, 'supervise-helper-phone');
    await upper.setViewportSize({ width: 1440, height: 900 });
    const roll = await send(upper, 'GET', '/v1/members?pageSize=1');
    assert.equal(roll.code, 200, JSON.stringify(roll.body));
    const beyond = await send(upper, 'POST', '/v1/depts', { name: '协助新建部门', parentId: '', sort: 0 });
    assert.equal(beyond.code, 403, 'a helper does what an officer may, no more');
  });

  await step('ended by the county, the open page is out at once', async () => {
    await button(lower, '终止').click();
    await over(lower, '终止“广东省总工会”的授权').getByRole('button', { name: '终止' }).click();
    await button(lower, '终止').waitFor({ state: 'detached' });
    const { code } = await send(upper, 'GET', '/v1/me');
    assert.equal(code, 401);
    await upper.goto(at('440103', '/console/members'));
    await upper.getByLabel('手机号', { exact: true }).waitFor();
  });

  await step('a stranger learns nothing', async () => {
    const stranger = await open();
    await signedIn(stranger, 'hq', account('supervisor', '440000').Phone, '/supervision');
    const { body } = await send(stranger, 'GET', '/v1/supervision/requests/01930000-0000-7000-8000-000000000001');
    assert.equal(body.reason, 'SUPERVISION_NOT_FOUND');
    const outside = await send(stranger, 'POST', '/v1/supervision/requests', {
      bodyCode: '510000',
      kind: 'details',
      capability: 'member.read',
      purposeKind: 'audit',
      purpose: '不在下级',
      minutes: 60,
    });
    assert.equal(outside.body.reason, 'BODY_NOT_FOUND');
  });

  await step('nothing went wrong behind the pages', async () => {
    for (const q of quiet) q();
  });
});
