/** A person at the page: finds, fills in, looks before, runs, and understands a refusal. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  chromiumInstalled,
  closeBrowser,
  closeExplorers,
  explore,
  field,
  goTo,
  type Visit,
  visit,
} from '../support/explorer.js';

afterEach(closeExplorers);
afterAll(closeBrowser);

const copied = (page: Visit): Promise<string> => page.evaluate('navigator.clipboard.readText()');
const run = (page: Visit) => page.locator('form button[type=submit]').click();

describe.skipIf(!chromiumInstalled)('somebody new', () => {
  it.each(['en-GB', 'zh-CN'])('issues, is refused, and copies the Python for it (%s)', async (locale) => {
    const explorer = await explore(['--sandbox', '--no-open']);
    const page = await visit(explorer, { locale });
    const [issue, refused, policy] =
      locale === 'en-GB'
        ? ['Issue a VPN certificate', 'Refused or failed', 'Show the policy that is missing']
        : ['签发 VPN 证书', '被拒绝或失败', '显示缺少的权限策略'];
    expect(await page.locator('h1').textContent()).toBe(issue);
    expect(new URL(page.url()).hash).toBe('');

    const server = field(page, 'ssl_vpn_server_id');
    await server.click();
    await page.getByRole('option', { name: 'singapore-office' }).click();
    expect(await field(page, 'region_id').inputValue()).toBe('ap-southeast-1');
    await field(page, 'name').fill('zhang.wei');
    await run(page);
    await page.locator('.call .badge.good').waitFor();
    expect(await page.locator('.call').textContent()).toMatch(/vsc-[\s\S]*zhang\.wei/);

    await server.fill('sub-user');
    await page.getByRole('option', { name: 'error-sub-user' }).click();
    expect(await field(page, 'region_id').inputValue()).toBe('cn-hangzhou');
    await run(page);
    const answer = page.locator('.call');
    await answer.locator('.badge.bad').waitFor();
    expect(await answer.textContent()).toContain(refused);
    expect(await answer.textContent()).toContain('Forbbiden.SubUser');
    await answer.getByRole('button', { name: policy }).click();
    expect(await answer.locator('pre').textContent()).toContain('"vpc:CreateSslVpnClientCert"');

    await page.locator('.look .code button').click();
    const python = await copied(page);
    expect(python).toMatch(/models\.CreateSslVpnClientCertRequest\([\s\S]*ssl_vpn_server_id="vss-sandbox-subuser"/);
    expect(page.complaints).toEqual([]);
  });

  it('does it by keyboard alone', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open']));
    const { keyboard } = page;
    await keyboard.press('/');
    await keyboard.type('revoke');
    await keyboard.press('Escape');
    await keyboard.press('Control+a');
    await keyboard.type('issue a vpn');
    await page.getByRole('option').first().waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await page.locator('h1:focus').waitFor();

    const tabTo = async (selector: string): Promise<void> => {
      // What is still switched off, until something has come, cannot be reached yet.
      await page.locator(selector).first().waitFor();
      for (let presses = 0; presses < 60; presses += 1) {
        if (await page.evaluate(`document.activeElement.matches('${selector}')`)) return;
        await keyboard.press('Tab');
      }
      throw new Error(`the keyboard does not reach ${selector}`);
    };
    await tabTo('form [role=combobox]');
    await page.getByRole('option', { name: 'singapore-office' }).waitFor();
    await keyboard.type('singap');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await tabTo('form input:not([role=combobox])[type=text]');
    await keyboard.type('li.na');
    await keyboard.press('Enter');
    await page.locator('.call .badge.good').waitFor();
    await tabTo('.call .ways button');
    await keyboard.press('Enter');
    await tabTo('dialog button.danger:not(:disabled)');
    await keyboard.press('Enter');
    await tabTo('dialog.question button.danger');
    await keyboard.press('Enter');
    await page.locator('dialog .badge.good').waitFor();
    await keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
  });
});

describe.skipIf(!chromiumInstalled)('find', () => {
  it('leads to tools, actions, parameters and error codes, by a few letters of them', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open']));
    for (const [asked, label, hash, title] of [
      ['revoke', 'Revoke a VPN certificate', '#/tools/delete_ssl_vpn_client_cert', 'Revoke a VPN certificate'],
      ['DescribeSslVpnClients', 'DescribeSslVpnClients', '#/tools/list_ssl_vpn_connections', 'Show who is connected'],
      ['RegionId', 'region_id', '#/tools/create_ssl_vpn_client_cert', 'Issue a VPN certificate'],
      ['forbbiden', 'Forbbiden.SubUser', '#/errors/Forbbiden.SubUser', 'Forbbiden.SubUser'],
      ['clock differs', 'InvalidTimeStamp.Expired', '#/errors/InvalidTimeStamp.Expired', 'InvalidTimeStamp.Expired'],
    ] as const) {
      await page.locator('#find').fill(asked);
      await page.getByRole('option').filter({ hasText: label }).first().click();
      await page.locator('h1:focus').getByText(title, { exact: true }).waitFor();
      await page.waitForURL((url) => url.hash === hash);
    }
    await page.locator('#find').fill('zzzzzz');
    await page.getByRole('option', { name: 'Nothing fits.', exact: true }).waitFor();
  });
});

describe.skipIf(!chromiumInstalled)('the form', () => {
  it('says at each field what the server says, while somebody types', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open']));
    await page.getByRole('button', { name: 'One that works' }).click();
    const name = field(page, 'name');
    await name.fill('9 lives');
    const problem = page.locator('.field.wrong');
    await problem.waitFor();
    expect(await problem.textContent()).toMatch(/name: "9 lives" is not accepted\. Accepted: 2-128 letters/);
    expect(await name.getAttribute('aria-invalid')).toBe('true');
    await name.fill('nine.lives');
    await problem.waitFor({ state: 'detached' });
  });

  it('names what is missing once it was run, and goes there', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open']));
    expect(await page.locator('.field.wrong').count()).toBe(0);
    await run(page);
    await page.locator('.field.wrong').first().waitFor();
    expect(await page.locator('.field.wrong').allInnerTexts()).toEqual([
      expect.stringContaining('ssl_vpn_server_id is missing.'),
      expect.stringContaining('region_id is missing.'),
    ]);
  });

  it('has a field for each kind of value', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open']));
    await page.goto(`${page.url()}#/tools/issue_ssl_vpn_client_certs`);
    await field(page, 'ssl_vpn_server_id').click();
    await page.getByRole('option', { name: 'hangzhou-office' }).click();
    await field(page, 'names').fill('anna\nbob, carl');
    await field(page, 'save_configs').selectOption('none');
    await field(page, 'renew_within_days').fill('30');
    await run(page);
    await page.locator('.call .badge.good').waitFor();
    await page.locator('.call').getByRole('radio', { name: 'JSON' }).check();
    const { created } = JSON.parse((await page.locator('.call pre').textContent()) ?? '');
    expect(created.map(({ name }: { name: string }) => name)).toEqual(['anna', 'bob', 'carl']);
  });
});

describe.skipIf(!chromiumInstalled)('look before', () => {
  it('shows the call in six languages and as it goes out, and sends nothing', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open']));
    await page.getByRole('button', { name: 'One that works' }).click();
    const code = page.locator('.look pre');
    for (const [language, says] of [
      ['Python', 'from alibabacloud_vpc20160428.client import Client'],
      ['TypeScript', "import Vpc, * as $Vpc from '@alicloud/vpc20160428'"],
      ['Go', 'package main'],
      ['Java', 'import com.aliyun.vpc20160428.Client;'],
      ['CLI', 'aliyun vpc CreateSslVpnClientCert'],
      ['Terraform', 'resource "alicloud_ssl_vpn_client_cert"'],
      ['Request', 'ACS3-HMAC-SHA256'],
    ] as const) {
      await page.locator('.look').getByRole('radio', { name: language, exact: true }).check();
      await code.filter({ hasText: says }).waitFor();
      expect(await code.textContent()).toContain('zhang.wei');
    }
    await field(page, 'name').fill('wang.fang');
    await code.filter({ hasText: 'wang.fang' }).waitFor();
    await page.goto(`${page.url().replace(/#.*/, '')}#/sandbox`);
    await page.locator('.log').waitFor();
    expect(await page.locator('.log').textContent()).not.toContain('CreateSslVpnClientCert');
  });
});

describe.skipIf(!chromiumInstalled)('a failure', () => {
  it('is followed by a click: the right region', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open']));
    await page.getByRole('button', { name: 'One that works' }).click();
    await field(page, 'region_id').fill('cn-hangzhou');
    await run(page);
    await page.locator('.call').getByRole('button', { name: 'Repeat in ap-southeast-1' }).click();
    await page.locator('.call .badge.good').waitFor();
    expect(await field(page, 'region_id').inputValue()).toBe('ap-southeast-1');
  });

  it('opens the certificates that fill the quota', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open']));
    await field(page, 'ssl_vpn_server_id').click();
    await page.getByRole('option', { name: 'error-quota-full' }).click();
    await run(page);
    await page.locator('.call').getByRole('button', { name: 'Open dave' }).click();
    await page.locator('dialog').getByText('vsc-sandbox-quota1').waitFor();
    await page.locator('dialog h2').filter({ hasText: 'dave' }).waitFor();
  });

  it('is safely repeated with its token where the change may have been made', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open', '--timeout', '2000', '--deadline', '6000']));
    await goTo(page, 'sandbox');
    await page.getByRole('combobox', { name: 'Fault' }).selectOption('hang-after');
    await page.getByLabel('It strikes').selectOption('CreateSslVpnClientCert');
    await goTo(page, 'try');
    await page.getByRole('button', { name: 'One that works' }).click();
    await run(page);
    await page.locator('.call').getByText('The change may have been made', { exact: true }).waitFor();
    await goTo(page, 'sandbox');
    await page.getByRole('button', { name: 'All well again' }).click();
    await goTo(page, 'calls');
    await page.locator('tbody tr').filter({ hasText: 'Client.Timeout' }).waitFor();
  });

  it('that is the end of the process is told as such', async () => {
    const explorer = await explore(['--sandbox', '--no-open']);
    const page = await visit(explorer);
    await page.getByRole('button', { name: 'One that works' }).click();
    await explorer.stop();
    await run(page);
    await page.locator('.call .problem').waitFor();
    expect(await page.locator('.call').textContent()).toContain('does not answer any more');
  });
});

describe.skipIf(!chromiumInstalled)('a long call', () => {
  it('shows its progress and can be cancelled', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open']));
    await goTo(page, 'sandbox');
    await page.getByLabel('Each answer takes').selectOption('1000');
    await goTo(page, 'try');
    await page.goto(`${page.url().replace(/#.*/, '')}#/tools/issue_ssl_vpn_client_certs`);
    await field(page, 'ssl_vpn_server_id').fill('vss-sandbox-hangzhou');
    await field(page, 'region_id').fill('cn-hangzhou');
    await field(page, 'names').fill(Array.from({ length: 40 }, (_, index) => `joiner-${index}`).join('\n'));
    await run(page);
    await page.locator('.call progress[value]').waitFor();
    await page.locator('.call').getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.call').getByText('Cancelled.').waitFor();
  });
});

describe.skipIf(!chromiumInstalled)('the secret', () => {
  it('leaves the address bar, outlives a reload, and is not in another tab', async () => {
    const explorer = await explore(['--sandbox', '--no-open']);
    const page = await visit(explorer);
    expect(page.url()).not.toContain(explorer.secret);
    await page.reload();
    await page.locator('.tools').waitFor();
    const other = await page.context().newPage();
    await other.goto(explorer.origin);
    await other.getByRole('alert').waitFor();
    expect(await other.locator('body').textContent()).toContain('needs the secret');
    expect(await other.evaluate('localStorage.length + document.cookie.length')).toBe(0);
  });
});
