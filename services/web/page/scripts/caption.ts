/** What belongs to a finished picture: its prompt, what can be done with it, how it was made. */
import type { GenerationJson, PictureJson } from './api.ts';
import { button, h } from './dom.ts';
import { enrichedText } from './enriched-text.ts';
import { tell } from './feedback.ts';
import { icon } from './icons.ts';
import { askForReport } from './report.ts';
import { toast } from './say.ts';
import { secondsOf } from './stages.ts';

/** What the studio can do with a picture; the page's parts meet here. */
export interface PictureActions {
  vary(generation: GenerationJson, picture: PictureJson): void;
  retouch(generation: GenerationJson, picture: PictureJson): void;
  enlarge(generation: GenerationJson, picture: PictureJson): void;
  reuse(generation: GenerationJson, picture: PictureJson): void;
  withoutEnrichment(generation: GenerationJson): void;
}

export function caption(
  generation: GenerationJson,
  picture: PictureJson,
  actions: PictureActions,
): HTMLElement {
  const about = { generationId: generation.id, imageIndex: picture.index };
  const { enhanced } = generation;
  const drawn = enhanced ? enrichedText(enhanced) : [generation.prompt];
  const side = h('div', { class: 'caption' }, h('p', { class: 'what' }, ...drawn));
  if (enhanced && enhanced.additions.length > 0) {
    const undo = button('Draw it without', { class: 'text' }, () => actions.withoutEnrichment(generation));
    side.append(h('p', { class: 'fine' }, 'The marked words were added. ', undo));
  }
  const unknown = unknownNote(generation.unknownConcepts);
  if (unknown) side.append(unknown);

  const small = generation.size < 1_024;
  const act = (name: Parameters<typeof icon>[0], label: string, action: keyof PictureActions) =>
    button(label, { class: 'outline' }, () => actions[action](generation, picture), icon(name), label);
  side.append(
    h('div', { class: 'actions', role: 'group', 'aria-label': 'Rate and report' }, ...opinions(about)),
    h(
      'div',
      { class: 'actions pairs', role: 'group', 'aria-label': 'Go on from here' },
      act('vary', 'Vary', 'vary'),
      act('brush', 'Change a part', 'retouch'),
      small && act('enlarge', 'Enlarge', 'enlarge'),
      act('again', 'Use again', 'reuse'),
      button(
        '',
        { class: 'outline' },
        () => void copySettings(generation, picture),
        icon('copy'),
        'Copy settings',
      ),
      download(picture.png, 'PNG', about),
      download(picture.webp, 'WebP', about),
    ),
    facts(generation, picture),
  );
  return side;
}

/** Said honestly: what the models never saw can't come out. */
export function unknownNote(words: readonly string[]): HTMLElement | undefined {
  if (words.length === 0) return undefined;
  return h(
    'p',
    { class: 'note' },
    'Never seen: ',
    h('b', {}, words.join(', ')),
    '. The picture can’t show what the models don’t know.',
  );
}

function opinions(about: { generationId: string; imageIndex: number }): HTMLElement[] {
  const send = async (rating: 'up' | 'down'): Promise<void> => {
    const told = await tell(about, { kind: 'rated', rating });
    up.setAttribute('aria-pressed', String(told && rating === 'up'));
    down.setAttribute('aria-pressed', String(told && rating === 'down'));
    toast(told ? 'Thank you. That helps the next pictures.' : 'That could not be stored just now.');
  };
  const rate = (rating: 'up' | 'down', label: string): HTMLButtonElement =>
    button(
      label,
      { class: 'outline icon-only', 'aria-pressed': 'false' },
      () => void send(rating),
      icon(rating),
    );
  const up = rate('up', 'I like it');
  const down = rate('down', 'I don’t like it');
  const report = button('Report', { class: 'outline' }, () => askForReport(about), icon('flag'), 'Report');
  return [up, down, report];
}

function download(
  path: string,
  type: string,
  about: { generationId: string; imageIndex: number },
): HTMLElement {
  return button(
    `Download ${type}`,
    { class: 'outline' },
    () => {
      h('a', { href: `${path}?download=1`, download: true }).click();
      void tell(about, { kind: 'downloaded' });
    },
    icon('save'),
    type,
  );
}

async function copySettings(generation: GenerationJson, picture: PictureJson): Promise<void> {
  const { prompt, negativePrompt, size, steps, guidanceScale, enhance } = generation;
  const settings = {
    prompt,
    negativePrompt: negativePrompt || undefined,
    seed: picture.seed,
    size,
    steps,
    guidanceScale,
    enhance,
  };
  try {
    await navigator.clipboard.writeText(JSON.stringify(settings, null, 2));
    toast('Settings copied.');
  } catch {
    toast('This browser does not let the page copy.');
  }
}

function facts(generation: GenerationJson, { seed, width, height }: PictureJson): HTMLElement {
  const { createTime, endTime, steps, guidanceScale, negativePrompt, models } = generation;
  const took = createTime && endTime ? Date.parse(endTime) - Date.parse(createTime) : undefined;
  const model = models.find(({ name }) => name.endsWith('denoiser'));
  const rows: [string, string | undefined][] = [
    ['Size', `${width} × ${height}`],
    ['Seed', String(seed)],
    ['Steps', steps ? String(steps) : undefined],
    ['Guidance', guidanceScale === undefined ? undefined : String(Math.round(guidanceScale * 100) / 100)],
    ['Left out', negativePrompt || undefined],
    ['Model', model && `${model.name} ${model.version}`],
    ['Took', took === undefined ? undefined : secondsOf(took)],
  ];
  return h(
    'dl',
    { class: 'facts' },
    ...rows.flatMap(([name, value]) => (value === undefined ? [] : [h('dt', {}, name), h('dd', {}, value)])),
  );
}
