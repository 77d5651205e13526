import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Both cores of a small machine: tests mostly wait for processes of their own.
    maxWorkers: '100%',
    // gc: what is still in use can only be told once what is not has been collected.
    execArgv: ['--expose-gc'],
  },
});
