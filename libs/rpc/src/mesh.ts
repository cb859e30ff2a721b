/** Where the services of the mesh listen unless configured otherwise. */

/** Port of each service on a development machine; on Kubernetes each has a host of its own. */
export const servicePorts = {
  orchestrator: 7400,
  autocomplete: 7401,
  'prompt-safety': 7402,
  'prompt-enhancement': 7403,
  'text-encoder': 7404,
  diffusion: 7405,
  'harm-detection': 7406,
  'super-resolution': 7407,
  web: 7408,
} as const;

export type ServiceName = keyof typeof servicePorts;

/** "127.0.0.1:<port>" of a service. */
export function defaultAddress(service: ServiceName): string {
  return `127.0.0.1:${servicePorts[service]}`;
}
