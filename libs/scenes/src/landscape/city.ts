/** A city: two rows of buildings and a street. */
import { darken, mix } from '../palette.ts';
import { box, fill, type Stage, stroke } from './stage.ts';

/** The street's colour by day. */
export const ASPHALT = '#4a4f5c';
const WALLS = ['#c96f57', '#6f8fb5', '#e0b27a', '#8a7fae', '#b8c0cc', '#5f9a97'];

export function skyline(stage: Stage, street: number): string {
  return row(stage, street, [300, 480], 128, 0.5, false) + row(stage, street, [200, 420], 176, 0, true);
}

function row(
  stage: Stage,
  base: number,
  [low, high]: readonly [number, number],
  width: number,
  depth: number,
  windows: boolean,
): string {
  const { light, random, snowy } = stage;
  let walls = '';
  let panes = '';
  let dark = '';
  let x = -random.range(20, 100);
  for (let i = random.int(0, 5); x < 1024; i++) {
    const w = width * random.range(0.85, 1.15);
    const h = random.range(low, high) * (i % 2 ? 1 : 0.78);
    const base_ = light.night
      ? mix(WALLS[i % WALLS.length] as string, '#1b2348', 0.45)
      : (WALLS[i % WALLS.length] as string);
    const wall = light.scenery(base_, depth);
    walls += box(x, base - h, w + 2, h, wall);
    if (windows) {
      walls += box(x + w * 0.82, base - h, w * 0.18 + 2, h, darken(wall, 0.15));
      if (snowy) walls += box(x - 4, base - h - 14, w + 8, 22, light.scenery('#f4f8fc'));
      for (let y = base - h + 40; y < base - 60; y += 72)
        for (const share of [0.14, 0.5]) {
          const pane = `M${(x + w * share).toFixed(0)} ${y.toFixed(0)}h36v40h-36z`;
          if (random.chance(0.72)) panes += pane;
          else dark += pane;
        }
    }
    x += w;
  }
  if (!windows) return walls;
  return (
    walls +
    fill(panes, light.night ? '#ffd768' : light.scenery('#e9f4fb')) +
    fill(dark, light.night ? '#18204a' : light.scenery('#53698c'))
  );
}

/** The street: pavement, asphalt, dashes. */
export function street({ light, snowy }: Stage, top: number): string {
  const asphalt = light.scenery(ASPHALT);
  return (
    box(0, top, 1024, 1024 - top, light.scenery(snowy ? '#eef3f8' : '#9aa0a8')) +
    box(0, top + 46, 1024, 1024 - top, asphalt) +
    stroke(
      `M30 ${top + 170}h130M310 ${top + 170}h130M590 ${top + 170}h130M870 ${top + 170}h130`,
      light.scenery('#f3ecd2'),
      18,
    )
  );
}
