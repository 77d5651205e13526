import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/store/memory.js';
import { createBatches } from '../../../src/tools/issue/batches.js';

const MINUTE_MS = 60_000;
const BEGUN = Date.UTC(2026, 10, 25);
const cert = (CreateTime: number, SslVpnClientCertId = 'vsc-1') => ({ SslVpnClientCertId, CreateTime });
const at = (time: number) =>
  createBatches(
    memoryStore(() => time),
    () => time,
  );

describe("an id of the server's own", () => {
  it('says in another process when its batch began', async () => {
    const { id } = await at(BEGUN).open(undefined, 'joiners');
    expect(id).toMatch(/^[!-~]{1,64}$/);
    const later = await at(BEGUN + 60 * MINUTE_MS).open(id, 'joiners');
    expect(later.made(cert(BEGUN))).toBe(true);
    expect(later.made(cert(BEGUN - 16 * MINUTE_MS))).toBe(false);
  });

  it('leaves open what a clock that is off may have put before its beginning', async () => {
    const { id } = await at(BEGUN).open(undefined, 'joiners');
    const again = await at(BEGUN).open(id, 'joiners');
    expect(again.made(cert(BEGUN - MINUTE_MS))).toBeUndefined();
  });

  it('is found again for the same work until that is finished', async () => {
    const batches = at(BEGUN);
    const idOf = async (about: string) => (await batches.open(undefined, about)).id;
    const first = await batches.open(undefined, 'joiners');
    expect(await idOf('joiners')).toBe(first.id);
    expect(await idOf('leavers')).not.toBe(first.id);
    await first.finish();
    expect(await idOf('joiners')).not.toBe(first.id);
  });

  it('is the same for processes that share a store', async () => {
    const store = memoryStore();
    const opened = await Promise.all([1, 2, 3].map(() => createBatches(store).open(undefined, 'joiners')));
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
  });
});

describe("an id of the caller's own", () => {
  it("is remembered with what it made, whenever that was by the service's clock", async () => {
    const batches = at(BEGUN);
    (await batches.open('mine', 'joiners')).note('vsc-1');
    expect((await batches.open('mine', 'joiners')).made(cert(BEGUN - 60 * MINUTE_MS))).toBe(true);
    expect((await batches.open('other', 'joiners')).made(cert(BEGUN - 60 * MINUTE_MS))).toBeUndefined();
  });

  it('may be a repeat from before the process: only what is older than any batch is surely not of it', async () => {
    const batch = await at(BEGUN).open('mine', 'joiners');
    expect(batch.made(cert(BEGUN - 60 * MINUTE_MS))).toBeUndefined();
    expect(batch.made(cert(BEGUN - 8 * 24 * 60 * MINUTE_MS))).toBe(false);
  });

  it('that looks like nothing of the server has no beginning', async () => {
    for (const id of ['batch-', 'batch-zzzzzzzzzz-000000000000', 'batch-mhxyz123-00000000000G', 'mhxyz123'])
      expect((await at(BEGUN).open(id, 'joiners')).made(cert(BEGUN - 60 * MINUTE_MS)), id).toBeUndefined();
  });
});
