// Two processes of peer.mjs over loopback TCP.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import readline from 'node:readline';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const PEER = fileURLToPath(new URL('../peer.mjs', import.meta.url));

class Process {
  constructor(t, ...args) {
    this.child = spawn(process.execPath, [PEER, ...args, '--json', '--bits', '2048', '--timeout', '30']);
    this.events = [];
    this.waiters = [];
    this.errors = '';
    this.exit = new Promise((done) => this.child.on('close', done));
    this.child.stderr.on('data', (bytes) => (this.errors += bytes));
    readline.createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.events.push(JSON.parse(line));
      this.waiters.forEach((check) => check());
    });
    t.after(() => this.child.kill('SIGKILL'));
  }
  /** The first event of that name with these fields, now or later. */
  async event(name, fields = {}) {
    const matches = (event) => Object.entries({ event: name, ...fields }).every(([k, value]) => event[k] === value);
    return new Promise((done, failed) => {
      const check = () => this.events.some(matches) && done(this.events.find(matches));
      this.waiters.push(check);
      this.exit.then(() => failed(new Error(`no ${name}: ${JSON.stringify(this.events)} ${this.errors}`)));
      check();
    });
  }
}

for (const suite of ['1', '2']) {
  test(`suite ${suite}: dial, echo, ratchet, clean close`, async (t) => {
    const listener = new Process(t, 'listen', '0', '--echo', '--once', '--suite', suite);
    const { port, peerId } = await listener.event('listening');
    const args = ['--expect', peerId, '--send', 'grüße', '--ratchet', '--stay', '1'];
    const dialer = new Process(t, 'dial', '127.0.0.1', `${port}`, ...args);
    await dialer.event('message', { text: 'grüße' });
    await listener.event('ratcheted', { epoch: 1, by: 'peer' });
    assert.equal((await dialer.event('session')).suite, Number(suite));
    assert.deepEqual([await dialer.exit, await listener.exit], [0, 0]);
  });
}

test('commands on standard input drive the listener too', async (t) => {
  const listener = new Process(t, 'listen', '0', '--once', '--commands');
  const { port } = await listener.event('listening');
  const dialer = new Process(t, 'dial', '127.0.0.1', `${port}`, '--commands');
  await listener.event('up');
  listener.child.stdin.write('send from the listener\nratchet\n');
  await dialer.event('message', { text: 'from the listener' });
  await dialer.event('ratcheted', { by: 'peer' });
  listener.child.stdin.write('close 8\n');
  await dialer.event('closed', { by: 'peer', code: 8 });
  assert.deepEqual([await dialer.exit, await listener.exit], [0, 0]);
});

test('refused: the dialer says why and exits with 1', async (t) => {
  const listener = new Process(t, 'listen', '0', '--refuse', '5');
  const { port } = await listener.event('listening');
  const dialer = new Process(t, 'dial', '127.0.0.1', `${port}`);
  await dialer.event('closed', { by: 'peer', code: 5, meaning: 'awaiting approval' });
  assert.equal(await dialer.exit, 1);
});

test('wrong usage exits with 2 and says what is wrong', async (t) => {
  const wrong = new Process(t, 'dial', '127.0.0.1', '70000');
  assert.equal(await wrong.exit, 2);
  assert.match(wrong.errors, /'70000' is not a port: 1 to 65535/);
});
