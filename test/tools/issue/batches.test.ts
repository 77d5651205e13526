import { describe, expect, it } from 'vitest';
import { createBatches } from '../../../src/tools/issue/batches.js';

const MINUTE_MS = 60_000;
const BEGUN = Date.UTC(2026, 10, 25);
const cert = (CreateTime: number, SslVpnClientCertId = 'vsc-1') => ({ SslVpnClientCertId, CreateTime });
const at = (time: number) => createBatches(() => time);

describe("an id of the server's own", () => {
  it('says in another process when its batch began', () => {
    const { id } = at(BEGUN).open(undefined, 'joiners');
    expect(id).toMatch(/^[!-~]{1,64}$/);
    const later = at(BEGUN + 60 * MINUTE_MS).open(id, 'joiners');
    expect(later.made(cert(BEGUN))).toBe(true);
    expect(later.made(cert(BEGUN - 16 * MINUTE_MS))).toBe(false);
  });

  it('leaves open what a clock that is off may have put before its beginning', () => {
    const { id } = at(BEGUN).open(undefined, 'joiners');
    expect(
      at(BEGUN)
        .open(id, 'joiners')
        .made(cert(BEGUN - MINUTE_MS)),
    ).toBeUndefined();
  });

  it('is found again for the same work until that is finished', () => {
    const batches = at(BEGUN);
    const first = batches.open(undefined, 'joiners');
    expect(batches.open(undefined, 'joiners').id).toBe(first.id);
    expect(batches.open(undefined, 'leavers').id).not.toBe(first.id);
    first.finish();
    expect(batches.open(undefined, 'joiners').id).not.toBe(first.id);
  });
});

describe("an id of the caller's own", () => {
  it("is remembered with what it made, whenever that was by the service's clock", () => {
    const batches = at(BEGUN);
    batches.open('mine', 'joiners').note('vsc-1');
    expect(batches.open('mine', 'joiners').made(cert(BEGUN - 60 * MINUTE_MS))).toBe(true);
    expect(batches.open('other', 'joiners').made(cert(BEGUN - 60 * MINUTE_MS))).toBeUndefined();
  });

  it('may be a repeat from before the process: only what is older than any batch is surely not of it', () => {
    const batch = at(BEGUN).open('mine', 'joiners');
    expect(batch.made(cert(BEGUN - 60 * MINUTE_MS))).toBeUndefined();
    expect(batch.made(cert(BEGUN - 8 * 24 * 60 * MINUTE_MS))).toBe(false);
  });

  it('that looks like nothing of the server has no beginning', () => {
    for (const id of ['batch-', 'batch-zzzzzzzzzz-000000000000', 'batch-mhxyz123-00000000000G', 'mhxyz123'])
      expect(
        at(BEGUN)
          .open(id, 'joiners')
          .made(cert(BEGUN - 60 * MINUTE_MS)),
        id,
      ).toBeUndefined();
  });
});
