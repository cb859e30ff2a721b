import { TextEncoderService } from '@atelier/contracts';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { describeModelService } from '@atelier/testkit';

describeModelService({
  name: 'text-encoder',
  service: TextEncoderService,
  env: { ATELIER_MODEL_BUNDLE: tinyBundlePath },
  call: (client, limits) => client.encodeText({ texts: ['A boat on an ocean'] }, limits),
  refused: [
    { field: 'texts', call: (client, limits) => client.encodeText({ texts: [] }, limits) },
    {
      field: 'texts[0]',
      call: (client, limits) => client.encodeText({ texts: ['boat '.repeat(129)] }, limits),
    },
    {
      field: 'language',
      call: (client, limits) => client.encodeText({ texts: [''], language: 'tlh' }, limits),
    },
  ],
});
