/** Sky: gradient, sun or moon with its glow, stars, clouds, birds. */
import { mix } from '../palette.ts';
import { el, verticalGradient } from '../svg.ts';
import { ellipse, fill, type Stage, stroke } from './stage.ts';

/** Where the sun or moon stands, and how big it is (pixels of the 1024 view box). */
export interface SkyBody {
  x: number;
  y: number;
  radius: number;
}

/** Place the sky's body for a horizon at height `horizon`: low and large at sunset and dawn, high otherwise. */
export function placeBody({ plan, random }: Stage, horizon: number): SkyBody {
  const side = random.chance(0.5) ? random.range(190, 290) : random.range(734, 834);
  if (plan.time === 'sunset') return { x: side, y: horizon - 40, radius: 120 };
  if (plan.time === 'dawn') return { x: side, y: horizon - 170, radius: 90 };
  return { x: side, y: random.range(165, 215), radius: plan.time === 'night' ? 78 : 84 };
}

export function drawSky(stage: Stage, horizon: number, body: SkyBody): string {
  const { light, plan } = stage;
  const stops = light.sky.map(
    (colour, i) => [((i / (light.sky.length - 1)) * (horizon + 40)) / 1024, colour] as const,
  );
  const gradient = el('defs', {}, verticalGradient('sky', stops));
  const base = el('rect', { width: 1024, height: 1024, fill: 'url(#sky)' });
  const stars = plan.time === 'night' && plan.weather === 'clear' ? drawStars(stage, horizon, body) : '';
  const disc = plan['sky.body'] === 'none' ? '' : drawBody(stage, body);
  return (
    gradient +
    base +
    stars +
    disc +
    drawClouds(stage, body) +
    (plan.birds === 'yes' ? drawBirds(stage, body) : '')
  );
}

function drawBody({ plan, light }: Stage, { x, y, radius }: SkyBody): string {
  const stop = (offset: number, opacity: number): string =>
    el('stop', { offset: String(offset), stopColor: light.glow, stopOpacity: String(opacity) });
  const reach = radius * (plan.time === 'sunset' ? 3.4 : 2.5);
  const glow =
    el('defs', {}, el('radialGradient', { id: 'glow' }, stop(0, 0.75), stop(0.4, 0.4), stop(1, 0))) +
    ellipse(x, y, reach, reach, 'url(#glow)');
  if (plan['sky.body'] === 'crescent moon') {
    const r = radius;
    const d = `M${x + r * 0.35} ${y - r}A${r} ${r} 0 1 0 ${x + r} ${y + r * 0.5}A${r * 0.86} ${r * 0.86} 0 1 1 ${x + r * 0.35} ${y - r}Z`;
    return glow + fill(d, light.glow);
  }
  const disc = ellipse(x, y, radius, radius, light.glow);
  if (plan['sky.body'] !== 'full moon') return glow + disc;
  const crater = mix(light.glow, '#8b93ad', 0.35);
  return (
    glow +
    disc +
    ellipse(x - 22, y - 18, 20, 18, crater) +
    ellipse(x + 26, y + 20, 15, 14, crater) +
    ellipse(x + 14, y - 36, 10, 9, crater)
  );
}

function drawStars({ random }: Stage, horizon: number, body: SkyBody): string {
  let stars = '';
  for (let i = 0; i < 16; i++) {
    const x = 40 + (i % 8) * 130 + random.range(-40, 60);
    const y = 40 + Math.floor(i / 8) * (horizon * 0.34) + random.range(0, horizon * 0.3);
    if (Math.hypot(x - body.x, y - body.y) > 150) stars += ellipse(x, y, 9, 9, '#fff6d8');
  }
  return stars;
}

function drawClouds({ plan, light, random }: Stage, body: SkyBody): string {
  const { weather } = plan;
  if (weather === 'fog' || (weather === 'clear' && (plan.time !== 'day' || random.chance(0.5)))) return '';
  const pale = light.night
    ? '#4a567f'
    : plan.time === 'sunset'
      ? '#f6b0a0'
      : plan.time === 'dawn'
        ? '#fff0ee'
        : '#ffffff';
  const colour =
    weather === 'rain'
      ? mix(light.sky[0] as string, light.night ? '#5a6480' : '#4c5666', 0.55)
      : mix(pale, light.sky[1] as string, weather === 'snow' ? 0.3 : 0.08);
  const places =
    weather === 'clear'
      ? [[body.x < 512 ? 250 : 774, 305, 0.8]]
      : [
          [180, 170, 1.25],
          [830, 130, 1.35],
          [520, 255, 1],
        ];
  return places
    .map(([x = 0, y = 0, size = 1]) =>
      cloud(x + random.range(-50, 50), y + random.range(-25, 25), size, colour),
    )
    .join('');
}

function cloud(x: number, y: number, size: number, colour: string): string {
  const w = 150 * size;
  return (
    el('rect', { x: x - w, y: y - 30 * size, width: 2 * w, height: 60 * size, rx: 30 * size, fill: colour }) +
    ellipse(x - w * 0.3, y - 40 * size, 62 * size, 55 * size, colour) +
    ellipse(x + w * 0.3, y - 28 * size, 50 * size, 42 * size, colour)
  );
}

/** Three birds on the side of the sky away from the sun. */
function drawBirds({ plan, random }: Stage, body: SkyBody): string {
  const colour = plan.time === 'sunset' ? '#2b1733' : '#2c3448';
  const x = (body.x < 512 ? 800 : 180) + random.range(-40, 40);
  const y = random.range(110, 170);
  return [
    [0, 0, 1.2],
    [135, 60, 1],
    [-80, 95, 0.9],
  ]
    .map(([dx = 0, dy = 0, s = 1]) => {
      const [bx, by] = [x + dx, y + dy];
      return stroke(
        `M${bx - 46 * s} ${by - 20 * s}Q${bx - 18 * s} ${by - 34 * s} ${bx} ${by}Q${bx + 18 * s} ${by - 34 * s} ${bx + 46 * s} ${by - 20 * s}`,
        colour,
        13,
      );
    })
    .join('');
}
