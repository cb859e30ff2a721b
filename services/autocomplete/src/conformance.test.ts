import { AutocompleteService } from '@atelier/contracts';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { describeModelService } from '@atelier/testkit';

describeModelService({
  name: 'autocomplete',
  service: AutocompleteService,
  env: { ATELIER_MODEL_BUNDLE: tinyBundlePath }, // without an index: nothing to suggest, but every rule holds
  call: (client, limits) => client.suggestPrompts({ prefix: 'A boat', language: 'en-GB' }, limits),
  refused: [
    {
      field: 'prefix',
      call: (client, limits) => client.suggestPrompts({ prefix: 'word '.repeat(129) }, limits),
    },
    { field: 'limit', call: (client, limits) => client.suggestPrompts({ prefix: 'a', limit: 21 }, limits) },
    {
      field: 'language',
      call: (client, limits) => client.suggestPrompts({ prefix: 'a', language: 'tlh' }, limits),
    },
  ],
});
