// A member on a phone.
import assert from 'node:assert/strict';
import { chinese, heard, overlaps, settle, sideways, watch } from './lib/look.mjs';
import { account, at, fillSignIn, journey, phone } from './lib/world.mjs';

const member = account('member', '440103');

journey('member', async ({ open, step }) => {
  const page = await open({ viewport: phone, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
  const { quiet } = watch(page);
  const data = heard(page);
  const tab = (name) => page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name });
  const fits = async () => {
    await settle(page);
    assert.equal(await sideways(page), 0);
    assert.deepEqual(await overlaps(page), []);
  };

  await step('signs in by phone and password', async () => {
    await page.goto(at(member.Host));
    await page.getByText('广州市荔湾区总工会').first().waitFor();
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByText('请输入 11 位手机号').waitFor();
    await page.getByText('请输入密码').waitFor();
    await fillSignIn(page, member.Phone, 'wrong-password-9');
    await page.getByRole('alert').filter({ hasText: '手机号或密码不对' }).waitFor();
    assert.equal(await page.getByLabel('手机号', { exact: true }).inputValue(), member.Phone);
    await fillSignIn(page, member.Phone);
    await page.getByRole('region', { name: '会员证' }).waitFor();
  });

  await step('the card and the union', async () => {
    const card = page.getByRole('region', { name: '会员证' });
    for (const text of [member.Name, '在册', '所属工会', '入会日期']) await card.getByText(text).first().waitFor();
    assert.match(await card.innerText(), /\d{4}-\d{2}-\d{2}/);
    const union = page.getByRole('region', { name: '我的工会' });
    for (const name of ['中华全国总工会', '广东省总工会', '广州市总工会'])
      await union.getByText(name, { exact: true }).waitFor();
    await fits();
  });

  await step('the elder version is larger', async () => {
    await tab('我的').click();
    await page.getByRole('heading', { name: '我的' }).waitFor();
    const size = () => page.getByText('登录设备').evaluate((e) => Number.parseFloat(getComputedStyle(e).fontSize));
    const before = await size();
    await page.getByRole('switch', { name: /长辈版/ }).click();
    assert.ok((await size()) >= 18 && (await size()) > before);
    for (const name of ['登录设备', '修改密码']) {
      assert.ok((await page.getByRole('link', { name }).boundingBox()).height >= 60, `${name} is a large target`);
    }
    assert.ok((await page.getByRole('button', { name: '退出登录' }).boundingBox()).height >= 60);
    await fits();
    await tab('首页').click();
    await page.getByRole('region', { name: '会员证' }).waitFor();
    await fits();
    await page.reload();
    await tab('我的').click();
    assert.equal(await page.getByRole('switch', { name: /长辈版/ }).getAttribute('aria-checked'), 'true');
    await page.getByRole('switch', { name: /长辈版/ }).click();
  });

  await step('dark, and English without a Chinese word but for data', async () => {
    const ink = () => page.evaluate(() => getComputedStyle(document.body).color);
    const light = await ink();
    await page.getByRole('radio', { name: '深色', exact: true }).check();
    assert.notEqual(await ink(), light);
    await page.getByRole('radio', { name: 'English', exact: true }).check();
    await page.getByRole('heading', { name: 'Me', exact: true }).waitFor();
    for (const path of ['/me', '/', '/me/devices', '/me/password']) {
      await page.goto(at(member.Host, path));
      await page.getByRole('heading').first().waitFor();
      await settle(page);
      assert.deepEqual(await chinese(page, data), [], path);
      await fits();
    }
    await page.goto(at(member.Host, '/me'));
    await page.getByRole('radio', { name: '中文', exact: true }).check();
    await page.getByRole('radio', { name: '浅色', exact: true }).check();
  });

  await step('another device is signed out from afar', async () => {
    const other = await open({
      viewport: phone,
      userAgent: 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36',
    });
    await other.goto(at(member.Host));
    await fillSignIn(other, member.Phone);
    await other.getByRole('region', { name: '会员证' }).waitFor();
    await page.getByRole('link', { name: '登录设备' }).click();
    await page.getByText('本机', { exact: true }).waitFor();
    const others = page.getByRole('main').getByRole('button', { name: /^退出/ });
    while ((await others.count()) > 0) {
      const left = await others.count();
      await others.first().click();
      const ask = page.getByRole('dialog');
      await ask.getByRole('button', { name: '退出' }).click();
      await ask.waitFor({ state: 'hidden' });
      await page.waitForFunction((n) => document.querySelectorAll('main .rows button').length < n, left);
    }
    await page.getByText('没有其他设备登录').waitFor();
    await other.reload();
    await other.getByLabel('密码', { exact: true }).waitFor();
  });

  await step('a weak password is refused with a reason', async () => {
    await page.goto(at(member.Host, '/me/password'));
    await page.getByLabel('原密码').fill('gonghui-2026');
    await page.getByLabel('新密码', { exact: true }).fill('aaaaaaaa');
    await page.getByLabel('再输一遍新密码').fill('aaaaaaaa');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('至少含两类字符').waitFor();
  });

  await step('the console is not for members', async () => {
    await page.goto(at(member.Host, '/console/members'));
    await page.getByText('这里供工会工作人员使用').waitFor();
  });

  await step('out', async () => {
    await page.goto(at(member.Host, '/me'));
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.getByLabel('密码', { exact: true }).waitFor();
    await page.goto(at(member.Host, '/me/devices'));
    await page.getByLabel('密码', { exact: true }).waitFor();
  });

  await step('nothing went wrong behind the page', async () => quiet());
});
