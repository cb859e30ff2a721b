/** Things people leave in a landscape. Origin on the ground, about 420 units wide. */
import { darken, lighten } from '../palette.ts';
import { box, ellipse, fill, type Stage, stroke } from './stage.ts';

/** A car seen from the side, front to the left. */
export function car({ light }: Stage, colour: string): string {
  const body = light.subject(colour);
  const glass = light.night ? '#ffe9a8' : light.subject('#bfe0f0');
  const tyre = light.subject('#22242c');
  const wheel = (x: number): string => ellipse(x, -44, 50, 50, tyre) + ellipse(x, -44, 22, 22, '#c9ced6');
  return (
    fill(
      'M-210 -55Q-225 -130 -140 -140L-80 -150L-30 -228Q-22 -240 0 -240H90Q112 -240 124 -222L165 -148Q212 -140 212 -100V-55Z',
      body,
    ) +
    fill('M-56 -150L-14 -212H36V-150Z', glass) +
    fill('M56 -150V-212H92Q100 -212 106 -202L134 -150Z', glass) +
    box(-216, -74, 432, 26, darken(body, 0.3), 13) +
    box(-214, -122, 40, 26, light.night ? '#fff2b0' : '#fdf3c8', 10) +
    wheel(-118) +
    wheel(122)
  );
}

/** A beach umbrella with white panels, a towel beside its foot. */
export function umbrella({ light }: Stage, colour: string): string {
  const cloth = light.subject(colour);
  const white = light.subject('#fdfaf0');
  return (
    fill('M-30 6L210 6L250 46L-10 46Z', lighten(cloth, 0.25)) +
    stroke('M0 20V-300', light.subject('#8a6a4a'), 18) +
    fill(
      'M-230 -230Q-200 -440 0 -450Q200 -440 230 -230Q170 -262 115 -230Q57 -262 0 -230Q-57 -262 -115 -230Q-170 -262 -230 -230Z',
      cloth,
    ) +
    fill('M-115 -230Q-100 -400 0 -450Q100 -400 115 -230Q57 -262 0 -230Q-57 -262 -115 -230Z', white) +
    fill('M-40 -247Q-34 -390 0 -450Q34 -390 40 -247Q20 -240 0 -230Q-20 -240 -40 -247Z', cloth)
  );
}
