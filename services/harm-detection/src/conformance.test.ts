import { HarmDetectionService, ImageFormat } from '@atelier/contracts';
import { describeModelService } from '@atelier/testkit';

const image = {
  width: 64,
  height: 64,
  format: ImageFormat.RGB8,
  data: new Uint8Array(64 * 64 * 3).fill(120),
};

describeModelService({
  name: 'harm-detection',
  service: HarmDetectionService,
  call: (client, limits) => client.classifyImage({ image }, limits),
  refused: [
    { field: 'image', call: (client, limits) => client.classifyImage({}, limits) },
    {
      field: 'image.width',
      call: (client, limits) => client.classifyImage({ image: { ...image, width: 0 } }, limits),
    },
    {
      field: 'image.data',
      call: (client, limits) => client.classifyImage({ image: { ...image, width: 65 } }, limits),
    },
  ],
});
