/** Weather in front of everything: few, large marks that survive at 64 pixels. */
import { el, verticalGradient } from '../svg.ts';
import { box, ellipse, type Stage, stroke } from './stage.ts';

export function drawWeather(stage: Stage): string {
  const { plan, light, random } = stage;
  if (plan.weather === 'rain') {
    let d = '';
    for (let i = 0; i < 18; i++) {
      const x = 60 + (i % 6) * 180 + random.range(-50, 50);
      const y = 40 + Math.floor(i / 6) * 330 + random.range(-30, 170);
      d += `M${x.toFixed(0)} ${y.toFixed(0)}l-34 120`;
    }
    return stroke(d, light.night ? '#a9bbe0' : '#e4f0fa', 11, 0.75);
  }
  if (plan.weather === 'snow') {
    let flakes = '';
    for (let i = 0; i < 20; i++) {
      const x = 60 + (i % 5) * 225 + random.range(-80, 80);
      const y = 60 + Math.floor(i / 5) * 240 + random.range(-80, 80);
      flakes += ellipse(x, y, 15, 15, '#ffffff', 0.95);
    }
    return flakes;
  }
  if (plan.weather !== 'fog') return '';
  const stop = (offset: number, opacity: number): string =>
    el('stop', { offset: String(offset), stopColor: light.haze, stopOpacity: String(opacity) });
  const veil = el(
    'linearGradient',
    { id: 'fog', x1: 0, y1: 0, x2: 0, y2: 1 },
    stop(0, 0),
    stop(0.35, 0.6),
    stop(0.6, 0.28),
    stop(1, 0.12),
  );
  return el('defs', {}, veil) + box(0, 300, 1024, 724, 'url(#fog)');
}

/** A soft ground gradient from `top` down. */
export function ground(id: string, top: number, far: string, near: string): string {
  return (
    el(
      'defs',
      {},
      verticalGradient(id, [
        [0, far],
        [1, near],
      ]),
    ) + box(0, top, 1024, 1024 - top, `url(#${id})`)
  );
}
