import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/store/memory.js';
import { createBatches } from '../../../src/tools/issue/batches.js';

const MINUTE_MS = 60_000;
const BEGUN = Date.UTC(2026, 10, 25);
const PLACE = 'region server';
const cert = (CreateTime: number, Name = 'anna') => ({ SslVpnClientCertId: 'vsc-1', CreateTime, Name });
const at = (time: number) =>
  createBatches(
    memoryStore(() => time),
    () => time,
  );

describe("an id of the server's own", () => {
  it('says in another process when its batch began', async () => {
    const { id } = await at(BEGUN).open(undefined, 'joiners', PLACE);
    expect(id).toMatch(/^[!-~]{1,64}$/);
    const later = await at(BEGUN + 60 * MINUTE_MS).open(id, 'joiners', PLACE);
    expect(later.made(cert(BEGUN))).toBe(true);
    expect(later.made(cert(BEGUN - 16 * MINUTE_MS))).toBe(false);
  });

  it('leaves open what a clock that is off may have put before its beginning', async () => {
    const { id } = await at(BEGUN).open(undefined, 'joiners', PLACE);
    const again = await at(BEGUN).open(id, 'joiners', PLACE);
    expect(again.made(cert(BEGUN - MINUTE_MS))).toBeUndefined();
  });

  it('is found again for the same work until that is finished', async () => {
    const batches = at(BEGUN);
    const idOf = async (about: string) => (await batches.open(undefined, about, PLACE)).id;
    const first = await batches.open(undefined, 'joiners', PLACE);
    expect(await idOf('joiners')).toBe(first.id);
    expect(await idOf('leavers')).not.toBe(first.id);
    await first.finish();
    expect(await idOf('joiners')).not.toBe(first.id);
  });

  it('is the same for processes that share a store', async () => {
    const store = memoryStore();
    const opened = await Promise.all(
      [1, 2, 3].map(() => createBatches(store, Date.now).open(undefined, 'joiners', PLACE)),
    );
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
  });
});

describe('a process that has seen the batch begin', () => {
  it('takes nothing for its own that it did not note: others make certificates too', async () => {
    const batches = at(BEGUN);
    const first = await batches.open(undefined, 'joiners', PLACE);
    expect(first.made(cert(BEGUN + MINUTE_MS))).toBeUndefined();
    await first.note('anna', 'vsc-1');
    expect((await batches.open(first.id, 'joiners', PLACE)).made(cert(BEGUN + MINUTE_MS))).toBe(true);
  });

  it('takes that for its own which may be what an answer was lost of', async () => {
    const batches = at(BEGUN);
    const first = await batches.open(undefined, 'joiners', PLACE);
    await first.doubt('anna');
    const again = await batches.open(first.id, 'joiners', PLACE);
    expect(again.made(cert(BEGUN + MINUTE_MS, 'anna'))).toBe(true);
    expect(again.made(cert(BEGUN + MINUTE_MS, 'bert'))).toBeUndefined();
  });
});

describe('a name that was sent lately', () => {
  it('is sent with the token of the batch that sent it first', async () => {
    const batches = at(BEGUN);
    const [one, other] = [await batches.open('one', 'a', PLACE), await batches.open('other', 'b', PLACE)];
    expect((await one.tokenFor('anna', [])).id).toBe('one');
    expect(await other.tokenFor('anna', [])).toEqual({ id: 'one', mayRepeat: true });
    expect((await other.tokenFor('bert', [])).id).toBe('other');
    const elsewhere = await batches.open('third', 'a', 'another place');
    expect((await elsewhere.tokenFor('anna', [])).id).toBe('third');
  });

  it('is known with its certificate, and is sent anew, by one of all, where that is gone', async () => {
    const batches = at(BEGUN);
    const one = await batches.open('one', 'a', PLACE);
    await one.tokenFor('anna', []);
    await one.note('anna', 'vsc-1');
    const others = await Promise.all(['two', 'three'].map((id) => batches.open(id, id, PLACE)));
    const tokens = (gone: string[]) => Promise.all(others.map((other) => other.tokenFor('anna', gone)));
    expect(await tokens([])).toEqual(Array(2).fill({ id: 'one', mayRepeat: true, made: 'vsc-1' }));
    expect((await tokens(['vsc-1'])).map(({ id }) => id)).toEqual(['two', 'two']);
  });
});

describe("an id of the caller's own", () => {
  it("is remembered with what it made, whenever that was by the service's clock", async () => {
    const batches = at(BEGUN);
    await (await batches.open('mine', 'joiners', PLACE)).note('anna', 'vsc-1');
    expect((await batches.open('mine', 'joiners', PLACE)).made(cert(BEGUN - 60 * MINUTE_MS))).toBe(true);
    expect((await batches.open('other', 'joiners', PLACE)).made(cert(BEGUN - 60 * MINUTE_MS))).toBeUndefined();
  });

  it('may be a repeat from before the process: only what is older than any batch is surely not of it', async () => {
    const batch = await at(BEGUN).open('mine', 'joiners', PLACE);
    expect(batch.made(cert(BEGUN - 60 * MINUTE_MS))).toBeUndefined();
    expect(batch.made(cert(BEGUN - 8 * 24 * 60 * MINUTE_MS))).toBe(false);
  });

  it('that looks like nothing of the server has no beginning', async () => {
    for (const id of ['batch-', 'batch-zzzzzzzzzz-000000000000', 'batch-mhxyz123-00000000000G', 'mhxyz123'])
      expect((await at(BEGUN).open(id, 'joiners', PLACE)).made(cert(BEGUN - 60 * MINUTE_MS)), id).toBeUndefined();
  });
});
