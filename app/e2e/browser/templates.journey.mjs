// From above and below: a template that is published, inherited, locked; a post handed over with its rights; why, on the supervision
// host; the three administrators kept apart.
import assert from 'node:assert/strict';
import { accessible, settle, sideways } from './lib/look.mjs';
import { ordinal } from './lib/people.mjs';
import { account, at, journey, phone, send, signedIn } from './lib/world.mjs';

const city = account('admin', '440100');
const county = account('admin', '440103');
const officer = account('officer', '440103');
const security = account('security_admin', '440000');
const name = `查阅员${ordinal()}`;
const heir = `台账员${ordinal()}`;
const tail = Date.now() % 100000;

journey('templates', async ({ open, step }) => {
  const above = await open();
  const below = await open();
  const dialog = (page, title) => page.getByRole('dialog', { name: title });
  const button = (page, title) => page.getByRole('button', { name: title, exact: true });
  const looksRight = async (page) => {
    await settle(page);
    assert.deepEqual(await accessible(page), []);
    assert.ok(!(await sideways(page)), 'the page scrolls sideways');
  };
  const ok = async (page, method, path, body) => {
    const answer = await send(page, method, path, body);
    assert.equal(answer.code, 200, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  // What was given is in force within five seconds.
  const soon = async (page, path, code) => {
    const begin = Date.now();
    for (;;) {
      const answer = await send(page, 'GET', path);
      if (answer.code === code) return;
      assert.ok(Date.now() - begin < 5000, `${path} answers ${answer.code}, not ${code}`);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    }
  };

  await step('on the supervision host a role is made and published, open', async () => {
    await signedIn(above, 'hq', city.Phone, '/access/roles');
    await button(above, '新建角色').click();
    const form = dialog(above, '新建角色');
    await form.getByLabel('中文名称').fill(name);
    await form.getByLabel('标识').fill(`reader_${tail}`);
    await form.getByLabel('查找权限').fill('查看会员档案');
    await form.getByRole('combobox', { name: /^查看会员档案/ }).click();
    await above.getByTitle('允许，脱敏明细').click();
    await button(above, '保存').click();
    await above.getByRole('dialog').getByRole('heading', { name }).waitFor();
    await form.waitFor({ state: 'hidden' });
    await button(above, '下发为模板').click();
    await above.getByRole('menuitem', { name: /^开放/ }).click();
    await above.getByText('已下发给下级').waitFor();
    await looksRight(above);
  });

  await step('the union below inherits from it', async () => {
    await signedIn(below, county.Host, county.Phone, '/console/access/roles');
    const row = below.getByRole('listitem').filter({ has: below.getByRole('link', { name, exact: true }) });
    await row.getByText('开放模板').waitFor();
    await button(below, '新建角色').click();
    const form = dialog(below, '新建角色');
    await form.getByLabel('中文名称').fill(heir);
    await form.getByLabel('标识').fill(`heir_${tail}`);
    await form.getByRole('combobox', { name: '继承自' }).click();
    await below.locator('.ant-select-item-option', { hasText: name }).click();
    await button(below, '保存').click();
    await below.getByRole('dialog').getByRole('heading', { name: heir }).waitFor();
    await below.getByRole('dialog').getByText(name, { exact: true }).first().waitFor();
    await looksRight(below);
  });

  await step('locked, it can be used below and not copied', async () => {
    await button(above, '下发为模板').click();
    await above.getByRole('menuitem', { name: /^锁定/ }).click();
    await above.getByRole('dialog').getByRole('button', { name: '下发为模板' }).waitFor();
    await below.goto(at(county.Host, '/console/access/roles'));
    const row = below.getByRole('listitem').filter({ has: below.getByRole('link', { name, exact: true }) });
    await row.getByText('锁定模板').waitFor();
    await below.getByRole('link', { name, exact: true }).click();
    await below
      .getByRole('dialog')
      .getByText(/已锁定，不能复制或修改/)
      .waitFor();
    assert.equal(await below.getByRole('dialog').getByRole('button', { name: '采用并修改' }).count(), 0);
    await looksRight(below);
  });

  await step('a post is handed over, and what hangs on it goes with it', async () => {
    const found = await ok(below, 'GET', `/v1/officers?query=${encodeURIComponent(officer.Name)}`);
    const from = found.officers.find((one) => one.name === officer.Name);
    const depts = await ok(below, 'GET', '/v1/depts');
    const title = `档案岗${ordinal()}${tail}`;
    const post = await ok(below, 'POST', '/v1/posts', { deptId: depts.depts[0].id, name: title, headcount: 1 });
    await ok(below, 'POST', '/v1/appointments', { officerId: from.id, postId: post.id, startOn: '2025-01-01' });
    await ok(below, 'POST', '/v1/access/grants', {
      subject: { kind: 'post', id: post.id },
      capability: 'access.read',
      scope: { kind: 'body' },
    });
    const holder = await open();
    await signedIn(holder, officer.Host, officer.Phone, '/console');
    await soon(holder, '/v1/access/roles', 200);
    await below.goto(at(county.Host, `/console/access/posts/${post.id}`));
    await below.getByRole('button', { name: `交接 ${officer.Name}` }).click();
    const form = dialog(below, `交接“${title}”`);
    await form.getByRole('combobox', { name: '接任人' }).click();
    await below.locator('.ant-select-item-option').first().click();
    await form.getByRole('button', { name: '交接', exact: true }).click();
    await below.getByText('已交接，权限随岗位转移').waitFor();
    await soon(holder, '/v1/access/roles', 403);
    await below.getByText(officer.Name, { exact: true }).waitFor({ state: 'hidden' });
    await looksRight(below);
  });

  await step('from above: grants drawn on the tree, and why not', async () => {
    await above.goto(at('hq', '/access/grants'));
    await above.getByRole('list', { name: '组织树' }).or(above.locator('.body-tree')).first().waitFor();
    assert.equal(await button(above, '新增授权').count(), 0, 'rights are given in the body itself');
    await looksRight(above);
    await above.goto(at('hq', '/access/explain?act=member.read&at=440103'));
    await above.getByRole('status').filter({ hasText: '不能' }).waitFor();
    await above.getByText('谁可以授予').waitFor();
    await looksRight(above);
    await above.goto(at('hq', '/access/explain?act=member.read'));
    await above.getByText('随“管理员”身份').waitFor();
  });

  await step('the three administrators are kept apart, and only one of them may undo it', async () => {
    const page = await open();
    await signedIn(page, security.Host, security.Phone, '/console/access/separation');
    const turn = async (to) => {
      await button(page, to).click();
      await page.getByLabel('原因').fill('等级保护要求');
      await dialog(page, to).getByRole('button', { name: to, exact: true }).click();
      await dialog(page, to).waitFor({ state: 'hidden' });
    };
    const state = page.getByText(/^(已|未)启用$/);
    await state.waitFor();
    if ((await state.textContent()) === '已启用') await turn('停用三员分立');
    await page.getByText('未启用', { exact: true }).waitFor();
    await turn('启用三员分立');
    await page.getByText('已启用', { exact: true }).waitFor();
    await looksRight(page);
    // Their duties are nobody else's to be given, nor is business theirs.
    const people = await ok(page, 'GET', '/v1/access/subjects?kind=identity');
    const system = people.subjects.find((one) => one.note === 'system_admin');
    const refused = await send(page, 'POST', '/v1/access/grants', {
      subject: { kind: 'identity', id: system.id },
      capability: 'member.read',
      scope: { kind: 'body' },
    });
    assert.equal(refused.body.reason, 'GRANT_DUTY');
  });

  await step('on a phone nothing scrolls sideways', async () => {
    await above.setViewportSize(phone);
    for (const path of ['roles', 'grants', 'explain']) {
      await above.goto(at('hq', `/access/${path}`));
      await looksRight(above);
    }
  });
});
