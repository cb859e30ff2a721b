/** Buildings round the origin, ground at y = 0. */
import { darken, lighten, mix } from '../palette.ts';
import { box, ellipse, fill, type Stage } from './stage.ts';
import type { SubjectColour } from './vocabulary.ts';

/** A house about 430 units wide; `colour` is its walls'. */
export function house({ light, snowy }: Stage, colour: string, name: SubjectColour): string {
  const wall = light.subject(colour);
  const cool = name === 'blue' || name === 'white' || name === 'green';
  const roof = light.subject(snowy ? '#f3f7fb' : cool ? '#a5482f' : '#4a5468');
  const pane = light.night || snowy ? '#ffd768' : light.subject('#bfe3f2');
  const frame = light.subject(name === 'white' ? '#5a6478' : '#fdf8ec');
  const window = (x: number): string => box(x - 46, -176, 92, 92, frame) + box(x - 36, -166, 72, 72, pane);
  return (
    box(85, -395, 56, 130, light.subject('#7d4a3a')) +
    box(-180, -222, 360, 222, wall) +
    box(60, -222, 120, 222, darken(wall, 0.1)) +
    fill('M-225 -205L-140 -350H140L225 -205Z', roof) +
    fill('M60 -205L100 -350H140L225 -205Z', darken(roof, 0.14)) +
    box(-36, -130, 72, 130, light.subject('#5d3a26')) +
    ellipse(20, -64, 8, 8, '#ffd768') +
    window(-115) +
    window(115)
  );
}

/** A lighthouse on its rock, about 330 units wide and 640 high; stripes in the given colour. */
export function lighthouse({ light }: Stage, colour: string): string {
  const white = light.subject('#f7f4ea');
  const stripe = light.subject(colour);
  const rock = light.scenery('#5d6470');
  const dark = light.subject('#333a4a');
  const lamp = light.night ? '#ffe27a' : light.subject('#ffe9a0');
  const beams = light.night ? fill('M0 -585L-720 -700V-500ZM0 -585L720 -700V-500Z', '#ffe27a', 0.28) : '';
  const band = (low: number, high: number): string => {
    const half = (y: number): number => 82 - 34 * (y / 500);
    return fill(`M${-half(low)} ${-low}L${-half(high)} ${-high}H${half(high)}L${half(low)} ${-low}Z`, stripe);
  };
  return (
    beams +
    fill('M-260 60L-200 -20L-110 -55L90 -60L190 -15L270 60Z', rock) +
    fill('M60 60L90 -60L190 -15L270 60Z', darken(rock, 0.2)) +
    fill('M-84 -40L-48 -530H48L84 -40Z', white) +
    band(130, 235) +
    band(340, 440) +
    fill('M20 -40L14 -530H48L84 -40Z', '#1a2340', 0.14) +
    box(-70, -550, 140, 28, dark, 8) +
    box(-38, -620, 76, 72, lamp) +
    fill('M-58 -612L0 -690L58 -612Z', stripe)
  );
}

/** A pyramid about 460 units wide, lit from the left. */
export function pyramid({ light }: Stage): string {
  const stone = light.scenery('#e3b86a', 0.04);
  return (
    fill('M0 -330L-240 0H240Z', lighten(stone, 0.08)) + fill('M0 -330L70 0H240Z', mix(stone, '#5a3b2a', 0.42))
  );
}
