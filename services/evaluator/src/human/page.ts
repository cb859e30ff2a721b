/** The page that asks. Pure. */
import { escapeHtml } from '../report/escape.ts';
import { CHOICES, type Question } from './questions.ts';

const ASKED = {
  pair: 'Which picture is better drawn?',
  caption: 'Does the caption accurately describe the picture?',
} as const;

/** @param done answers so far, of `all`. */
export function questionPage({ id, kind, text, pictures }: Question, done: number, all: number): string {
  const images = pictures.map(
    (_, place) => `<img src="/picture/${id}/${place}" alt="${place === 0 ? 'left' : 'right'} picture">`,
  );
  const buttons = Object.entries(CHOICES[kind]).map(
    ([choice, label]) => `<button name="choice" value="${choice}">${label}</button>`,
  );
  return page(`<h1>${ASKED[kind]}</h1>
${kind === 'caption' ? `<blockquote>${escapeHtml(text)}</blockquote>` : ''}
<div>${images.join('\n')}</div>
<form method="post" action="/answer"><input type="hidden" name="question" value="${id}">${buttons.join('\n')}</form>
<p>${done} of ${all} answered. You may stop at any time and go on later in this browser.</p>`);
}

export const thanksPage = (all: number): string =>
  page(`<h1>Thank you</h1><p>All ${all} questions are answered.</p>`);

const page = (body: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Rating pictures</title>
<style>body{font:17px/1.5 system-ui,sans-serif;max-width:72rem;margin:1.5rem auto;padding:0 1rem;text-align:center}
div{display:flex;gap:1rem;justify-content:center;flex-wrap:wrap}img{width:min(32rem,45vw);image-rendering:auto}
blockquote{font-size:1.2rem;margin:1rem}button{font:inherit;padding:.6rem 1.4rem;margin:1rem .5rem}</style>
${body}</html>
`;
