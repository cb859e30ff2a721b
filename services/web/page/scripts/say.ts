/** Words for those who listen and those who look away. */
import { byId, h } from './dom.ts';

const TOAST_MS = 4_000;

/** Read out by screen readers, seen by nobody. */
export const announce = (text: string): void => {
  byId('announcer').textContent = text;
};

/** Seen for a moment, and read out. */
export function toast(text: string): void {
  const note = h('p', {}, text);
  byId('toasts').append(note);
  setTimeout(() => note.remove(), TOAST_MS);
}

/** The message of whatever was thrown. */
export const wordsOf = (error: unknown): string =>
  error instanceof Error && error.name === 'Error' ? error.message : 'Something went wrong on this page.';
