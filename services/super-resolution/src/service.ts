import { ImageFormat, SuperResolutionService } from '@atelier/contracts';
import { inferenceRpcError } from '@atelier/inference/service';
import { type Binding, bind, invalidArgument } from '@atelier/rpc';
import { describeRoutes, FACTOR, route } from './cascade.ts';
import { readPicture, writePicture } from './codec.ts';
import type { Upscaler } from './model.ts';

const DEFAULT_TARGET = 1024;

/** Serves `atelier.super_resolution.v1.SuperResolutionService`. */
export function superResolutionService(upscaler: Upscaler): Binding {
  const sources = upscaler.targets.map((target) => target / FACTOR);
  return bind(SuperResolutionService, {
    async upscaleImage(request, call) {
      const target = request.targetSize ?? DEFAULT_TARGET;
      const format = request.format === ImageFormat.UNSPECIFIED ? ImageFormat.RGB8 : request.format;
      if (format !== ImageFormat.RGB8 && format !== ImageFormat.PNG) {
        throw invalidArgument([{ field: 'format', description: 'must be RGB8 or PNG' }]);
      }
      let picture = await readPicture(request.image, sources);
      const sides = route(picture.side, target, upscaler.targets);
      if (!sides) {
        const description = `cannot go from ${picture.side} to ${target}; possible: ${describeRoutes(upscaler.targets)}`;
        throw invalidArgument([{ field: 'target_size', description }]);
      }
      try {
        for (const side of sides) picture = await upscaler.upscale(picture, side, call.signal);
        return {
          image: await writePicture(picture, format),
          modelVersions: sides.map((side) => upscaler.identity(side)),
        };
      } catch (error) {
        throw inferenceRpcError(error, Math.max(100, Math.ceil(upscaler.pending * upscaler.runMs)));
      }
    },
  });
}
