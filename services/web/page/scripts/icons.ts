/** The few icons there are, drawn for 24 × 24. */

const PATHS = {
  up: 'M7 21H4V10h3m0 11V10m0 11h9.300a2 2 0 0 0 2-1.600l1.300-7a2 2 0 0 0-2-2.400H13V5.500A2.500 2.500 0 0 0 10.500 3L7 10',
  down: 'M17 3h3v11h-3m0-11v11m0-11H7.700a2 2 0 0 0-2 1.600l-1.300 7a2 2 0 0 0 2 2.400H11v4.500a2.500 2.500 0 0 0 2.500 2.500L17 14',
  flag: 'M5 21V4m0 0h12l-2.500 4.500L17 13H5',
  close: 'm6 6 12 12M18 6 6 18',
  back: 'm15 5-7 7 7 7',
  on: 'm9 5 7 7-7 7',
  save: 'M12 4v11m-5-4.500 5 5 5-5M5 20h14',
  vary: 'M4 8h3c4 0 6 8 10 8h3m-3-3 3 3-3 3M4 16h3c1.500 0 2.700-1.100 3.800-2.600M13.500 10.200C14.600 8.900 15.700 8 17 8h3m-3-3 3 3-3 3',
  brush:
    'M4 20c3.500 0 5-1.200 5-3.500a2.500 2.500 0 0 0-5 0c0 1.500-.5 2.500-1.500 3 .4.300.9.500 1.500.5Zm4.500-5.500L18 4.500a1.800 1.800 0 0 1 2.500 2.500L10.500 16',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  again: 'M4 12a8 8 0 1 1 2.300 5.700M4 12V7m0 5h5',
  enlarge: 'M14 4h6v6m0-6-7 7M10 20H4v-6m0 6 7-7',
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
