import { SuperResolutionService } from '@atelier/contracts';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { describeModelService } from '@atelier/testkit';
import { pattern } from './service.fixture.ts';

const image = pattern(64);
describeModelService({
  name: 'super-resolution',
  service: SuperResolutionService,
  env: { ATELIER_MODEL_BUNDLE: tinyBundlePath },
  call: (client, limits) => client.upscaleImage({ image }, limits),
  refused: [
    { field: 'image', call: (client, limits) => client.upscaleImage({}, limits) },
    {
      field: 'target_size',
      call: (client, limits) => client.upscaleImage({ image, targetSize: 512 }, limits),
    },
  ],
});
