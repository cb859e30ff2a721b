/** A prompt in which what was added is marked. */
import type { EnhancementJson } from './api.ts';
import { h } from './dom.ts';

/** Text and marks, in order. Offsets count code points. */
export function enrichedText({ prompt, additions }: EnhancementJson): (Node | string)[] {
  const points = [...prompt];
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const { text, offset } of additions) {
    const end = offset + [...text].length;
    if (offset < at || points.slice(offset, end).join('') !== text) continue;
    parts.push(points.slice(at, offset).join(''), h('mark', { title: 'added' }, text));
    at = end;
  }
  parts.push(points.slice(at).join(''));
  return parts;
}
