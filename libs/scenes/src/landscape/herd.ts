/** Animals of field and desert, standing and facing left. Origin on the ground, about 420 units wide. */
import { darken, lighten, mix } from '../palette.ts';
import { box, ellipse, fill, type Stage, stroke } from './stage.ts';

const legs = (xs: readonly number[], top: number, width: number, colour: string, hoof: string): string =>
  xs.map((x) => box(x, -top, width, top, colour, 8) + box(x - 2, -24, width + 4, 24, hoof, 6)).join('');

export function horse({ light }: Stage, colour: string, dark: boolean): string {
  const coat = light.subject(colour);
  const far = dark ? lighten(coat, 0.12) : darken(coat, 0.22);
  const mane = dark ? light.subject('#4a4650') : mix(darken(coat, 0.55), light.subject('#3a2a20'), 0.3);
  const hoof = light.subject('#2b2624');
  return (
    stroke('M180 -300Q250 -260 225 -110', mane, 46) +
    legs([-62, 128], 190, 36, far, hoof) +
    fill('M-115 -270Q-110 -360 0 -345Q110 -340 170 -330Q215 -290 190 -190Q40 -140 -90 -180Z', coat) +
    legs([-104, 162], 210, 40, coat, hoof) +
    fill('M-110 -200Q-165 -330 -150 -440L-70 -450Q-40 -380 20 -330L-20 -210Z', coat) +
    fill('M-72 -462L-170 -440L-252 -352Q-262 -318 -226 -308L-146 -350Q-96 -372 -72 -462Z', coat) +
    fill('M-120 -448L-106 -512L-78 -452Z', coat) +
    fill('M-118 -470Q-92 -512 -58 -478Q-10 -420 52 -338Q0 -318 -40 -350Q-84 -400 -90 -446Z', mane) +
    ellipse(-150, -412, 12, 12, dark ? '#f3ead0' : '#17130f')
  );
}

export function cow({ light }: Stage, spotted: boolean): string {
  const coat = light.subject(spotted ? '#f8f5ec' : '#8a5530');
  const spot = light.subject(spotted ? '#22222a' : '#6f4022');
  const pink = light.subject('#efa6a4');
  const hoof = light.subject('#33302e');
  return (
    stroke('M195 -300Q235 -250 222 -150', spot, 16) +
    legs([-70, 122], 150, 44, darken(coat, 0.18), hoof) +
    ellipse(90, -130, 44, 34, pink) +
    box(-140, -330, 340, 200, coat, 70) +
    legs([-124, 150], 150, 48, coat, hoof) +
    fill('M-20 -330Q40 -340 70 -300Q60 -220 0 -230Q-50 -260 -20 -330Z', spot) +
    fill('M130 -322Q210 -310 200 -230Q150 -190 120 -240Q110 -290 130 -322Z', spot) +
    stroke('M-170 -378Q-165 -420 -140 -428M-240 -378Q-250 -420 -272 -426', light.subject('#d8c9a0'), 18) +
    fill('M-130 -350L-78 -372L-100 -318ZM-268 -350L-312 -366L-290 -320Z', spot) +
    box(-265, -390, 140, 160, spotted ? coat : lighten(coat, 0.08), 50) +
    (spotted ? fill('M-200 -390H-170Q-125 -385 -125 -330Q-170 -290 -200 -340Z', spot) : '') +
    ellipse(-197, -238, 76, 46, pink) +
    ellipse(-222, -240, 9, 9, '#6b3a3c') +
    ellipse(-174, -240, 9, 9, '#6b3a3c') +
    ellipse(-230, -322, 13, 14, '#15151b') +
    ellipse(-162, -322, 13, 14, spotted ? '#f3efe2' : '#15151b')
  );
}

export function sheep({ light }: Stage, black: boolean): string {
  const wool = light.subject(black ? '#2e2c34' : '#f7f4ec');
  const shade = black ? lighten(wool, 0.12) : darken(wool, 0.1);
  const skin = light.subject(black ? '#6a6670' : '#2f2c33');
  return (
    legs([-70, -20, 70, 120], 110, 34, skin, skin) +
    ellipse(150, -190, 78, 76, shade) +
    ellipse(-70, -170, 84, 78, shade) +
    ellipse(40, -150, 130, 70, shade) +
    ellipse(20, -235, 130, 86, wool) +
    ellipse(110, -215, 88, 78, wool) +
    ellipse(-60, -215, 82, 74, wool) +
    fill('M-96 -285Q-60 -320 -50 -270Q-80 -255 -96 -285Z', skin) +
    ellipse(-150, -238, 58, 72, skin) +
    ellipse(-132, -302, 56, 34, wool) +
    ellipse(-166, -250, 13, 13, '#f4f1e6')
  );
}

export function camel({ light }: Stage): string {
  const coat = light.subject('#c0894a');
  const far = darken(coat, 0.2);
  const hoof = darken(coat, 0.4);
  return (
    stroke('M190 -250Q225 -210 212 -140', far, 18) +
    legs([-62, 122], 180, 34, far, hoof) +
    stroke('M-85 -225Q-185 -190 -186 -345', coat, 58) +
    ellipse(45, -225, 160, 82, coat) +
    fill('M-60 -255Q-20 -430 60 -418Q130 -410 165 -255Z', coat) +
    fill('M60 -418Q130 -410 165 -255L90 -255Q110 -340 60 -418Z', far) +
    legs([-104, 158], 190, 38, coat, hoof) +
    fill('M-160 -395Q-240 -400 -282 -350Q-290 -318 -250 -316L-160 -322Z', coat) +
    fill('M-178 -385L-166 -430L-146 -384Z', far) +
    ellipse(-205, -366, 11, 11, '#1d140d')
  );
}
