import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They have packages of their own: npm run test:clients, npm run test:conformance.
    exclude: ['test/clients/**', 'test/conformance/**'],
    // For what hangs for ever; a busy machine takes long over everything.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // More than cores: tests mostly wait for processes and sockets of their own.
    maxWorkers: 5,
    // Files share what they import: reading the packages anew for each would be a fifth of all the work.
    isolate: false,
    // gc: what is still in use can only be told once what is not has been collected.
    execArgv: ['--expose-gc'],
  },
});
