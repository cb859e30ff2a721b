/** A generation in the making: stages, progress and previews, then its pictures or why there are none. */
import { api, type GenerationJson } from './api.ts';
import { caption, type PictureActions, unknownNote } from './caption.ts';
import { button, byId, fill, h } from './dom.ts';
import { enrichedText } from './enriched-text.ts';
import { countViews, stopCounting } from './feedback.ts';
import { follow } from './follow.ts';
import { notice } from './notice.ts';
import { announce, toast, wordsOf } from './say.ts';
import { secondsOf, shareAt, shareWhileDrawing, stageName } from './stages.ts';

export interface Easel {
  /** Show a generation from its beginning to its end. Resolves with its end, or undefined when it was lost sight of. */
  show(generation: GenerationJson): Promise<GenerationJson | undefined>;
}

export function setUpEasel(
  actions: PictureActions,
  open: (generation: GenerationJson, index: number) => void,
): Easel {
  const easel = byId('easel');
  const title = byId('easel-title');
  const replace = (...children: HTMLElement[]): void => {
    for (const frame of easel.querySelectorAll('.frame')) stopCounting(frame);
    fill(easel, title, ...children);
    easel.hidden = false;
  };

  const showEnd = (generation: GenerationJson): void => {
    if (generation.images.length === 0) {
      replace(notice(generation, () => actions.reuse(generation, { seed: generation.seed } as never)));
      return;
    }
    let side = caption(generation, generation.images[0] as never, actions);
    const frames = generation.images.map((picture) => {
      const label = generation.images.length > 1 ? `Picture ${picture.index + 1}: ` : '';
      const image = h('img', {
        src: picture.png,
        width: picture.width,
        height: picture.height,
        alt: label + generation.prompt,
      });
      const frame = button('', { class: 'frame' }, () => open(generation, picture.index), image);
      const choose = (): void => {
        if (side.dataset.index === String(picture.index)) return;
        const next = caption(generation, picture, actions);
        next.dataset.index = String(picture.index);
        side.replaceWith(next);
        side = next;
      };
      if (generation.images.length > 1) {
        frame.addEventListener('focus', choose);
        frame.addEventListener('pointerenter', choose);
      }
      countViews(frame, { generationId: generation.id, imageIndex: picture.index });
      return frame;
    });
    side.dataset.index = '0';
    replace(h('div', { class: `frames${frames.length > 1 ? ' several' : ''}` }, ...frames), side);
  };

  return {
    show(generation) {
      const { promise, resolve } = Promise.withResolvers<GenerationJson | undefined>();
      const view = inTheMaking(generation, () => {
        void api.cancel(generation.id).catch((error: unknown) => toast(wordsOf(error)));
      });
      replace(...view.elements);
      easel.scrollIntoView({ block: 'nearest' });
      announce('Drawing has begun.');
      follow(
        generation.id,
        {
          snapshot: view.snapshot,
          stageStarted: ({ name }) => view.stage(name),
          stageFinished: ({ name, durationMs }) => view.stageDone(name, durationMs),
          progress: ({ step, steps }) => view.step(step, steps),
          preview: ({ png, imageIndex }) => view.preview(png, imageIndex),
          finished(ended) {
            showEnd(ended);
            announce(ended.images.length > 0 ? 'Your picture is ready.' : 'There is no picture.');
            resolve(ended);
          },
        },
        () => {
          replace(
            h(
              'div',
              { class: 'notice' },
              h('h3', {}, 'Lost sight of it'),
              h('p', {}, 'The studio does not answer. If it was drawn, it is in the history.'),
            ),
          );
          resolve(undefined);
        },
      );
      return promise;
    },
  };
}

function inTheMaking(generation: GenerationJson, cancel: () => void) {
  const frames = Array.from({ length: generation.count }, () => h('div', { class: 'frame waiting' }));
  const what = h('p', { class: 'what' }, generation.prompt);
  const now = h('span', {}, 'Starting');
  const steps = h('span', {});
  const bar = h('progress', { max: 1, value: 0, 'aria-label': 'Progress' });
  const done = h('ul', { class: 'stages', 'aria-label': 'Done so far' });
  const notes = h('div', {});
  const progress = h('div', { class: 'progress' }, h('div', { class: 'progress-now' }, now, steps), bar);
  const advance = (share: number): void => {
    bar.value = Math.max(bar.value, share);
  };
  return {
    elements: [
      h('div', { class: `frames${generation.count > 1 ? ' several' : ''}` }, ...frames),
      h(
        'div',
        { class: 'caption' },
        what,
        progress,
        done,
        notes,
        h('div', {}, button('Stop', { class: 'outline' }, cancel)),
      ),
    ],
    snapshot({ enhanced, unknownConcepts, stages, progress: reached }: GenerationJson): void {
      if (enhanced) fill(what, ...enrichedText(enhanced));
      fill(notes, unknownNote(unknownConcepts));
      const last = stages.at(-1);
      if (last) {
        now.textContent = stageName(last.name);
        advance(shareAt(last.name));
      }
      if (reached) this.step(reached.step, reached.steps);
    },
    stage(name: string): void {
      now.textContent = stageName(name);
      steps.textContent = '';
      advance(shareAt(name));
    },
    stageDone(name: string, durationMs: number): void {
      done.append(h('li', {}, h('span', {}, stageName(name)), h('span', {}, secondsOf(durationMs))));
    },
    step(step: number, of: number): void {
      steps.textContent = `${step} / ${of}`;
      advance(shareWhileDrawing(step, of));
    },
    preview(png: string, index: number): void {
      const frame = frames[index];
      if (!frame) return;
      const image = h('img', {
        class: 'preview',
        src: `data:image/png;base64,${png}`,
        alt: 'The picture in the making',
      });
      frame.querySelector('img:nth-last-of-type(2)')?.remove(); // the one below fades into the new one
      frame.append(image);
    },
  };
}
