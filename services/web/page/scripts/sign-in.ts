/** Asks for a key where the mesh wants one. */
import { api, StudioError } from './api.ts';
import { button, byId, fill, h } from './dom.ts';
import { wordsOf } from './say.ts';

/** Whether an error means that whoever is here has to say who they are. */
export const wantsKey = (error: unknown): boolean =>
  error instanceof StudioError && error.problem?.code === 'UNAUTHENTICATED';

export function askForKey(): void {
  const dialog = byId<HTMLDialogElement>('sign-in');
  if (dialog.open) return;
  const key = h('input', {
    id: 'key',
    type: 'password',
    autocomplete: 'current-password',
    required: true,
    'aria-describedby': 'key-error',
  });
  const refusal = h('p', { id: 'key-error', class: 'field-error', role: 'alert' });
  const send = async (): Promise<void> => {
    try {
      await api.signIn(key.value.trim());
      location.reload();
    } catch (error) {
      refusal.textContent = wantsKey(error) ? 'This key is not known here.' : wordsOf(error);
    }
  };
  const form = h(
    'form',
    {},
    h('h2', { id: 'sign-in-title' }, 'This studio asks for a key'),
    h('label', { for: 'key' }, 'Your API key'),
    key,
    refusal,
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'submit', class: 'primary' }, 'Come in'),
      button('Not now', { class: 'outline' }, () => dialog.close()),
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
  fill(dialog, form);
  dialog.showModal();
}
