// The first administrator of a body comes in by the link of an invitation.
import assert from 'node:assert/strict';
import { watch } from './lib/look.mjs';
import { fillSignIn, journey, world } from './lib/world.mjs';

journey('invite', async ({ open, step }) => {
  const page = await open();
  const { quiet } = watch(page);
  const password = page.getByLabel('登录密码');
  const again = page.getByLabel('再输一次');
  const accept = page.getByRole('button', { name: '设置密码并登录' });

  await step('weak passwords are refused with a reason', async () => {
    await page.goto(world.invitation);
    await page.getByText('接受邀请').waitFor();
    await page.getByRole('heading', { name: /海珠区总工会/ }).waitFor();
    await password.fill('abc');
    await again.click();
    await page.getByText('密码至少 8 位').waitFor();
    for (const weak of ['aaaaaaaa', '13912345678a']) {
      await password.fill(weak);
      await again.fill(weak);
      // The refusal of the one before goes with the first key, and the button moves up.
      await page.getByText('新密码太简单').waitFor({ state: 'hidden' });
      await page.locator('.ant-btn-loading').waitFor({ state: 'detached' });
      await accept.click();
      await page.getByText('新密码太简单').waitFor();
    }
    await password.fill('haizhu-2026-gh');
    await again.fill('haizhu-2026');
    await accept.click();
    await page.getByText('两次输入不一致').waitFor();
  });

  await step('a good one leads into the console', async () => {
    await again.fill('haizhu-2026-gh');
    await accept.click();
    await page.waitForURL(/\/console\/?$/);
    await page.getByRole('button', { name: '账号：林海珠' }).waitFor();
    await page.getByRole('heading', { name: /海珠区总工会/ }).waitFor();
  });

  await step('the link is spent', async () => {
    const stranger = await open();
    await stranger.goto(world.invitation);
    await stranger.getByLabel('登录密码').fill('another-2026-gh');
    await stranger.getByLabel('再输一次').fill('another-2026-gh');
    await stranger.getByRole('button', { name: '设置密码并登录' }).click();
    await stranger.getByText('邀请已失效').waitFor();
    assert.equal((await stranger.context().cookies()).length, 0);
  });

  await step('the password opens the door again', async () => {
    await page.getByRole('button', { name: '账号：林海珠' }).click();
    await page.getByRole('menuitem', { name: '退出登录' }).click();
    await fillSignIn(page, '139 1234 5678', 'haizhu-2026-gh');
    await page.getByRole('button', { name: '账号：林海珠' }).waitFor();
  });

  await step('nothing went wrong behind the page', async () => quiet());
});
