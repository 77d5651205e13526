import { defineConfig } from 'vitest/config';

export default defineConfig({
  // gc: what is still in use can only be told once what is not has been collected.
  test: { include: ['test/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000, execArgv: ['--expose-gc'] },
});
