import { DiffusionService } from '@atelier/contracts';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { describeModelService, drained } from '@atelier/testkit';
import { embedding, request } from './service.fixture.ts';

describeModelService({
  name: 'diffusion',
  service: DiffusionService,
  env: { ATELIER_MODEL_BUNDLE: tinyBundlePath },
  call: (client, limits) => drained(client.generateImage({ ...request, steps: 40 }, limits)),
  refused: [
    {
      field: 'steps',
      call: (client, limits) => drained(client.generateImage({ ...request, steps: 0 }, limits)),
    },
    {
      field: 'guidance_scale',
      call: (client, limits) =>
        drained(client.generateImage({ ...request, guidanceScale: Number.NaN }, limits)),
    },
    {
      field: 'conditioning.tokens',
      call: (client, limits) => drained(client.generateImage({ negativeConditioning: embedding(0) }, limits)),
    },
  ],
});
