/** What the browser remembers for its person. */
import { api, randomId } from './api.ts';
import { byId } from './dom.ts';

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(`atelier.${key}`);
  } catch {
    return null;
  }
};
const write = (key: string, value: string): void => {
  try {
    localStorage.setItem(`atelier.${key}`, value);
  } catch {
    // Storage is forbidden here: forgotten with the page.
  }
};

export const remembered = { read, write };

/** Whether what is drawn may be learnt from. */
export const mayLearn = (): boolean => read('learn') === 'yes';

export function setUpPreferences(): void {
  const root = document.documentElement;
  byId('theme').addEventListener('click', () => {
    const dark = root.dataset.theme
      ? root.dataset.theme === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    write('theme', root.dataset.theme);
  });

  const learn = byId<HTMLInputElement>('learn');
  learn.checked = mayLearn();
  learn.addEventListener('change', () => {
    write('learn', learn.checked ? 'yes' : 'no');
    void api
      .interact({
        kind: 'consentChanged',
        id: randomId(),
        granted: learn.checked,
        occurTime: new Date().toISOString(),
      })
      .catch(() => {});
  });
  byId('privacy-open').addEventListener('click', () => byId<HTMLDialogElement>('privacy').showModal());
}
