/** What this browser drew before, and the search in it. */
import { api, type GenerationJson } from './api.ts';
import { button, byId, fill, h } from './dom.ts';
import { countViews, stopCounting } from './feedback.ts';
import { toast, wordsOf } from './say.ts';
import { askForKey, wantsKey } from './sign-in.ts';
import type { OpenViewer } from './viewer.ts';

const PAGE = 48;
/** The search looks through this many at most: the server forgets after a week anyway. */
const MOST = 2_000;
const THUMB_WIDTH = 320;

export interface History {
  /** Put a generation that has ended in front. */
  add(generation: GenerationJson): void;
}

export function setUpHistory(open: OpenViewer, reuse: (generation: GenerationJson) => void): History {
  const gallery = byId('gallery');
  const empty = byId('history-empty');
  const older = byId<HTMLButtonElement>('older');
  const search = byId<HTMLInputElement>('search');
  let known: GenerationJson[] = [];
  /** Token of the next page; undefined on the last one. */
  let next: string | undefined = '';

  const render = (): void => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = known.filter((each) => matches(each, words));
    for (const tile of gallery.querySelectorAll('.tile')) stopCounting(tile);
    fill(gallery, ...found.map((each) => h('li', {}, tile(each))));
    empty.hidden = found.length > 0;
    if (words.length > 0) empty.textContent = 'Nothing of what you drew matches.';
    else empty.textContent = 'What you draw is kept here for seven days. Only this browser sees it.';
    older.hidden = next === undefined || words.length > 0;
  };

  const tile = (generation: GenerationJson): HTMLElement => {
    const { images, prompt, id } = generation;
    const [first] = images;
    if (!first) {
      const why = { blocked: 'Not drawn', cancelled: 'Stopped', failed: 'Failed' }[
        generation.state as string
      ];
      const text = prompt.length > 90 ? `${prompt.slice(0, 88)} …` : prompt;
      return button(
        prompt,
        { class: 'tile without' },
        () => reuse(generation),
        text,
        h('small', {}, why ?? 'In the making'),
      );
    }
    const element = button(
      prompt,
      { class: 'tile' },
      () => open(generation, 0),
      h('img', {
        src: `${first.webp}?width=${THUMB_WIDTH}`,
        alt: prompt,
        loading: 'lazy',
        width: THUMB_WIDTH,
        height: THUMB_WIDTH,
      }),
      h('span', { class: 'label', 'aria-hidden': 'true' }, prompt),
      images.length > 1 && h('span', { class: 'number' }, `${images.length} pictures`),
    );
    countViews(element, { generationId: id, imageIndex: 0 });
    return element;
  };

  const load = async (): Promise<void> => {
    if (next === undefined) return;
    const page = await api.list(next, PAGE);
    next = page.nextPageToken;
    const ids = new Set(known.map(({ id }) => id));
    known = [...known, ...page.generations.filter(({ id }) => !ids.has(id))];
  };
  const loadAndRender = async (): Promise<void> => {
    try {
      await load();
      render();
    } catch (error) {
      if (wantsKey(error)) askForKey();
      else toast(wordsOf(error));
    }
  };

  search.addEventListener('input', async () => {
    render();
    const asked = search.value;
    while (asked === search.value && asked.trim() !== '' && next !== undefined && known.length < MOST)
      await loadAndRender();
  });
  older.addEventListener('click', () => void loadAndRender());
  void loadAndRender();

  return {
    add(generation) {
      known = [generation, ...known.filter(({ id }) => id !== generation.id)];
      render();
    },
  };
}

function matches({ prompt, enhanced, negativePrompt }: GenerationJson, words: readonly string[]): boolean {
  const text = `${prompt} ${enhanced?.prompt ?? ''} ${negativePrompt}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
