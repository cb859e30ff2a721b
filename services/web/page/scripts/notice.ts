/** Why there is no picture, kindly, and what to do. */
import type { GenerationJson } from './api.ts';
import { button, byId, h } from './dom.ts';

export function notice(generation: GenerationJson, again: () => void): HTMLElement {
  const box = (title: string, ...lines: (HTMLElement | string | undefined)[]): HTMLElement =>
    h(
      'div',
      { class: 'notice' },
      h('h3', {}, title),
      ...lines.flatMap((line) =>
        line === undefined ? [] : [typeof line === 'string' ? h('p', {}, line) : line],
      ),
    );
  const { blocked, error, state } = generation;
  if (blocked) {
    const about = box('This one is not drawn here', blocked.message, quoted(generation), blocked.advice);
    about.append(button('Change the prompt', { class: 'outline' }, () => byId('prompt').focus()));
    return about;
  }
  const stopped = state === 'cancelled' ? 'You stopped this one.' : undefined;
  const failed = box(
    stopped ? 'Stopped' : 'That did not work out',
    stopped ?? error?.message ?? 'Something went wrong on our side.',
    error && generation.traceId
      ? h('p', { class: 'fine' }, `For whoever runs this studio: trace ${generation.traceId}`)
      : undefined,
  );
  failed.append(button('Try again', { class: 'outline' }, again));
  return failed;
}

/** The judged words with the grounds marked, where there are any. */
function quoted({ blocked, prompt, negativePrompt, enhanced }: GenerationJson): HTMLElement | undefined {
  const text = { prompt, negative_prompt: negativePrompt, enhanced_prompt: enhanced?.prompt }[
    blocked?.subject ?? ''
  ];
  if (!text || !blocked?.spans.length) return undefined;
  const points = [...text];
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const { start, end } of [...blocked.spans].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    parts.push(points.slice(at, start).join(''), h('mark', {}, points.slice(start, end).join('')));
    at = end;
  }
  return h('p', { class: 'quoted' }, '“', ...parts, points.slice(at).join(''), '”');
}
