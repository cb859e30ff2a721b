#!/usr/bin/env node
// The `atelier` command: runs the program under the pinned Node, installing it first when need be.
process.argv.splice(2, 0, 'libs/client/src/cli/main.ts');
await import('../../../deploy/local/bin/run.mjs');
