/** Prints the tables of deploy/CAPACITY.md: `node deploy/capacity/print.ts`. */
import { tables } from './tables.ts';

console.log(tables());
