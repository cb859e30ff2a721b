/** Something to begin with: what is popular. */
import { api } from './api.ts';
import { button, byId, fill, h } from './dom.ts';

const IDEAS = 5;

export async function offerIdeas(use: (prompt: string) => void): Promise<void> {
  const ideas = byId('ideas');
  try {
    const prompts = (await api.suggest('', IDEAS)).map(
      (prompt) => prompt.charAt(0).toUpperCase() + prompt.slice(1),
    );
    fill(
      ideas.querySelector('ul') as Element,
      ...prompts.map((prompt) =>
        h(
          'li',
          {},
          button(prompt, {}, () => use(prompt)),
        ),
      ),
    );
    ideas.hidden = prompts.length === 0;
  } catch {
    ideas.hidden = true;
  }
}
