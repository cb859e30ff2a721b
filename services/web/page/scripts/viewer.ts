/** Pictures in large. */
import type { GenerationJson, PictureJson } from './api.ts';
import { caption, type PictureActions } from './caption.ts';
import { button, byId, fill, h } from './dom.ts';
import { countViews, stopCounting, tell } from './feedback.ts';
import { icon } from './icons.ts';

export type OpenViewer = (generation: GenerationJson, index: number) => void;

export function setUpViewer(actions: PictureActions): OpenViewer {
  const dialog = byId<HTMLDialogElement>('viewer');
  const title = byId('viewer-title');
  let at: [GenerationJson, number] | undefined;

  const closing = Object.fromEntries(
    (Object.keys(actions) as (keyof PictureActions)[]).map((name) => [
      name,
      (...args: [GenerationJson, PictureJson]) => {
        dialog.close();
        actions[name](...args);
      },
    ]),
  ) as unknown as PictureActions;

  const show: OpenViewer = (generation, index) => {
    const picture = generation.images[index];
    if (!picture) return;
    at = [generation, index];
    for (const frame of dialog.querySelectorAll('.shown')) stopCounting(frame);
    const turn = (by: number, name: 'back' | 'on', label: string) =>
      generation.images[index + by] &&
      button(label, { class: `icon-only turn ${name}` }, () => show(generation, index + by), icon(name));
    const image = h('img', {
      src: picture.png,
      width: picture.width,
      height: picture.height,
      alt: generation.prompt,
    });
    const shown = h(
      'div',
      { class: 'shown' },
      image,
      turn(-1, 'back', 'Previous picture'),
      turn(1, 'on', 'Next picture'),
    );
    const close = button('Close', { class: 'quiet icon-only close' }, () => dialog.close(), icon('close'));
    fill(dialog, title, shown, caption(generation, picture, closing), close);
    const about = { generationId: generation.id, imageIndex: index };
    countViews(shown, about);
    void tell(about, { kind: 'clicked' });
    if (!dialog.open) dialog.showModal();
  };

  dialog.addEventListener('keydown', ({ key, target }) => {
    if (!at || target instanceof HTMLInputElement) return;
    if (key === 'ArrowRight') show(at[0], at[1] + 1);
    if (key === 'ArrowLeft') show(at[0], at[1] - 1);
  });
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close();
  });
  dialog.addEventListener('close', () => {
    for (const frame of dialog.querySelectorAll('.shown')) stopCounting(frame);
  });
  return show;
}
