/** Each view in both languages, wide and narrow, light and dark: axe-core finds nothing. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  chromiumInstalled,
  closeBrowser,
  closeExplorers,
  explore,
  goTo,
  type Visit,
  visit,
} from '../support/explorer.js';

afterEach(closeExplorers);
afterAll(closeBrowser);

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

type Violation = { id: string; nodes: { html: string }[] };

/** The test's own script is let in by the browser's debugger, whatever the page's policy is. */
async function violations(page: Visit): Promise<string[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate('axe.run(document).then(({ violations }) => violations)')) as Violation[];
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

describe.skipIf(!chromiumInstalled)('the page', () => {
  it.each([
    ['en-GB', 'light', 1280],
    ['zh-CN', 'dark', 390],
    ['en-GB', 'dark', 1280],
    ['zh-CN', 'light', 390],
  ] as const)('can be used by everybody (%s, %s, %i px)', async (locale, colorScheme, width) => {
    const page = await visit(await explore(['--sandbox', '--no-open']), {
      locale,
      colorScheme,
      viewport: { width, height: 900 },
    });
    const check = async (): Promise<void> => {
      expect(await violations(page)).toEqual([]);
      // Nothing is wider than the window.
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    };
    await check();
    await page.locator('.note button').nth(1).click();
    await page.locator('form button[type=submit]').click();
    await page.locator('.call .badge.bad').waitFor();
    await page.locator('.call button[aria-expanded]').click();
    await check();
    await page.locator('#find').fill('quota');
    await page.getByRole('option').first().waitFor();
    await check();
    await page.getByRole('option').first().click();
    await check();
    await goTo(page, 'certificates');
    await page.locator('.row .name button').first().waitFor();
    await page.locator('.row input').nth(1).check();
    await check();
    await page.locator('.selection .danger').click();
    await page.locator('dialog.question').waitFor();
    await check();
    await page.locator('dialog.question .danger').click();
    await page.locator('dialog .badge.good').waitFor();
    await check();
    await page.keyboard.press('Escape');
    await goTo(page, 'calls');
    await page.locator('tbody tr').first().waitFor();
    await check();
    await goTo(page, 'sandbox');
    await page.locator('.log').waitFor();
    await check();
  });
});
