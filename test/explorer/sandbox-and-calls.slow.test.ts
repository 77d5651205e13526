/** The page's sandbox and its record of calls. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { chromiumInstalled, closeBrowser, closeExplorers, explore, field, goTo, visit } from '../support/explorer.js';

afterEach(closeExplorers);
afterAll(closeBrowser);

describe.skipIf(!chromiumInstalled)('the sandbox', () => {
  it('fails as it is told, shows what reached it, and is well again', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open']));
    const log = page.locator('.log tbody tr');
    await goTo(page, 'sandbox');
    await page.getByRole('combobox', { name: 'Fault' }).selectOption('html-before');
    await page.getByRole('combobox', { name: 'It strikes' }).selectOption('CreateSslVpnClientCert');
    await goTo(page, 'try');
    await page.getByRole('button', { name: 'One that works' }).click();
    await page.locator('form button[type=submit]').click();
    await goTo(page, 'sandbox');
    await log.filter({ hasText: 'CreateSslVpnClientCert' }).filter({ hasText: '503' }).nth(1).waitFor();
    await page.getByRole('button', { name: 'All well again' }).click();
    await page.locator('button:disabled').getByText('All well again').waitFor();
    await goTo(page, 'try');
    await page.locator('form button[type=submit]').click();
    await page.locator('.call .badge.good').waitFor();
    await goTo(page, 'sandbox');
    await log.filter({ hasText: 'CreateSslVpnClientCert' }).filter({ hasText: '200' }).first().waitFor();

    await page.getByRole('combobox', { name: 'Requests let through' }).selectOption('0.5');
    await page.goto(`${page.url().replace(/#.*/, '')}#/tools/list_regions`);
    await page.locator('form button[type=submit]').click();
    await goTo(page, 'sandbox');
    await page.getByRole('combobox', { name: 'Requests let through' }).selectOption('1');
    await goTo(page, 'certificates');
    await goTo(page, 'sandbox');
    await log.filter({ hasText: 'Throttling.User' }).first().waitFor();
    expect(page.complaints).toEqual([]);
  });

  it('is not shown where the calls go to a cloud', async () => {
    const page = await visit(await explore(['--no-open']));
    expect(await page.locator('header nav a').allTextContents()).toEqual(['Try', 'Certificates', 'Calls']);
    expect(await page.getByText('This is a sandbox').count()).toBe(0);
  });
});

describe.skipIf(!chromiumInstalled)('the calls', () => {
  it('stand with time, attempts and request id, and can be made again', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open']));
    await field(page, 'ssl_vpn_server_id').click();
    // It makes each certificate and loses the first answer.
    await page.getByRole('option', { name: 'flaky-network' }).click();
    await field(page, 'name').fill('zhang.wei');
    await page.locator('form button[type=submit]').click();
    await page.locator('.call .badge.good').waitFor();
    await page.goto(`${page.url().replace(/#.*/, '')}#/tools/get_ssl_vpn_client_cert`);
    await field(page, 'region_id').fill('cn-hangzhou');
    await field(page, 'ssl_vpn_client_cert_id').fill('vsc-nowhere');
    await page.locator('form button[type=submit]').click();
    await page.locator('.call .badge.bad').waitFor();
    await goTo(page, 'calls');
    await page.locator('tbody tr').nth(1).waitFor();
    const rows = await page.locator('tbody tr').allTextContents();
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(/InvalidSslVpnClientCertId\.NotFound.*ms.*[0-9A-F]{8}-/);
    expect(rows[1]).toMatch(/zhang\.wei.*ok\d+ ms2[0-9A-F]{8}-/);
    await page.locator('tbody tr').nth(1).getByText('Try again').click();
    await expect.poll(() => field(page, 'name').inputValue(), { timeout: 30_000 }).toBe('zhang.wei');
  });
});
