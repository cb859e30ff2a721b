/** Serves the pages on which people rate a run's pictures. A cookie tells raters apart; nothing else is known of them. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keepAnswer, readAnswers, readRatedPrompts } from './answers.ts';
import { questionPage, thanksPage } from './page.ts';
import { answerOf, nextQuestion, type Question, questionsOf, shown } from './questions.ts';

const MAX_BODY_BYTES = 1_000;
const COOKIE = /(?:^|;\s*)rater=([0-9a-f-]{36})(?:;|$)/;
/** A year: long enough to go on later. */
const COOKIE_SECONDS = 31_536_000;

export interface RatingServer {
  /** Where it listens, "host:port". */
  readonly address: string;
  close(): Promise<void>;
}

/** @param run folder of an evaluated model. @throws Error when it has no pictures to rate, or the address can't be had. */
export async function serveRating(run: string, address: string): Promise<RatingServer> {
  const questions = new Map(questionsOf(await readRatedPrompts(run)).map((one) => [one.id, one]));
  const answered = new Map<string, Set<string>>();
  const note = (rater: string, question: string): void => {
    const own = answered.get(rater) ?? new Set();
    answered.set(rater, own.add(question));
  };
  for (const { rater, question } of await readAnswers(run)) note(rater, question);

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const known = COOKIE.exec(request.headers.cookie ?? '')?.[1];
    const rater = known ?? randomUUID();
    if (!known)
      response.setHeader(
        'set-cookie',
        `rater=${rater}; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Strict; Path=/`,
      );
    const url = new URL(request.url ?? '/', 'http://rating');
    const [, id = '', place = ''] = /^\/picture\/([0-9a-f]{16})\/([01])$/.exec(url.pathname) ?? [];
    if (request.method === 'GET' && url.pathname === '/') return sendPage(response, rater);
    if (request.method === 'GET' && id)
      return await sendPicture(response, rater, questions.get(id), Number(place));
    if (request.method === 'POST' && url.pathname === '/answer') {
      const form = new URLSearchParams(await bodyOf(request));
      const question = questions.get(form.get('question') ?? '');
      const answer = question && known && answerOf(question, rater, form.get('choice') ?? '');
      if (!answer) return end(response, 400, 'no such answer\n');
      await keepAnswer(run, answer);
      note(rater, answer.question);
      response.writeHead(303, { location: '/' }).end();
      return;
    }
    end(response, 404, 'nothing here\n');
  }

  function sendPage(response: ServerResponse, rater: string): void {
    const own = answered.get(rater) ?? new Set();
    const question = nextQuestion([...questions.values()], rater, own);
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'",
      'cache-control': 'no-store',
    });
    const { size } = questions;
    response.end(question ? questionPage(question, own.size, size) : thanksPage(size));
  }

  const server = createServer((request, response) => {
    respond(request, response).catch(() => {
      if (!response.headersSent) end(response, 500, 'that went wrong; please try again\n');
    });
  });
  const at = address.lastIndexOf(':');
  server.listen(Number(address.slice(at + 1)), address.slice(0, at));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `${address.slice(0, at)}:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function sendPicture(
  response: ServerResponse,
  rater: string,
  question: Question | undefined,
  place: number,
): Promise<void> {
  const picture = question && shown(question, rater)[place];
  if (!picture) return end(response, 404, 'no such picture\n');
  const png = await readFile(picture.path);
  // Private: the same address shows different sides to different raters.
  response.writeHead(200, { 'content-type': 'image/png', 'cache-control': 'private, max-age=3600' }).end(png);
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MAX_BODY_BYTES) throw new RangeError('the form is too long');
  }
  return body;
}
