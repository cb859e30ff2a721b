import { tinyBundlePath } from '@atelier/models/fixtures';
import { expect, test } from 'vitest';
import { startDiffusion } from './load/diffusion.ts';
import { measureOverload } from './overload.ts';

test('at five times its capacity the service goes on, refuses with RetryInfo and keeps its memory', async () => {
  const service = await startDiffusion({ ATELIER_MODEL_BUNDLE: tinyBundlePath });
  try {
    const measured = await measureOverload(service, 2);
    expect(measured.refused).toBeGreaterThan(0);
    expect(measured.refusedWithRetryInfo).toBe(measured.refused);
    expect(measured.inTime + measured.late + measured.refused).toBe(measured.offered);
    // The benchmark has the figure; here strangers share the machine.
    expect(measured.goodputRatio).toBeGreaterThan(0.3);
    expect(measured.rssGrowthMb).toBeLessThan(200);
  } finally {
    await service.stop();
  }
}, 60_000);
