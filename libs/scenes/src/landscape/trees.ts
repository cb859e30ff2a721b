/** Trees round the origin, ground at y = 0, about 300 units wide (palms 400). */
import { darken, lighten, mix } from '../palette.ts';
import { box, ellipse, fill, type Stage, stroke } from './stage.ts';
import type { Value } from './vocabulary.ts';

const LEAVES: Record<Value<'season'>, readonly string[]> = {
  spring: ['#f2a3bf', '#f6b6cd'],
  summer: ['#3f9b48', '#57ab4b'],
  none: ['#3f9b48', '#57ab4b'],
  autumn: ['#e8862a', '#d8572a', '#efae33'],
  winter: ['#eef3f8', '#e3ebf4'],
};

/** A leafy tree in its season's colours; in winter its crown is white with snow. */
export function leafyTree({ light, random, plan, snowy }: Stage, depth = 0): string {
  const season = snowy ? 'winter' : plan.season;
  const crown = light.scenery(random.pick(LEAVES[season]), depth);
  const trunk = light.scenery('#6d4630', depth);
  const shade = darken(crown, 0.16);
  return (
    fill('M-26 0L-18 -190L18 -190L26 0Z', trunk) +
    ellipse(-78, -235, 88, 82, shade) +
    ellipse(82, -225, 84, 78, shade) +
    ellipse(4, -300, 120, 112, crown) +
    ellipse(-36, -330, 62, 54, lighten(crown, 0.16))
  );
}

/** A pine of three tiers, snow on them when snow lies. */
export function pine({ light, snowy }: Stage, depth = 0): string {
  const green = light.scenery(snowy ? '#3f6f5c' : '#226b47', depth);
  const dark = darken(green, 0.22);
  const snow = light.scenery('#f4f8fc', depth);
  const tier = (y: number, half: number, height: number): string =>
    fill(`M0 ${y - height}L${-half} ${y}H${half}Z`, green) +
    fill(`M0 ${y - height}L${half * 0.1} ${y}H${half}Z`, dark) +
    (snowy
      ? fill(
          `M0 ${y - height}L${-half * 0.55} ${y - height * 0.45}L${half * 0.1} ${y - height * 0.5}L${half * 0.5} ${y - height * 0.5}Z`,
          snow,
        )
      : '');
  return (
    box(-20, -70, 40, 70, light.scenery('#5b3a26', depth)) +
    tier(-55, 150, 210) +
    tier(-170, 120, 190) +
    tier(-290, 88, 180)
  );
}

/** A palm leaning a little to the right. */
export function palm({ light }: Stage): string {
  const trunk = light.scenery('#96663a');
  const leaf = light.scenery('#2f9a4f');
  const fronds = [
    'M70 -420Q-40 -540 -170 -440Q-50 -460 70 -420Z',
    'M70 -420Q-90 -440 -130 -290Q-40 -380 70 -420Z',
    'M70 -420Q20 -600 -70 -560Q30 -520 70 -420Z',
    'M70 -420Q170 -560 300 -450Q180 -470 70 -420Z',
    'M70 -420Q230 -440 270 -290Q180 -390 70 -420Z',
    'M70 -420Q120 -610 220 -570Q120 -520 70 -420Z',
  ];
  return (
    stroke('M0 0Q10 -230 70 -415', trunk, 42) +
    stroke('M10 0Q22 -230 78 -415', darken(trunk, 0.2), 16) +
    fronds
      .map(
        (d, i) => stroke(d, i % 2 ? darken(leaf, 0.2) : leaf, 20) + fill(d, i % 2 ? darken(leaf, 0.2) : leaf),
      )
      .join('') +
    ellipse(48, -400, 24, 24, light.scenery('#5c3a20')) +
    ellipse(92, -398, 22, 22, light.scenery('#6d4526'))
  );
}

/** A saguaro cactus with two arms. */
export function cactus({ light }: Stage): string {
  const green = light.subject('#2f8f4e');
  const shine = mix(green, '#d8f0a0', 0.35);
  return (
    stroke('M-20 -190H-120V-330', green, 64) +
    stroke('M20 -140H122V-270', darken(green, 0.12), 64) +
    stroke('M0 -62V-430', green, 100) +
    box(-50, -60, 100, 62, green) +
    stroke('M-22 -40V-420', shine, 14) +
    stroke('M22 -40V-420', darken(green, 0.25), 14)
  );
}
