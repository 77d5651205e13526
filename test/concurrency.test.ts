import { describe, expect, it } from 'vitest';
import { mapConcurrently } from '../src/concurrency.js';

describe('work on many', () => {
  it('gives results in the order of the items, however they end', async () => {
    const waits = [30, 0, 10];
    const results = await mapConcurrently(waits, 2, async (ms) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return ms;
    });
    expect(results).toEqual(waits);
  });

  it('begins nothing more once one has failed', async () => {
    const begun: number[] = [];
    const open: (() => void)[] = [];
    const work = mapConcurrently([0, 1, 2, 3, 4], 2, (item) => {
      begun.push(item);
      return item === 1 ? Promise.reject(new Error('no')) : new Promise<void>((resolve) => open.push(resolve));
    });
    await expect(work).rejects.toThrow('no');
    for (const end of open) end();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(begun).toEqual([0, 1]);
  });
});
