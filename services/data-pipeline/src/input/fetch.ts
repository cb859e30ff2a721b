/** Pictures by address: only public hosts, only whole answers under the limit, and only where the server does not object. */
import { lookup } from 'node:dns/promises';
import { type ClientRequest, get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import ipaddr from 'ipaddr.js';
import { Refused } from '../image/decode.ts';

export interface Fetcher {
  /** The bytes behind an address. @throws Refused: `fetch_refused`, `fetch_opted_out`, `fetch_failed`, `too_many_bytes`. */
  fetch(url: string): Promise<Buffer>;
}

export interface FetchOptions {
  maxBytes: number;
  /** For one answer, redirects apart, milliseconds; default 20,000. */
  timeoutMs?: number;
  /** Networks that count as public all the same, for tests: "127.0.0.1/32". */
  allow?: readonly string[];
  /** Address of a host; default: the system's resolver. */
  resolve?: (host: string) => Promise<string[]>;
}

const REDIRECTS = 5;
const USER_AGENT = 'atelier-data-pipeline';
/** Directives of X-Robots-Tag that forbid training, as img2dataset and the noai convention have them. */
const FORBIDDING = new Set(['noai', 'noimageai', 'noindex', 'noimageindex']);

export function createFetcher(options: FetchOptions): Fetcher {
  const allowed = (options.allow ?? []).map((network) => ipaddr.parseCIDR(network));
  const resolve =
    options.resolve ?? (async (host) => (await lookup(host, { all: true })).map(({ address }) => address));
  const isPublic = (address: string): boolean => {
    const parsed = ipaddr.process(address);
    const excepted = allowed.some((network) => parsed.kind() === network[0].kind() && parsed.match(network));
    return excepted || parsed.range() === 'unicast';
  };

  /** The address to connect to: looked up once and then used, so that a second look-up can't say something else. */
  const pinned = async (url: URL): Promise<string> => {
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new Refused('fetch_refused', `scheme ${url.protocol}`);
    if (url.username !== '' || url.password !== '') throw new Refused('fetch_refused', 'carries a password');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = ipaddr.isValid(host)
      ? [host]
      : await resolve(host).catch(() => {
          throw new Refused('fetch_failed', 'no such host');
        });
    const [address] = addresses;
    if (!address || !addresses.every(isPublic)) throw new Refused('fetch_refused', 'a private address');
    return address;
  };

  const fetchUrl = async (text: string, redirects: number): Promise<Buffer> => {
    if (!URL.canParse(text)) throw new Refused('fetch_refused', 'not an address');
    const url = new URL(text);
    const address = await pinned(url);
    const response = await request(url, address, options.timeoutMs ?? 20_000);
    const status = response.statusCode ?? 0;
    const { location } = response.headers;
    if (status >= 300 && status < 400 && location) {
      response.destroy();
      if (redirects === 0) throw new Refused('fetch_failed', 'too many redirects');
      return await fetchUrl(new URL(location, url).href, redirects - 1);
    }
    if (objects(response)) {
      response.destroy();
      throw new Refused('fetch_opted_out', 'X-Robots-Tag or tdm-reservation');
    }
    if (status !== 200) {
      response.destroy();
      throw new Refused('fetch_failed', `status ${status}`);
    }
    return await body(response, options.maxBytes);
  };
  return { fetch: (url) => fetchUrl(url, REDIRECTS) };
}

function request(url: URL, address: string, timeoutMs: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const family = ipaddr.parse(address).kind() === 'ipv6' ? 6 : 4;
    const sent: ClientRequest = (url.protocol === 'https:' ? httpsGet : httpGet)(
      url,
      {
        agent: false,
        headers: { 'user-agent': USER_AGENT, accept: 'image/*' },
        lookup: (_host, { all }, done) =>
          all ? done(null, [{ address, family }]) : done(null, address, family),
        signal: AbortSignal.timeout(timeoutMs),
      },
      resolve,
    );
    sent.on('error', (error: Error) => reject(new Refused('fetch_failed', error.message)));
  });
}

/** Whether the answer's headers reserve the picture: for every crawler, or for this one by name. */
function objects({ headers }: IncomingMessage): boolean {
  const tags = [headers['x-robots-tag'] ?? []].flat().join(',').toLowerCase().split(',');
  const forbidden = tags.some((tag) => {
    const [agent, directive] = tag.includes(':') ? tag.split(':', 2) : ['', tag];
    const forUs = agent?.trim() === '' || agent?.trim() === USER_AGENT;
    return forUs && FORBIDDING.has(directive?.trim() ?? '');
  });
  return forbidden || headers['tdm-reservation'] === '1';
}

async function body(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const stated = Number(response.headers['content-length'] ?? 0);
  const parts: Buffer[] = [];
  let size = 0;
  try {
    if (stated > maxBytes) throw new Refused('too_many_bytes', `${stated} bytes`);
    for await (const part of response) {
      size += (part as Buffer).length;
      if (size > maxBytes) throw new Refused('too_many_bytes', `more than ${maxBytes} bytes`);
      parts.push(part as Buffer);
    }
  } catch (error) {
    response.destroy();
    if (error instanceof Refused) throw error;
    throw new Refused('fetch_failed', error instanceof Error ? error.message : String(error));
  }
  return Buffer.concat(parts);
}
