/** A thin layer over SVG text: numbers rounded, attributes escaped by construction (only our own values enter). */

type Value = string | number | undefined;

const round = (value: number): string => String(Math.round(value * 10) / 10);
/** Two decimals: enough for opacities and scales as well as for lengths. */
const text = (value: string | number): string =>
  typeof value === 'number' ? String(Math.round(value * 100) / 100) : value;

/** `el('circle', { cx: 1, cy: 2, r: 3 })`; camelCase keys become kebab-case (`strokeWidth` → `stroke-width`). */
export function el(name: string, attributes: Record<string, Value> = {}, ...children: string[]): string {
  let open = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const attribute = /^(viewBox|gradientUnits|gradientTransform|patternUnits|stdDeviation)$/.test(key)
      ? key
      : key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    open += ` ${attribute}="${text(value)}"`;
  }
  return children.length ? `${open}>${children.join('')}</${name}>` : `${open}/>`;
}

export type Point = readonly [x: number, y: number];

/** SVG path data of a polygon through the points (closed by default). */
export function polygonPath(points: readonly Point[], closed = true): string {
  return `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}${closed ? 'Z' : ''}`;
}

/** SVG path data of a smooth curve through the points (Catmull–Rom as cubic Béziers, tension 0.5). */
export function smoothPath(points: readonly Point[], closed = false): string {
  const at = (i: number): Point => {
    const n = points.length;
    return points[closed ? (i + n) % n : Math.max(0, Math.min(n - 1, i))] as Point;
  };
  const last = closed ? points.length : points.length - 1;
  let data = `M${round(at(0)[0])} ${round(at(0)[1])}`;
  for (let i = 0; i < last; i++) {
    const [p0, p1, p2, p3] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const c1 = [p1[0] + (p2[0] - p0[0]) / 6, p1[1] + (p2[1] - p0[1]) / 6] as const;
    const c2 = [p2[0] - (p3[0] - p1[0]) / 6, p2[1] - (p3[1] - p1[1]) / 6] as const;
    data += `C${[...c1, ...c2, ...p2].map(round).join(' ')}`;
  }
  return closed ? `${data}Z` : data;
}

/** A vertical linear gradient definition from [offset 0..1, colour] stops; use as `url(#id)`. */
export function verticalGradient(id: string, stops: readonly (readonly [number, string])[]): string {
  return el(
    'linearGradient',
    { id, x1: 0, y1: 0, x2: 0, y2: 1 },
    ...stops.map(([offset, colour]) => el('stop', { offset: String(offset), stopColor: colour })),
  );
}

/** The outer document of every scene. */
export function svgDocument(body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1024 1024" width="1024" height="1024">${body}</svg>`;
}
