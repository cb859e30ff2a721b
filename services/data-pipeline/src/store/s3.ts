import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Store } from './store.ts';

/** A prefix of a bucket: "s3://bucket/prefix". AWS_ENDPOINT_URL_S3 names a server other than Amazon's. */
export function s3Store(where: string): Store {
  const { hostname: Bucket, pathname } = new URL(where);
  const base = pathname.replace(/^\/+|\/+$/g, '');
  const key = (name: string): string => (base === '' ? name : `${base}/${name}`);
  const client = new S3Client({
    region: process.env.AWS_REGION ?? 'us-east-1',
    // Servers other than Amazon's rarely have a host for each bucket.
    forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL),
  });
  const get = async (name: string, Range?: string): Promise<Buffer> => {
    const { Body } = await client.send(
      new GetObjectCommand({ Bucket, Key: key(name), ...(Range && { Range }) }),
    );
    if (!Body) throw new Error(`${where}/${name} has no content`);
    return Buffer.from(await Body.transformToByteArray());
  };
  return {
    where,
    async list(prefix = '') {
      const names: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket,
            Prefix: key(prefix),
            ...(ContinuationToken && { ContinuationToken }),
          }),
        );
        for (const { Key = '' } of page.Contents ?? [])
          names.push(base === '' ? Key : Key.slice(base.length + 1));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
      return names.sort();
    },
    read: (name) => get(name),
    readRange: async (name, offset, length) =>
      length === 0 ? Buffer.alloc(0) : await get(name, `bytes=${offset}-${offset + length - 1}`),
    async size(name) {
      try {
        return (await client.send(new HeadObjectCommand({ Bucket, Key: key(name) }))).ContentLength ?? 0;
      } catch (error) {
        if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return null;
        throw error;
      }
    },
    async write(name, bytes) {
      await client.send(
        new PutObjectCommand({
          Bucket,
          Key: key(name),
          Body: bytes,
          ContentLength: Buffer.byteLength(bytes),
        }),
      );
    },
  };
}
