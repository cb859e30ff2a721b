/** The S3 store against a real server: ATELIER_MINIO names a MinIO program. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@atelier/local-mesh';
import { eventually } from '@atelier/testkit';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runOnce } from '../run.fixture.ts';
import { openStore } from './store.ts';

const minio = process.env.ATELIER_MINIO;

describe.skipIf(!minio)('s3:// against MinIO (ATELIER_MINIO)', () => {
  let server: ChildProcess;
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atelier-minio-'));
    const port = await freePort();
    const user = { AWS_ACCESS_KEY_ID: 'atelier-test', AWS_SECRET_ACCESS_KEY: 'atelier-test' };
    Object.assign(process.env, user, {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_REGION: 'us-east-1',
    });
    server = spawn(minio as string, ['server', folder, '--address', `127.0.0.1:${port}`], {
      env: {
        ...process.env,
        MINIO_ROOT_USER: user.AWS_ACCESS_KEY_ID,
        MINIO_ROOT_PASSWORD: user.AWS_SECRET_ACCESS_KEY,
      },
      stdio: 'ignore',
    });
    const client = new S3Client({ forcePathStyle: true });
    await eventually(
      'a bucket',
      () => client.send(new CreateBucketCommand({ Bucket: 'pairs' })).catch(() => null),
      40_000,
    );
  }, 60_000);
  afterAll(async () => {
    server?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  test('lists, reads, measures and replaces', async () => {
    const store = openStore('s3://pairs/a');
    await store.write('x/1', 'one');
    await store.write('x/2', 'two two');
    await store.write('x/1', 'uno');
    expect(await store.list('x/')).toEqual(['x/1', 'x/2']);
    expect((await store.read('x/1')).toString()).toBe('uno');
    expect((await store.readRange('x/2', 4, 3)).toString()).toBe('two');
    expect(await store.size('x/2')).toBe(7);
    expect(await store.size('x/3')).toBeNull();
  });

  test('holds a whole run: input, work and output', { timeout: 120_000 }, async () => {
    const out = 's3://pairs/run';
    const { rows, run } = await runOnce({
      planted: { count: 100, seed: 73_000_000 },
      input: `${out}/raw`,
      out,
      chunkSize: 50,
    });
    expect(rows).toHaveLength(100);
    expect(await run.store.list('shard-')).toEqual(['shard-00000.tar']);
  });
});
