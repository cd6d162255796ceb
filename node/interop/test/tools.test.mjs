// The tools for testing a node, tried on this implementation's own listener.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import readline from 'node:readline';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const script = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

async function listener(t, ...options) {
  const child = spawn(process.execPath, [script('peer.mjs'), 'listen', '0', '--json', '--bits', '2048', ...options]);
  t.after(() => child.kill('SIGKILL'));
  const lines = readline.createInterface({ input: child.stdout }); // stays and drains the pipe
  const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(20_000) });
  return `${JSON.parse(line).port}`;
}

async function run(name, ...args) {
  const child = spawn(process.execPath, [script(name), ...args]);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (text += bytes));
  const code = await new Promise((done) => child.on('close', done));
  return { code, text };
}

test('conformance: this implementation answers as the text says', async (t) => {
  const { code, text } = await run('conformance.mjs', '127.0.0.1', await listener(t), '--suite', '2');
  assert.equal(code, 0, text);
});

test('conformance: a peer that lets nobody in is found out', async (t) => {
  const port = await listener(t, '--refuse', '4');
  const { code, text } = await run('conformance.mjs', '127.0.0.1', port, '--only', 'a handshake and a message');
  assert.equal(code, 1, text);
  assert.match(text, /WRONG +suite 2 +4 bears a handshake and a message: no session/);
});

test('hostile: every behaviour runs, and the listener survives it', async (t) => {
  const port = await listener(t, '--timeout', '60');
  const { code, text } = await run('hostile.mjs', '127.0.0.1', port, '--seconds', '3', '--json', '--idle', '20');
  assert.equal(code, 0, text);
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  assert.equal(lines.length, 13);
  for (const line of lines) assert.ok(JSON.parse(line).connections > 0, line);
  const { code: dialed, text: said } = await run('peer.mjs', 'dial', '127.0.0.1', port, '--send', 'still there?');
  assert.equal(dialed, 0, said);
});

test('hostile: says so if nothing listens, and attacks nothing but this machine', async () => {
  assert.equal((await run('hostile.mjs', '127.0.0.1', '1')).code, 1);
  const elsewhere = await run('hostile.mjs', '192.0.2.1', '3001');
  assert.equal(elsewhere.code, 2);
  assert.match(elsewhere.text, /only 127\.0\.0\.1/);
});
