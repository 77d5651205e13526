/** What one process remembers ends by itself. */
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory.js';

const HOUR_MS = 3_600_000;

describe('the memory of one process', () => {
  it('keeps nothing that has ended', async () => {
    let time = 0;
    const store = memoryStore(() => time);
    await store.put('old', 'text', HOUR_MS);
    await store.add('old', 'member', HOUR_MS);
    time = HOUR_MS;
    await store.put('new', 'text', HOUR_MS);
    // A clock that no process has shows what is still held.
    time = 0;
    expect(await store.get('old')).toBeUndefined();
    expect(await store.members('old')).toEqual(new Set());
    expect(await store.get('new')).toBe('text');
  });
});
