/** Drawing a part of a picture anew. */
import {
  type CreateGenerationJson,
  type GenerationJson,
  type PictureJson,
  randomId,
  randomSeed,
} from './api.ts';
import { createBrush } from './brush.ts';
import { button, byId, fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { mayLearn } from './preferences.ts';
import { toast } from './say.ts';

export function openRetouch(
  generation: GenerationJson,
  picture: PictureJson,
  send: (request: CreateGenerationJson) => void,
): void {
  const dialog = byId<HTMLDialogElement>('retouch');
  const brush = createBrush(picture.width, picture.height);
  const prompt = h('textarea', { maxlength: 4_096 }, generation.enhanced?.prompt ?? generation.prompt);
  const size = h('input', { type: 'range', min: 4, max: 50, value: 18 });
  size.addEventListener('input', () => brush.size(Number(size.value) / 100));
  const draw = async (): Promise<void> => {
    if (brush.isEmpty()) {
      toast('Paint over the part that should change first.');
      return;
    }
    const mask = await brush.mask();
    dialog.close();
    send({
      requestId: randomId(),
      prompt: prompt.value.trim(),
      seed: randomSeed(),
      size: generation.size as 64 | 256 | 1_024,
      enhance: false,
      learn: mayLearn(),
      from: { generationId: generation.id, imageIndex: picture.index },
      mask,
    });
  };
  fill(
    dialog,
    h(
      'div',
      { class: 'shown' },
      h('img', { src: picture.png, width: picture.width, height: picture.height, alt: generation.prompt }),
      ...brush.elements,
    ),
    h(
      'div',
      { class: 'caption' },
      h('h2', { id: 'retouch-title' }, 'Change a part'),
      h('p', {}, 'Paint over what should be drawn anew, and say what the whole picture shows.'),
      h('label', {}, h('span', {}, 'Brush'), size),
      h('label', {}, h('span', {}, 'The whole picture'), prompt),
      h(
        'div',
        { class: 'actions' },
        button('Draw anew', { class: 'primary' }, () => void draw()),
        button('Clear', { class: 'outline' }, () => brush.clear()),
      ),
    ),
    button('Close', { class: 'quiet icon-only close' }, () => dialog.close(), icon('close')),
  );
  dialog.showModal();
}
