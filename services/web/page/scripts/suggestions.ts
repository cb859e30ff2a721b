/** Completions under the prompt while it is typed, by keyboard, mouse and screen reader. */
import { api } from './api.ts';
import { byId, fill, h } from './dom.ts';
import { announce } from './say.ts';

const LIMIT = 5;
const PAUSE_MS = 90;

/** @param taken gets control when one was chosen. @returns how to close the list. */
export function setUpSuggestions(taken: () => void): () => void {
  const prompt = byId<HTMLTextAreaElement>('prompt');
  const list = byId('suggestions');
  let texts: string[] = [];
  let active = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;

  const close = (): void => {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    active = -1;
    prompt.removeAttribute('aria-activedescendant');
  };

  const activate = (index: number): void => {
    active = index;
    for (const [at, option] of [...list.children].entries())
      option.setAttribute('aria-selected', String(at === index));
    if (index >= 0) prompt.setAttribute('aria-activedescendant', `suggestion-${index}`);
    else prompt.removeAttribute('aria-activedescendant');
  };

  const take = (index: number): void => {
    prompt.value = texts[index] ?? prompt.value;
    close();
    prompt.focus();
    taken();
  };

  const show = (found: string[]): void => {
    texts = found;
    fill(
      list,
      ...found.map((text, index) => {
        const typed = text.toLowerCase().startsWith(prompt.value.toLowerCase()) ? prompt.value.length : 0;
        const option = h(
          'div',
          { id: `suggestion-${index}`, role: 'option', 'aria-selected': 'false' },
          text.slice(0, typed),
          h('b', {}, text.slice(typed)),
        );
        option.addEventListener('pointerdown', (event) => {
          event.preventDefault(); // the prompt keeps the focus
          take(index);
        });
        return option;
      }),
    );
    list.hidden = found.length === 0;
    activate(-1);
    if (found.length > 0) announce(`${found.length} suggestion${found.length === 1 ? '' : 's'}`);
  };

  const ask = async (): Promise<void> => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const found = await api.suggest(prompt.value, LIMIT, signal);
      if (!signal.aborted && document.activeElement === prompt)
        show(found.filter((text) => text !== prompt.value));
    } catch {
      // Typing goes on without suggestions.
      if (!signal.aborted) close();
    }
  };

  prompt.addEventListener('input', () => {
    clearTimeout(timer);
    if (prompt.value.trim() === '') close();
    else timer = setTimeout(() => void ask(), PAUSE_MS);
  });
  prompt.addEventListener('blur', close);
  prompt.addEventListener('keydown', (event) => {
    if (list.hidden || event.isComposing) return;
    const { key } = event;
    if (key === 'ArrowDown') activate(((active + 2) % (texts.length + 1)) - 1);
    else if (key === 'ArrowUp') activate(((active + texts.length + 1) % (texts.length + 1)) - 1);
    else if (key === 'Escape') close();
    else if (key === 'Enter' && active >= 0) take(active);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  return close;
}
