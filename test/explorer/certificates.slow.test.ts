/** The page's certificates: everywhere, when they run out, who is connected, and what is done with several. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/http.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import {
  chromiumInstalled,
  closeBrowser,
  closeExplorers,
  type Explorer,
  explore,
  goTo,
  type Visit,
  visit,
} from '../support/explorer.js';

afterEach(async () => {
  await closeExplorers();
  await closeAll();
});
afterAll(closeBrowser);

const DAY_MS = 86_400_000;

function seed(sandbox: Sandbox, name: string, index: number, expiresInDays: number): void {
  sandbox.cloud.seed({
    SslVpnClientCertId: `vsc-seed-${index}`,
    Name: name,
    RegionId: REGION,
    SslVpnServerId: SERVER,
    CreateTime: Date.now() - DAY_MS - index,
    EndTime: Date.now() + expiresInDays * DAY_MS + DAY_MS / 2,
  });
}

function exploring({ url, credentials }: Sandbox): Promise<Explorer> {
  return explore(['--no-open'], {
    ALIBABA_CLOUD_VPC_ENDPOINT: url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: credentials.accessKeySecret,
  });
}

async function certificatesOf(explorer: Explorer): Promise<Visit> {
  const page = await visit(explorer);
  await goTo(page, 'certificates');
  await page.locator('.row .name button').first().waitFor();
  await page.getByText('in every region').waitFor();
  return page;
}

const names = (page: Visit): Promise<string[]> => page.locator('.row .name').allTextContents();
/** Waits until these are shown and no others, in whatever order. */
const shows = (page: Visit, expected: string[]) =>
  expect.poll(async () => (await names(page)).sort(), { timeout: 30_000 }).toEqual(expected);
const choose = (page: Visit, name: string) =>
  page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check();

describe.skipIf(!chromiumInstalled)('certificates', () => {
  it('of every region are found by name, server and time, with who is connected', async () => {
    const page = await certificatesOf(await explore(['--sandbox', '--no-open']));
    expect(await names(page)).toEqual(expect.arrayContaining(['alice', 'bob', 'carol', 'dave', 'erin', 'frank']));
    await page.getByText('2 connected').waitFor();
    await page.locator('.row').filter({ hasText: 'alice' }).filter({ hasText: '2 connected' }).waitFor();
    await page.getByRole('region', { name: 'Who is connected' }).filter({ hasText: '192.0.2.111' }).waitFor();

    // A gateway that is too old to tell.
    await page.locator('.gaps').getByText('vpn-sandbox-hangzhou').waitFor();

    const search = page.getByRole('searchbox');
    await search.fill('CAR');
    await shows(page, ['carol']);
    await search.fill('quota-full');
    await shows(page, ['dave', 'erin', 'frank']);
    await search.fill('');
    await page.getByRole('button', { name: 'expired' }).click();
    await shows(page, ['carol', 'dave']);
    await page.getByRole('button', { name: 'within 7 days' }).click();
    await shows(page, ['bob']);
    await page.getByRole('button', { name: 'within 7 days' }).click();
    await page.getByRole('checkbox', { name: 'connected now' }).check();
    await shows(page, ['alice', 'bob']);
    await page.getByRole('checkbox', { name: 'connected now' }).uncheck();

    const bars = page.locator('.bars button');
    const counts = (await bars.evaluateAll((all) => all.map((bar) => bar.getAttribute('aria-label') ?? ''))).map(
      (label) => Number(/: (\d+) /.exec(label)?.[1]),
    );
    // Four of the six are not expired.
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
    const full = counts.findIndex((count) => count > 0);
    await bars.nth(full).click();
    await expect.poll(() => names(page), { timeout: 30_000 }).toHaveLength(counts[full] ?? 0);
    expect(page.complaints).toEqual([]);
  });

  it('are downloaded once, and leave nothing in the folder', async () => {
    const explorer = await explore(['--sandbox', '--no-open']);
    const page = await certificatesOf(explorer);
    await page.getByRole('button', { name: 'alice' }).click();
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download configuration' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe('alice-vsc-sandbox-alice.ovpn');
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toMatch(/<key>\n-----BEGIN/);
    expect(text).toContain('remote 203.0.113.10 1194');
    expect(readdirSync(explorer.folder)).toEqual([]);
  });

  it('are revoked after the question, not without', async () => {
    const page = await certificatesOf(await explore(['--sandbox', '--no-open']));
    await choose(page, 'bob');
    await page.getByRole('button', { name: 'Revoke…' }).click();
    const question = page.locator('dialog.question');
    await question.waitFor();
    expect(await question.textContent()).toContain('"bob"');
    await question.getByRole('button', { name: 'No, keep' }).click();
    await page.locator('dialog').getByText('declined').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('of 6').waitFor();
    expect(await names(page)).toContain('bob');

    for (const name of ['bob', 'carol', 'dave']) await choose(page, name);
    await page.getByRole('button', { name: 'Revoke…' }).click();
    // One question for each region.
    for (const name of ['"bob"', '"dave"']) {
      await question.filter({ hasText: name }).waitFor();
      await question.locator('button.danger').click();
    }
    await page.locator('dialog .badge.good').nth(1).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('3 of 3').waitFor();
    await shows(page, ['alice', 'erin', 'frank']);
  });

  it('are renewed: new ones beside the old ones', async () => {
    const page = await certificatesOf(await explore(['--sandbox', '--no-open']));
    for (const name of ['bob', 'carol']) await choose(page, name);
    await page.getByRole('button', { name: 'Renew' }).click();
    await page.locator('dialog .badge.good').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('8 of 8').waitFor();
    expect((await names(page)).filter((name) => name === 'bob' || name === 'carol')).toHaveLength(4);
  });
});

describe.skipIf(!chromiumInstalled)('a region that does not answer', () => {
  it('is named, so that nobody takes the list for whole', async () => {
    const sandbox = await sandboxWith({
      fault: ({ action, parameters }) =>
        action === 'DescribeSslVpnClientCerts' && parameters.RegionId === 'cn-hangzhou'
          ? { body: '{"RequestId":"1","Code":"Forbidden.RAM","Message":"no"}', status: 403 }
          : undefined,
    });
    const page = await certificatesOf(await exploring(sandbox));
    const gap = page.locator('.gaps').filter({ hasText: 'Forbidden.RAM' }).first();
    await gap.waitFor();
    expect(await gap.textContent()).toContain('cn-hangzhou');
    await shows(page, ['alice', 'bob', 'carol']);
  });
});

describe.skipIf(!chromiumInstalled)('what the cloud says', () => {
  it('is text, whatever it looks like', async () => {
    const sandbox = await sandboxWith();
    const markup = '<img src=x onerror="document.title=1"><b>bold</b>';
    seed(sandbox, markup, 1, 100);
    sandbox.cloud.seedServer({ SslVpnServerId: SERVER, RegionId: REGION, Name: '<script>document.title=2</script>' });
    const page = await certificatesOf(await exploring(sandbox));
    expect(await names(page)).toContain(markup);
    await page.getByRole('button', { name: markup }).click();
    await page.locator('dialog h2').getByText(markup).waitFor();
    await page.keyboard.press('Escape');
    await goTo(page, 'try');
    await page.locator('form [role=combobox]').first().click();
    await page.getByRole('option').filter({ hasText: '<script>' }).waitFor();
    expect(await page.title()).toBe('SSL-VPN Explorer');
    expect(await page.locator('main img, main b:text("bold"), main script').count()).toBe(0);
    expect(page.complaints).toEqual([]);
  });
});

describe.skipIf(!chromiumInstalled)('a thousand certificates', () => {
  it('are there at once, and only those in sight are drawn', async () => {
    const sandbox = await sandboxWith();
    for (let index = 0; index < 1_000; index += 1) seed(sandbox, `person-${index}`, index, index);
    const page = await certificatesOf(await exploring(sandbox));
    await page.getByText('1006 of 1006').waitFor();
    expect(await page.locator('.row').count()).toBe(1_007);
    const skipped = await page
      .locator('.row:not(.head)')
      .evaluateAll(
        (rows) => rows.filter((row) => !row.firstElementChild?.checkVisibility({ contentVisibilityAuto: true })).length,
      );
    expect(skipped).toBeGreaterThan(900);
    await page.mouse.move(600, 600);
    const slow = page.evaluate(`new Promise((resolve) => {
      let last = performance.now(), longest = 0, frames = 0;
      const frame = (now) => {
        longest = Math.max(longest, now - last); last = now; frames += 1;
        if (frames < 60) requestAnimationFrame(frame); else resolve({ frames, longest });
      };
      requestAnimationFrame(frame);
    })`);
    for (let step = 0; step < 30; step += 1) await page.mouse.wheel(0, 800);
    expect(await slow).toMatchObject({ frames: 60 });
    await page.getByRole('checkbox', { name: 'Select all' }).check();
    await page.getByText('1006 selected').waitFor();
    await page.getByRole('searchbox').fill('person-99');
    await expect.poll(() => names(page), { timeout: 30_000 }).toHaveLength(11);
  });
});
