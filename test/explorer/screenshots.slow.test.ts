/** The READMEs' pictures, as the page looks today; `npm run docs:pictures` writes them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { chromiumInstalled, closeBrowser, closeExplorers, explore, goTo, visit } from '../support/explorer.js';

afterEach(closeExplorers);
afterAll(closeBrowser);

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
const MAX_BYTES = 150_000;
const WIDTH = 1140;
const PICTURE = { type: 'jpeg', quality: 70 } as const;
const isWriting = process.env.npm_lifecycle_event === 'docs:pictures';

/** Kept small enough for a repository, and there wherever a README shows it. */
function check(name: string, picture: Buffer): void {
  expect(picture.length).toBeLessThan(MAX_BYTES);
  if (isWriting) {
    mkdirSync(DOCS, { recursive: true });
    writeFileSync(`${DOCS}${name}`, picture);
  }
  const kept = readFileSync(`${DOCS}${name}`);
  expect(kept.length).toBeLessThan(MAX_BYTES);
  for (const readme of ['README.md', 'README.zh-CN.md'])
    expect(readFileSync(`${DOCS}../${readme}`, 'utf8')).toContain(`](docs/${name})`);
}

describe.skipIf(!chromiumInstalled)('the pictures', () => {
  it('show a refusal beside its code', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open']), { viewport: { width: WIDTH, height: 1130 } });
    await page.getByRole('button', { name: 'One that is refused' }).click();
    await page.locator('.look pre').waitFor();
    await page.locator('.chosen').nth(1).waitFor();
    await page.locator('form button[type=submit]').click();
    await page.locator('.call .badge.bad').waitFor();
    await page.evaluate('scrollTo(0, 0)');
    check('explorer-try.jpg', await page.screenshot(PICTURE));
  });

  it('show certificates, when they run out and who is connected', async () => {
    const page = await visit(await explore(['--sandbox', '--no-open']), {
      colorScheme: 'dark',
      viewport: { width: WIDTH, height: 860 },
    });
    await goTo(page, 'certificates');
    await page.getByText('2 connected').waitFor();
    await page.getByRole('checkbox', { name: 'Select bob' }).check();
    await page.getByRole('checkbox', { name: 'Select carol' }).check();
    check('explorer-certificates.jpg', await page.screenshot(PICTURE));
  });
});
