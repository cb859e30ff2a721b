// Runs a TypeScript program of this repository under the Node that the lock file pins, from a fresh clone on:
//   node deploy/local/bin/run.mjs <program.ts> [arguments…]
// Plain JavaScript for Node ≥ 20 without dependencies, because it is what installs them.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Whether node_modules holds what package-lock.json asks for (packages of other platforms may be missing). */
function installed() {
  try {
    const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
    const have = read('node_modules/.package-lock.json');
    return Object.entries(read('package-lock.json')).every(([path, wanted]) => {
      if (!path.startsWith('node_modules/')) return true; // the workspaces themselves
      const there = have[path];
      if (!there) return Boolean(wanted.optional || wanted.peer);
      return wanted.link ? there.resolved === wanted.resolved : there.version === wanted.version;
    });
  } catch {
    return false;
  }
}

/** `npm ci`, its words on stderr: stdout belongs to the program. */
function install() {
  console.error('atelier: installing packages (npm ci), about half a minute …');
  const cli = process.env.npm_execpath;
  const [command, args] = cli && existsSync(cli) ? [process.execPath, [cli, 'ci']] : ['npm', ['ci']];
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (error || status !== 0) fail(`npm ci failed${error ? `: ${error.message}` : ` with status ${status}`}`);
}

/** The pinned Node, or this one when it is new enough and the platform has no pinned package. */
function node24() {
  const pinned = join(root, 'node_modules/.bin/node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(
    `this platform (${process.platform}-${process.arch}) needs Node 24 on PATH; this is ${process.version}`,
  );
}

function fail(message) {
  console.error(`atelier: ${message}`);
  process.exit(1);
}

const [program, ...args] = process.argv.slice(2);
if (!program) fail('usage: node deploy/local/bin/run.mjs <program.ts> [arguments…]');
if (!installed()) install();

// The channel carries nothing; that it breaks tells the program that this process is gone.
const child = spawn(node24(), [resolve(root, program), ...args], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
if (process.env.npm_lifecycle_event) {
  // npm that is told to end kills its shell, not us: we notice by having got another parent.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
}
child.on('error', (error) => fail(error.message));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
