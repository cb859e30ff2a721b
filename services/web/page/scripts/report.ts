/** Reporting a picture. */
import { button, byId, fill, h } from './dom.ts';
import { type PictureRef, tell } from './feedback.ts';
import { toast } from './say.ts';

const REASONS = {
  harmful: 'It harms or offends',
  person: 'It shows a person who did not ask for it',
  copy: 'It copies somebody’s work',
  other: 'Something else',
} as const;

export function askForReport(about: PictureRef): void {
  const dialog = byId<HTMLDialogElement>('report');
  const send = async (): Promise<void> => {
    const reason = dialog.querySelector<HTMLInputElement>('input:checked')?.value ?? 'other';
    const told = await tell(about, { kind: 'reported', reason });
    dialog.close();
    toast(told ? 'Reported. Thank you.' : 'That could not be sent just now. Please try again.');
  };
  const choice = ([reason, label]: [string, string], index: number): HTMLElement =>
    h(
      'label',
      { class: 'check' },
      h('input', { type: 'radio', name: 'reason', value: reason, checked: index === 0 }),
      h('span', {}, label),
    );
  fill(
    dialog,
    h('h2', { id: 'report-title' }, 'What is wrong with it?'),
    h(
      'div',
      { role: 'radiogroup', 'aria-labelledby': 'report-title' },
      ...Object.entries(REASONS).map(choice),
    ),
    h(
      'div',
      { class: 'actions' },
      button('Send', { class: 'primary' }, () => void send()),
      button('Never mind', { class: 'outline' }, () => dialog.close()),
    ),
  );
  dialog.showModal();
}
