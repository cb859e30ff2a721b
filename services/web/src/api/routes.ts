/** The interface that the page uses, and that programs may use. */
import type { Route } from '../http/route.ts';
import { generationRoutes } from './generations.ts';
import { interactionRoute } from './interaction-route.ts';
import type { Mesh } from './mesh.ts';
import { Pictures } from './pictures.ts';
import { pictureRoute } from './pictures-route.ts';
import { promptRoutes } from './prompt-routes.ts';
import { sessionRoute } from './session-route.ts';
import { watchRoute } from './watch.ts';

export function atelierRoutes(mesh: Mesh): Route[] {
  const pictures = new Pictures(mesh.atelier);
  return [
    ...generationRoutes(mesh, pictures),
    watchRoute(mesh),
    pictureRoute(pictures),
    ...promptRoutes(mesh),
    interactionRoute(mesh),
    sessionRoute(mesh),
  ];
}
