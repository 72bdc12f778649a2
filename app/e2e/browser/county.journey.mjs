// A county administrator's working day.
import assert from 'node:assert/strict';
import { chinese, heard, settle, watch } from './lib/look.mjs';
import { citizenID, misread, mobile, ordinal } from './lib/people.mjs';
import { account, at, fillSignIn, journey, send, signedIn } from './lib/world.mjs';

const admin = account('admin', '440103');
const member = account('member', '440103');
const host = admin.Host;
const numberOf = (text) => Number(text.replaceAll(',', '').match(/\d+/)[0]);

const first = { name: '欧阳若兰', id: citizenID('440103', 1988), phone: mobile() };
const dept = `第${ordinal()}工作部`;
const second = { name: '冼振邦', id: citizenID('440103', 1979), phone: mobile() };

journey('county', async ({ open, step }) => {
  const page = await open();
  const { quiet } = watch(page);
  const data = heard(page);
  const drawer = (name) => page.getByRole('dialog', { name });
  const menu = page.getByRole('navigation', { name: '菜单' });
  const go = (name) => menu.getByRole('link', { name, exact: true }).click();
  // Escape belongs to the form until it has slid away.
  const shut = async (detail) => {
    do await page.keyboard.press('Escape');
    while (
      !(await detail.waitFor({ state: 'hidden', timeout: 1000 }).then(
        () => true,
        () => false,
      ))
    );
  };
  const said = (text) => page.getByText(text).first().waitFor();

  await step('a wrong password is said clearly and loses nothing', async () => {
    await page.goto(at(host, '/console/'));
    await page.waitForURL('**/console/sign-in');
    await page
      .getByRole('heading', { name: '广州市荔湾区总工会' })
      .or(page.getByRole('heading', { name: '荔湾区总工会' }))
      .waitFor();
    await fillSignIn(page, admin.Phone, 'not-the-password-1');
    const alert = page.getByRole('alert').filter({ hasText: '手机号或密码不对' });
    await alert.waitFor();
    assert.equal(await page.getByLabel('手机号', { exact: true }).inputValue(), admin.Phone);
    assert.equal(await page.getByLabel('密码', { exact: true }).inputValue(), 'not-the-password-1');
  });

  await step('the right one leads home, with figures', async () => {
    await fillSignIn(page, admin.Phone);
    const figures = page.getByRole('region', { name: '本单位数据' });
    await figures.getByText('更新').first().waitFor();
    assert.ok(
      numberOf(
        await figures
          .getByText('会员数', { exact: true })
          .locator('..')
          .getByText(/^[\d,]+\s*人$/)
          .innerText(),
      ) > 10,
    );
    await page
      .getByRole('region', { name: '起步' })
      .getByRole('link', { name: /选定主题色和标志/ })
      .waitFor();
    for (const entry of ['首页', '组织', '干部', '会员', '导入', '变更申请', '重复会籍', '验证会员卡', '设置'])
      await menu.getByRole('link', { name: entry, exact: true }).waitFor();
  });

  let total = 0;
  await step('a wrong ID number is refused under its field, then corrected', async () => {
    await go('会员');
    await settle(page);
    total = numberOf(await page.getByText(/^共 [\d,]+ 名会员$/).innerText());
    await page.getByRole('button', { name: '登记会员' }).click();
    const form = drawer('登记会员');
    await form.getByLabel('姓名').fill(first.name);
    await form.getByLabel('证件号码').fill(misread(first.id));
    await form.getByLabel('手机号').fill(first.phone);
    await form.getByLabel('工作单位').fill('荔湾区逢源小学');
    await form.getByRole('button', { name: '保存' }).click();
    await form.getByText('校验位不符').waitFor();
    assert.equal(await form.getByLabel('姓名').inputValue(), first.name);
    await form.getByLabel('证件号码').fill(first.id);
    await form.getByRole('button', { name: '保存' }).click();
    await said('已登记');
    await drawer(first.name).getByText('荔湾区逢源小学').waitFor();
    await form.waitFor({ state: 'hidden' });
  });

  await step('the drawer stands in the address and outlives a reload', async () => {
    assert.match(page.url(), /\/console\/members\/[0-9a-f-]{36}/);
    await page.reload();
    const detail = drawer(first.name);
    await detail.getByText('荔湾区逢源小学').waitFor();
    await detail.getByText(/^1988-\d\d-\d\d$/).waitFor();
    assert.ok(!(await detail.innerText()).includes(first.id), 'the ID number is masked');
    await shut(detail);
    assert.match(page.url(), /\/console\/members$/);
  });

  await step('Enter saves a second one, and the list counts both', async () => {
    await page.getByRole('button', { name: '登记会员' }).click();
    const form = drawer('登记会员');
    await form.getByLabel('姓名').fill(second.name);
    await form.getByLabel('证件号码').fill(second.id);
    await form.getByLabel('手机号').fill(second.phone);
    await form.getByLabel('手机号').press('Enter');
    await drawer(second.name).waitFor();
    await shut(drawer(second.name));
    await page.getByText(`共 ${(total + 2).toLocaleString('en-US')} 名会员`).waitFor();
  });

  await step('the same ID number twice is refused under its field', async () => {
    await page.getByRole('button', { name: '登记会员' }).click();
    const form = drawer('登记会员');
    await form.getByLabel('姓名').fill('重名者');
    await form.getByLabel('证件号码').fill(second.id);
    await form.getByLabel('手机号').focus();
    await form.getByText('已是本单位会员').waitFor();
    assert.match(
      await form.getByRole('link', { name: '查看档案' }).getAttribute('href'),
      /\/members\/[0-9a-f-]{36}\/file$/,
    );
    await form.getByRole('button', { name: '保存' }).click();
    await form.getByText('相同证件号').waitFor();
    await form.getByRole('button', { name: '取消' }).click();
    await page.getByRole('button', { name: '不保存，离开' }).click();
    await form.waitFor({ state: 'hidden' });
  });

  const search = page.getByRole('searchbox', { name: '搜索会员' });
  await step('found by pinyin initials and by the last digits of the phone', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('oyrl');
    await page.getByRole('link', { name: first.name }).first().waitFor();
    await page.waitForURL(/q=oyrl/);
    await page.getByRole('link', { name: second.name }).first().waitFor({ state: 'hidden' });
    await search.fill(second.phone.slice(-4));
    await page.getByRole('link', { name: second.name }).first().waitFor();
    await search.fill('查无此人');
    await page.getByText('没有符合条件的记录').waitFor();
    await page.getByRole('button', { name: '清除条件' }).click();
    await page.getByText(/^共 [\d,]+ 名会员$/).waitFor();
  });

  await step('edited', async () => {
    await search.fill(first.phone.slice(-4));
    await page.waitForURL(/q=\d/);
    await page.getByRole('link', { name: second.name }).first().waitFor({ state: 'hidden' });
    await settle(page);
    await page.getByRole('link', { name: first.name }).click();
    const detail = drawer(first.name);
    await detail.getByRole('button', { name: '编辑档案' }).click();
    const form = drawer('编辑档案');
    await form.getByLabel('职务或工种').fill('语文教师');
    await form.getByRole('button', { name: '保存' }).click();
    await form.waitFor({ state: 'hidden' });
    await detail.getByText('语文教师').waitFor();
  });

  await step('ID number and phone are shown for a reason only', async () => {
    const detail = drawer(first.name);
    await detail.getByRole('button', { name: '查看完整证件号' }).click();
    const form = drawer(/的完整信息$/);
    await form.getByRole('button', { name: '查看', exact: true }).click();
    await form.getByText('请写明事由').waitFor();
    await form.getByLabel('查看事由').fill('核对互助保障材料');
    await form.getByRole('button', { name: '查看', exact: true }).click();
    await detail.getByText(first.id).waitFor();
    await detail.getByText(first.phone).waitFor();
    await detail.getByText(/秒后自动隐藏/).waitFor();
  });

  await step('ended, restored, and all of it in the history', async () => {
    const detail = drawer(first.name);
    await detail.getByRole('button', { name: '终止会籍' }).click();
    const end = drawer(/^终止.*的会籍$/);
    await end.getByLabel('说明').fill('调往外省');
    await end.getByRole('button', { name: '终止会籍' }).click();
    await end.waitFor({ state: 'hidden' });
    await detail.getByText('已退会').first().waitFor();
    await detail.getByRole('button', { name: '恢复会籍' }).click();
    const restore = drawer(/^恢复.*的会籍$/);
    await restore.getByRole('button', { name: '恢复会籍' }).click();
    await restore.waitFor({ state: 'hidden' });
    await detail.getByText('在会').first().waitFor();
    await detail.getByRole('tab', { name: '变更记录' }).click();
    for (const what of ['入会', '修改档案', '退会', '恢复会籍', '说明：调往外省']) {
      await detail.getByRole('listitem').filter({ hasText: what }).first().waitFor();
    }
    await detail.getByText(`经办：${admin.Name}`).first().waitFor();
    await shut(detail);
  });

  await step('the whole file has a page of its own, and its member is invited by link and code', async () => {
    await page.getByRole('link', { name: first.name }).first().click();
    await drawer(first.name).getByRole('link', { name: '完整档案' }).click();
    await page.getByRole('heading', { name: first.name }).waitFor();
    await page.getByRole('region', { name: '变更记录' }).getByText('修改档案').first().waitFor();
    await page.getByRole('button', { name: '邀请登录' }).click();
    const invitation = drawer(`邀请${first.name}登录会员端`);
    await invitation.getByRole('img', { name: '邀请二维码' }).waitFor();
    assert.match(await invitation.getByLabel('邀请链接').inputValue(), new RegExp(`^http://${host}\\.`));
    await invitation.getByRole('button', { name: '关闭' }).click();
    await invitation.waitFor({ state: 'hidden' });
  });

  await step('the sheet for the wall leads to where members claim their files', async () => {
    await go('会员');
    await page.getByRole('button', { name: '认领二维码' }).click();
    await page.getByRole('img', { name: new RegExp(`${host}\\..*/join`) }).waitFor();
    await page.emulateMedia({ media: 'print' });
    assert.equal(await menu.isVisible(), false, 'the menu is not printed');
    await page.emulateMedia({ media: 'screen' });
  });

  await step('what a member asks for is compared, approved, or refused with a reason', async () => {
    const holder = await open();
    await signedIn(holder, host, member.Phone, '/healthz');
    const { body: own } = await send(holder, 'GET', '/v1/own/member');
    const ask = (address) =>
      send(holder, 'POST', '/v1/own/requests', { fields: { ...own.fields, idNumber: '', phone: '', address } });
    const address = `广州市荔湾区多宝路 ${second.phone.slice(-3)} 号`;
    assert.equal((await ask(address)).code, 200);
    await page.reload();
    await menu.getByRole('link', { name: /^变更申请\s*1 件待办$/ }).click();
    await page.getByText('1 件待办').last().waitFor();
    await page.getByRole('link', { name: member.Name }).first().click();
    const request = page.getByRole('dialog').filter({ hasText: '申请时间' });
    await request.getByText(address).waitFor();
    await request.getByRole('button', { name: '批准' }).click();
    await drawer(`批准${member.Name}的变更？`).getByRole('button', { name: '批准' }).click();
    await said('已批准，档案已更新');
    await request.getByText('已批准').waitFor();
    await shut(request);
    await page.getByText('没有待办的申请').waitFor();
    assert.equal((await send(holder, 'GET', '/v1/own/member')).body.fields.address, address);

    assert.equal((await ask('查无此处 1 号')).code, 200);
    await page.reload();
    await page.getByRole('link', { name: member.Name }).first().click();
    await request.getByRole('button', { name: '退回' }).click();
    const refuse = drawer(`退回${member.Name}的申请`);
    await refuse.getByRole('button', { name: '退回' }).click();
    await refuse.getByText('请写明退回原因').waitFor();
    await refuse.getByLabel('退回原因').fill('地址与社保登记不符');
    await refuse.getByRole('button', { name: '退回' }).click();
    await refuse.waitFor({ state: 'hidden' });
    await request.getByText('地址与社保登记不符').waitFor();
    await shut(request);
  });

  await step('nobody is wanted twice yet, and the page says what it will show', async () => {
    await go('重复会籍');
    await page.getByText('没有重复会籍').waitFor();
  });

  const act = async (on, name) => {
    await page
      .getByRole('region', { name: on, exact: true })
      .getByRole('button', { name: new RegExp(on) })
      .click();
    await page.getByRole('menuitem', { name, exact: true }).click();
  };
  await step('departments and posts', async () => {
    await go('组织');
    await page.getByRole('tab', { name: '部门与岗位' }).click();
    await page.getByRole('button', { name: '新建部门' }).click();
    const form = drawer('新建部门');
    await form.getByLabel('部门名称').fill('办公室');
    await form.getByRole('button', { name: '保存' }).click();
    await form.getByText('同级已有同名部门').waitFor();
    await form.getByLabel('部门名称').fill(`${dept}（筹）`);
    await form.getByRole('button', { name: '保存' }).click();
    await form.waitFor({ state: 'hidden' });
    await act(`${dept}（筹）`, '编辑部门');
    const change = drawer('编辑部门');
    await change.getByLabel('部门名称').fill(dept);
    await change.getByRole('button', { name: '保存' }).click();
    const posts = page.getByRole('region', { name: dept, exact: true });
    await posts.getByText('这个部门还没有岗位').waitFor();

    for (const name of ['部长', '干事']) {
      await posts.getByRole('button', { name: '新建岗位' }).click();
      const post = drawer('新建岗位');
      await post.getByLabel('岗位名称').fill(name);
      await post.getByRole('button', { name: '保存' }).click();
      await post.waitFor({ state: 'hidden' });
      await posts.getByText(name, { exact: true }).waitFor();
    }
    await posts.getByRole('button', { name: '编辑岗位 干事' }).click();
    const post = drawer('编辑岗位');
    await post.getByLabel('编制数').fill('2');
    await post.getByRole('button', { name: '保存' }).click();
    await posts.getByText('0 / 2').waitFor();
    await posts.getByRole('button', { name: '删除岗位 干事' }).click();
    await drawer(/删除岗位/)
      .getByRole('button', { name: '删除岗位' })
      .click();
    await posts.getByText('干事', { exact: true }).waitFor({ state: 'hidden' });

    await act(dept, '删除部门');
    await drawer(/删除部门/)
      .getByRole('button', { name: '删除部门' })
      .click();
    await said('部门下还有岗位');
  });

  await step('the line upward and the profile', async () => {
    await page.getByRole('tab', { name: '上下级' }).click();
    const up = page.getByRole('region', { name: '上级工会' });
    for (const name of ['中华全国总工会', '广东省总工会', '广州市总工会'])
      await up.getByText(name, { exact: true }).waitFor();
    await page.getByRole('tab', { name: '概况' }).click();
    await page.getByLabel('联系电话').fill('020-81812345');
    await page.getByLabel('邮政编码').fill('51');
    await page.getByLabel('地址', { exact: true }).fill('广州市荔湾区逢源路 128 号');
    await page.getByText('邮政编码为 6 位数字').waitFor();
    await page.getByLabel('邮政编码').fill('510150');
    await page.getByRole('button', { name: '保存' }).click();
    await said('已保存');
  });

  const officer = { name: '区颖芝', phone: mobile() };
  await step('an officer is added, appointed, and leaves the post', async () => {
    await go('干部');
    await page.getByRole('button', { name: '添加干部' }).click();
    const form = drawer('添加干部');
    await form.getByLabel('姓名').fill(officer.name);
    await form.getByLabel('手机号').fill('1353');
    await form.getByRole('button', { name: '保存' }).click();
    await form.locator('[aria-invalid="true"]').waitFor();
    await form.getByLabel('手机号').fill(officer.phone);
    await form.getByLabel('职务').fill(`${dept}部长`);
    await form.getByRole('button', { name: '保存' }).click();
    await form.waitFor({ state: 'hidden' });
    const detail = drawer(officer.name);
    await detail.getByText('还没有任职记录').waitFor();
    await detail.getByRole('button', { name: '任职', exact: true }).click();
    const appoint = drawer(`为${officer.name}任职`);
    await appoint.getByLabel('岗位').click();
    await page.keyboard.type('部长');
    await page.getByTitle('部长（0/1）').last().click();
    await appoint.getByLabel('批准文号').fill('荔工发〔2026〕12号');
    await appoint.getByRole('button', { name: '任职', exact: true }).click();
    await appoint.waitFor({ state: 'hidden' });
    await detail.getByText(new RegExp(`${dept} · .* 起 · 荔工发〔2026〕12号`)).waitFor();
    await detail.getByRole('button', { name: '免职 部长' }).click();
    const end = drawer('结束“部长”的任职');
    await end.getByRole('button', { name: '免职' }).click();
    await end.waitFor({ state: 'hidden' });
    await detail.getByText(new RegExp(`${dept} · .* 至 `)).waitFor();
    await shut(detail);
  });

  await step('a module that is off is off the menu, and its page says so', async () => {
    await go('设置');
    await page.getByRole('tab', { name: '功能' }).click();
    const toggle = page.getByRole('switch', { name: /^会员/ });
    await toggle.click();
    await said(/^已停用会员管理/);
    await menu.getByRole('link', { name: '会员', exact: true }).waitFor({ state: 'hidden' });
    await page.goto(at(host, '/console/members'));
    await page
      .getByText(/尚未启用|没有查看权限|停用/)
      .first()
      .waitFor();
    await page.getByRole('searchbox', { name: '搜索会员' }).waitFor({ state: 'hidden' });
    await page.goto(at(host, '/console/settings/modules'));
    await toggle.click();
    await said(/^已启用会员管理/);
    await go('会员');
    await page.getByText(/^共 [\d,]+ 名会员$/).waitFor();
  });

  await step('the devices', async () => {
    await page.goto(at(host, '/console/settings/account'));
    const sessions = page.getByRole('region', { name: '登录设备' });
    await sessions.getByText('本机').waitFor();
    await sessions.getByText('127.0.0.1').first().waitFor();
  });

  await step('English, without a Chinese word but for data', async () => {
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    for (const path of [
      '/',
      '/organisation/profile',
      '/organisation/departments',
      '/organisation/hierarchy',
      '/officers',
      '/officers/invitations',
      '/members',
      '/members/poster',
      '/imports',
      '/imports/new',
      '/requests',
      '/duplicates',
      '/scan',
      '/branding',
      '/settings/modules',
      '/settings/account',
    ]) {
      await page.goto(at(host, `/console${path}`));
      await page.getByRole('heading').first().waitFor();
      await settle(page);
      assert.deepEqual(await chinese(page, data), [], path);
    }
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('heading', { name: '设置' }).waitFor();
  });

  await step('dark', async () => {
    const ink = () => page.evaluate(() => getComputedStyle(document.body).color);
    const light = await ink();
    await page.getByRole('button', { name: '外观' }).click();
    await page.getByRole('menuitem', { name: '深色' }).click();
    await page.waitForFunction((was) => getComputedStyle(document.body).color !== was, light);
    await page.reload();
    await page.getByRole('heading', { name: '设置' }).waitFor();
    assert.notEqual(await ink(), light, 'dark outlives a reload');
  });

  await step('out, and the page is shut', async () => {
    await page.getByRole('button', { name: `账号：${admin.Name}` }).click();
    await page.getByRole('menuitem', { name: '退出登录' }).click();
    await page.waitForURL('**/console/sign-in');
    await page.goto(at(host, '/console/members'));
    await page.waitForURL('**/console/sign-in?**');
    await page.getByText('请先登录，随').waitFor();
    assert.ok(!(await page.locator('body').innerText()).includes(first.name));
  });

  await step('nothing went wrong behind the page', async () => quiet());
});
