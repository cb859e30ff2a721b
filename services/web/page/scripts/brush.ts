/** A brush that paints the part of a picture to draw anew, by pointer and by keyboard. */
import { h } from './dom.ts';

export interface Brush {
  /** What lies over the picture. */
  elements: HTMLElement[];
  /** Diameter, share of the picture's width, 0 to 1. */
  size(share: number): void;
  clear(): void;
  isEmpty(): boolean;
  /** White where it was painted, black elsewhere: a PNG in base64, as large as the picture. */
  mask(): Promise<string>;
}

const KEY_STEP = 0.02;
const DIRECTIONS: Readonly<Record<string, [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function createBrush(width: number, height: number): Brush {
  const canvas = h('canvas', {
    width,
    height,
    tabindex: 0,
    role: 'application',
    'aria-label':
      'The part to change. Arrow keys move the brush, Space paints, holding Shift while moving paints a line.',
  });
  const ring = h('div', { class: 'ring', hidden: true });
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  let diameter = 0.18;
  let empty = true;
  /** Where the brush is, shares of width and height. */
  let at: [number, number] = [0.5, 0.5];

  const paintTo = (to: [number, number]): void => {
    context.strokeStyle = '#e4572e';
    context.lineWidth = diameter * width;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(at[0] * width, at[1] * height);
    context.lineTo(to[0] * width + 0.01, to[1] * height);
    context.stroke();
    empty = false;
    at = to;
  };
  const place = (): void => {
    ring.hidden = false;
    ring.style.left = `${at[0] * 100}%`;
    ring.style.top = `${at[1] * 100}%`;
    ring.style.width = `${diameter * canvas.clientWidth}px`;
    ring.style.aspectRatio = '1';
  };
  const where = ({ offsetX, offsetY }: PointerEvent): [number, number] => [
    offsetX / canvas.clientWidth,
    offsetY / canvas.clientHeight,
  ];

  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    at = where(event);
    paintTo(at);
    place();
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.buttons & 1) paintTo(where(event));
    else at = where(event);
    place();
  });
  canvas.addEventListener('pointerleave', () => {
    ring.hidden = true;
  });
  canvas.addEventListener('focus', () => {
    if (canvas.matches(':focus-visible')) place();
  });
  canvas.addEventListener('keydown', (event) => {
    const direction = DIRECTIONS[event.key];
    if (direction) {
      const clamp = (share: number): number => Math.min(1, Math.max(0, share));
      const to: [number, number] = [
        clamp(at[0] + direction[0] * KEY_STEP),
        clamp(at[1] + direction[1] * KEY_STEP),
      ];
      if (event.shiftKey) paintTo(to);
      at = to;
    } else if (event.key === ' ') paintTo(at);
    else return;
    event.preventDefault();
    place();
  });

  return {
    elements: [canvas, ring],
    size(share) {
      diameter = share;
    },
    clear() {
      context.clearRect(0, 0, width, height);
      empty = true;
    },
    isEmpty: () => empty,
    async mask() {
      const copy = h('canvas', { width, height });
      const drawing = copy.getContext('2d') as CanvasRenderingContext2D;
      drawing.drawImage(canvas, 0, 0);
      // What was painted becomes white, what lies behind it black.
      drawing.globalCompositeOperation = 'source-in';
      drawing.fillStyle = '#fff';
      drawing.fillRect(0, 0, width, height);
      drawing.globalCompositeOperation = 'destination-over';
      drawing.fillStyle = '#000';
      drawing.fillRect(0, 0, width, height);
      return copy.toDataURL('image/png').split(',')[1] ?? '';
    },
  };
}
