import { defineConfig } from 'vitest/config';

/** Tests drive real servers, models and child processes, hence the time limits; two cores are all a machine may have. */
export default defineConfig({
  test: {
    include: ['libs/**/*.test.ts', 'services/**/*.test.ts', 'test/**/*.test.ts', 'deploy/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/.venv/**'],
    pool: 'forks',
    maxWorkers: 2,
    // Where strangers share the machine a real process may be late once; being late twice is a fault.
    retry: process.env.CI ? 2 : 0,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Meshes share two cores with tests, and nobody types.
    env: { ATELIER_MESH_NICENESS: '0' },
    teardownTimeout: 10_000,
    slowTestThreshold: 5_000,
  },
});
