/** Open water: gradient, light path under the sun or moon, a few broad waves, reflections. */
import { lighten, mix } from '../palette.ts';
import { el, verticalGradient } from '../svg.ts';
import type { SkyBody } from './sky.ts';
import { box, type Stage, stroke } from './stage.ts';

/** Water from the horizon to `bottom`. */
export function drawWater(stage: Stage, horizon: number, body: SkyBody, bottom = 1024): string {
  const { light, plan } = stage;
  return (
    el(
      'defs',
      {},
      verticalGradient('water', [
        [0, light.water[0]],
        [1, light.water[1]],
      ]),
    ) +
    box(0, horizon, 1024, bottom - horizon, 'url(#water)') +
    (plan['sky.body'] === 'none' ? '' : lightPath(stage, horizon, body, bottom)) +
    waves(stage, horizon, bottom)
  );
}

function lightPath({ light, random, plan }: Stage, horizon: number, { x }: SkyBody, bottom: number): string {
  const rows = Math.round((bottom - horizon) / 62);
  let bars = '';
  for (let i = 0; i < rows; i++) {
    const half = (plan.time === 'sunset' ? 150 : 95) * (1 - 0.55 * (i / rows)) * random.range(0.75, 1.1);
    const y = horizon + 18 + i * 60;
    bars += stroke(
      `M${x - half} ${y}H${x + half}`,
      mix(light.glow, light.water[0], 0.15),
      15,
      plan.time === 'day' ? 0.4 : 0.72,
    );
  }
  return bars;
}

function waves({ light, random }: Stage, horizon: number, bottom: number): string {
  const colour = lighten(light.water[0], 0.28);
  const rows = Math.floor((bottom - horizon) / 110);
  let lines = '';
  for (let i = 0; i < rows; i++) {
    const y = horizon + 70 + i * 110;
    const x = random.range(20, 200) + (i % 2) * 420;
    const w = 120 + i * 25;
    lines += stroke(`M${x} ${y}q${w / 4} -22 ${w / 2} 0t${w / 2} 0`, colour, 9 + 2 * i, 0.5);
  }
  return lines;
}

/** Broad strokes of a boat's colour on the water below it, `width` px wide in all. */
export function reflection({ light }: Stage, x: number, y: number, width: number, colour: string): string {
  const tone = mix(colour, light.water[1], 0.45);
  return [
    [0, 0.62],
    [44, 0.42],
    [86, 0.24],
  ]
    .map(([dy = 0, share = 0]) =>
      stroke(`M${x - (width * share) / 2} ${y + 34 + dy}h${width * share}`, tone, 20, 0.75),
    )
    .join('');
}
