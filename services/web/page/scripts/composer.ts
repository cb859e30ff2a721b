/** The prompt and its settings: read, remembered, filled in again, sent. */
import { type CreateGenerationJson, randomId, randomSeed, type StudioError } from './api.ts';
import { byId } from './dom.ts';
import { setUpEnrichment } from './enrichment.ts';
import { mayLearn, remembered } from './preferences.ts';
import { setUpSuggestions } from './suggestions.ts';

const MAX_WORDS = 128;
const MAX_SEED = 4_294_967_295;

export interface Settings {
  prompt: string;
  negativePrompt?: string;
  seed?: number;
  steps?: number;
  count: number;
  size: number;
  enhance: boolean;
}

export interface Composer {
  /** Fill the form in. */
  use(settings: Settings): void;
  /** Say what a refused request had wrong. */
  refuse(error: StudioError): void;
  /** Whether a picture is being drawn: then there is nothing to send. */
  busy(is: boolean): void;
}

export function setUpComposer(send: (request: CreateGenerationJson) => void): Composer {
  const form = byId<HTMLFormElement>('composer');
  const prompt = byId<HTMLTextAreaElement>('prompt');
  const style = byId<HTMLSelectElement>('style');
  const enhance = byId<HTMLInputElement>('enhance');
  const [negative, seed, steps] = ['negative', 'seed', 'steps'].map((id) => byId<HTMLInputElement>(id)) as [
    HTMLInputElement,
    HTMLInputElement,
    HTMLInputElement,
  ];
  const error = byId('prompt-error');
  /** What the next picture is drawn with unless a seed is given: chosen ahead, so that what is shown of it is true. */
  let nextSeed = randomSeed();

  const chosen = (name: string): number => Number(new FormData(form).get(name));
  const whole = (field: HTMLInputElement, most: number): number | undefined => {
    const text = field.value.trim();
    return /^\d{1,10}$/.test(text) ? Math.min(Number(text), most) : undefined;
  };
  const fullPrompt = (): string => {
    const words = prompt.value.trim().replace(/\s+/g, ' ');
    return style.value && words ? `${words}, ${style.value}` : words;
  };
  const seedNow = (): number => whole(seed, MAX_SEED) ?? nextSeed;

  const closeSuggestions = setUpSuggestions(() => look());
  const look = setUpEnrichment(
    () => ({ prompt: fullPrompt(), seed: seedNow(), on: enhance.checked }),
    () => {
      enhance.checked = false;
      remember();
    },
  );

  const complain = (text: string): void => {
    error.textContent = text;
    error.hidden = text === '';
    prompt.toggleAttribute('aria-invalid', text !== '');
    if (text !== '') prompt.focus();
  };

  const remember = (): void => {
    const { size, count } = { size: chosen('size'), count: chosen('count') };
    remembered.write(
      'settings',
      JSON.stringify({ size, count, style: style.value, enhance: enhance.checked }),
    );
  };

  form.addEventListener('input', () => {
    complain('');
    remember();
    look();
  });
  prompt.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  byId('more').addEventListener('click', ({ currentTarget }) => {
    const finer = byId('finer');
    finer.hidden = !finer.hidden;
    (currentTarget as HTMLElement).setAttribute('aria-expanded', String(!finer.hidden));
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    closeSuggestions();
    const words = fullPrompt().split(' ').length;
    if (fullPrompt() === '') {
      complain('Please say what you would like to see.');
      return;
    }
    if (words > MAX_WORDS) {
      complain(`That is ${words} words; ${MAX_WORDS} are the most.`);
      return;
    }
    const stepsNow = whole(steps, 1_000);
    const negativePrompt = negative.value.trim();
    send({
      requestId: randomId(),
      prompt: fullPrompt(),
      ...(negativePrompt && { negativePrompt }),
      seed: seedNow(),
      ...(stepsNow && { steps: stepsNow }),
      count: chosen('count'),
      size: chosen('size') as 64 | 256 | 1_024,
      enhance: enhance.checked,
      learn: mayLearn(),
    });
    nextSeed = randomSeed();
    byId('enrichment').hidden = true;
  });

  const pick = (name: string, value: unknown): void => {
    const input = form.querySelector<HTMLInputElement>(`input[name="${name}"][value="${Number(value)}"]`);
    if (input) input.checked = true;
  };
  try {
    const before = JSON.parse(remembered.read('settings') ?? '{}') as Partial<Settings> & { style?: string };
    pick('size', before.size);
    pick('count', before.count);
    style.value = before.style ?? '';
    enhance.checked = before.enhance ?? true;
  } catch {
    // What was remembered is no JSON: the form's own defaults stay.
  }

  return {
    use(settings) {
      prompt.value = settings.prompt;
      style.value = '';
      negative.value = settings.negativePrompt ?? '';
      seed.value = settings.seed === undefined ? '' : String(settings.seed);
      steps.value = settings.steps ? String(settings.steps) : '';
      pick('size', settings.size);
      pick('count', settings.count);
      enhance.checked = settings.enhance;
      if (byId('finer').hidden) byId('more').click();
      prompt.focus();
      scrollTo({ top: 0 });
      look();
    },
    refuse: ({ message }) => complain(message),
    busy(is) {
      const generate = byId<HTMLButtonElement>('generate');
      generate.disabled = is;
      generate.textContent = is ? 'Drawing …' : 'Generate';
    },
  };
}
