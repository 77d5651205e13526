import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withHeartbeat } from '../src/progress.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function started() {
  const sent: [number, number, string][] = [];
  const heartbeat = withHeartbeat((done, total, message) => sent.push([done, total, message]));
  return { sent, ...heartbeat };
}

describe('signs of life', () => {
  it('come at least every five seconds, also before anything was reported', () => {
    const { sent, stop } = started();
    for (let seconds = 5; seconds <= 60; seconds += 5) {
      const before = sent.length;
      vi.advanceTimersByTime(5_000);
      expect(sent.length, `after ${seconds} s`).toBeGreaterThan(before);
    }
    stop();
  });

  it('go on while the work reports what it has reported before', () => {
    const { sent, report, stop } = started();
    report(3, 10, 'anna');
    for (let seconds = 5; seconds <= 60; seconds += 5) {
      const before = sent.length;
      vi.advanceTimersByTime(4_500);
      report(3, 10, 'ben waits');
      vi.advanceTimersByTime(500);
      expect(sent.length, `after ${seconds} s`).toBeGreaterThan(before);
    }
    stop();
  });

  it('each say more than the one before, and less than the next step of the work', () => {
    const { sent, report, stop } = started();
    report(3, 10, 'anna');
    vi.advanceTimersByTime(600_000);
    report(4, 10, 'ben');
    const values = sent.map(([done]) => done);
    expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
    expect(sent.at(-1)).toEqual([4, 10, 'ben']);
    expect(sent.slice(1, -1).every(([done, total]) => done > 3 && done < 4 && total === 10)).toBe(true);
    stop();
  });

  it('end with the call, and a report that says no more is not sent', () => {
    const { sent, report, stop } = started();
    report(2, 2, 'both');
    report(1, 2, 'late');
    stop();
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual([[2, 2, 'both']]);
  });
});
