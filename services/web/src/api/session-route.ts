/** Signing in: where the mesh asks for keys, a browser keeps one as a cookie that no script reads. */
import { z } from 'zod';
import { CREDENTIAL, credentialCookie, withCredential } from '../credential.ts';
import { type Route, route } from '../http/route.ts';
import type { Mesh } from './mesh.ts';

const MAX_BODY_BYTES = 8_192;

const Session = z.strictObject({
  credential: z
    .string()
    .regex(CREDENTIAL, 'is no API key or token')
    .or(z.literal(''))
    .describe('API key or JWT; empty: sign out'),
});

export function sessionRoute({ atelier }: Pick<Mesh, 'atelier'>): Route {
  return route({
    method: 'POST',
    path: '/api/session',
    name: 'signIn',
    summary: 'Keep a credential for this browser, or forget it',
    body: { schema: Session, maxBytes: MAX_BODY_BYTES },
    answers: { 204: { description: 'Kept, or forgotten' } },
    async handle({ body: { credential }, signal, publicUrl }) {
      if (credential)
        await withCredential(credential, () => atelier.listGenerations({ pageSize: 1 }, { signal }));
      return {
        status: 204,
        headers: { 'set-cookie': credentialCookie(credential, publicUrl.startsWith('https:')) },
      };
    },
  });
}
