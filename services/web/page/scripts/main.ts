/** The studio: its parts, introduced to each other. */
import {
  api,
  type CreateGenerationJson,
  type GenerationJson,
  type PictureJson,
  randomId,
  randomSeed,
  StudioError,
} from './api.ts';
import type { PictureActions } from './caption.ts';
import { setUpComposer } from './composer.ts';
import { byId } from './dom.ts';
import { setUpEasel } from './easel.ts';
import { setUpHistory } from './history.ts';
import { offerIdeas } from './ideas.ts';
import { mayLearn, setUpPreferences } from './preferences.ts';
import { openRetouch } from './retouch.ts';
import { toast, wordsOf } from './say.ts';
import { askForKey, wantsKey } from './sign-in.ts';
import { setUpViewer } from './viewer.ts';

/** How much of a picture changes when it is varied. */
const VARIATION = 0.65;

setUpPreferences();
const composer = setUpComposer((request) => void draw(request));

const actions: PictureActions = {
  vary: (generation, picture) =>
    void draw({
      ...likeness(generation),
      seed: randomSeed(),
      from: refOf(generation, picture),
      strength: VARIATION,
    }),
  retouch: (generation, picture) => openRetouch(generation, picture, (request) => void draw(request)),
  // The same seed draws the same picture; only the last stages differ.
  enlarge: (generation, picture) => void draw({ ...likeness(generation), seed: picture.seed, size: 1_024 }),
  reuse: (generation, { seed }) => composer.use({ ...generation, seed, steps: 0, count: 1 }),
  withoutEnrichment: (generation) =>
    void draw({
      ...likeness(generation),
      prompt: generation.prompt,
      seed: generation.seed,
      count: generation.count as 1,
    }),
};
const open = setUpViewer(actions);
const easel = setUpEasel(actions, open);
const history = setUpHistory(open, (generation) =>
  actions.reuse(generation, { seed: generation.seed } as PictureJson),
);
void offerIdeas((prompt) => {
  const field = byId<HTMLTextAreaElement>('prompt');
  field.value = prompt;
  field.focus();
  field.dispatchEvent(new Event('input', { bubbles: true }));
});

/** A request for what a picture shows, as it was drawn. */
function likeness({ enhanced, prompt, negativePrompt, size }: GenerationJson): CreateGenerationJson {
  return {
    requestId: randomId(),
    prompt: enhanced?.prompt ?? prompt,
    ...(negativePrompt && { negativePrompt }),
    size: size as 64 | 256 | 1_024,
    enhance: false,
    learn: mayLearn(),
  };
}

const refOf = ({ id }: GenerationJson, { index }: PictureJson) => ({ generationId: id, imageIndex: index });

async function draw(request: CreateGenerationJson): Promise<void> {
  composer.busy(true);
  try {
    const ended = await easel.show(await api.create(request));
    if (ended) history.add(ended);
  } catch (error) {
    if (error instanceof StudioError && error.problem?.code === 'INVALID_ARGUMENT') composer.refuse(error);
    else if (wantsKey(error)) askForKey();
    else toast(wordsOf(error));
  } finally {
    composer.busy(false);
  }
}
