/** Which route a request is for. */
import type { Dialect, Route } from './route.ts';

export interface Match {
  route?: Route;
  /** Values of the path's parameters, as sent. */
  params: Record<string, string | undefined>;
  /** The path is known, the method is not one of its. */
  wrongMethod: boolean;
  /** How an error at this path is to be written. */
  dialect: Dialect;
}

export function createRouter(routes: readonly Route[]): (method: string, path: string) => Match {
  const patterns = routes.map((route) => ({ route, pattern: new URLPattern({ pathname: route.path }) }));
  return (method, path) => {
    const dialect = path.startsWith('/v1/') ? 'openai' : 'atelier';
    let wrongMethod = false;
    for (const { route, pattern } of patterns) {
      const found = pattern.exec({ pathname: path });
      if (!found) continue;
      if (route.method === method || (route.method === 'GET' && method === 'HEAD'))
        return { route, params: found.pathname.groups, wrongMethod: false, dialect: route.dialect };
      wrongMethod = true;
    }
    return { params: {}, wrongMethod, dialect };
  };
}
