/** Whose generations a caller may make, see and stop. */
import type { Generation } from '@atelier/contracts';
import { type CallContext, Code, RpcError } from '@atelier/rpc';

type Call = Pick<CallContext, 'principal'>;

/**
 * `request` for the tenant that the caller's credential names. Throws RpcError PERMISSION_DENIED for a request that names
 * another: drawing it for the right one would hide a mistake. Without authentication the request is believed.
 */
export function forTenant<R extends { tenant: string }>({ principal }: Call, request: R): R {
  if (!principal || request.tenant === principal.tenant) return request;
  if (request.tenant !== '') {
    throw new RpcError(Code.PERMISSION_DENIED, 'tenant: is not the one of the credential', {
      reason: 'TENANT_MISMATCH',
    });
  }
  return { ...request, tenant: principal.tenant };
}

/** Whether the caller may know of a generation. To others it does not exist: that it does is nobody's business either. */
export const maySee =
  ({ principal }: Call) =>
  ({ tenant }: Pick<Generation, 'tenant'>): boolean =>
    !principal || principal.tenant === tenant;

/** `maySee` for a caller of the house itself. */
export const seesAll = (): boolean => true;
