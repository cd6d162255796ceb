#!/usr/bin/env node
// A stranger's bad behaviour against a node's port, on this machine only: all of it at once, for a given time.
// It says what the node answered; whether the node came through is for others to judge.
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { generateIdentityKey, systemRandom, xwingKeyPair } from './crypto.mjs';
import { Connection } from './psp1.mjs';
import { CODE_NAME, FRAME, FRAME_NAME, frame, frameHeader } from './wire.mjs';

const USAGE = `usage: node hostile.mjs 127.0.0.1 PORT [options]

  --seconds S    how long (10)
  --seed N       what is random follows from it (1)
  --idle N       connections that say nothing, at once (200)
  --only A,B     these behaviours only; --list names them
  --one-address  all from 127.0.0.1; otherwise each behaviour has an address of its own, 127.0.0.2 and on,
                 where the machine allows it
  --json         one JSON object for each behaviour

Exit code: 0 it ran; 1 nothing listens at that port at the start; 2 wrong usage.`;

const PATIENCE = 15_000; // longer than the node's handshake deadline of 10 s
const RSA_BITS = 2048;

/** mulberry32: next(n) is 0 to n - 1; bytes(n) are n bytes. */
class Random {
  constructor(seed) {
    this.state = seed | 0;
  }
  next(n) {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }
  bytes(n) {
    return Buffer.from(Array.from({ length: n }, () => this.next(256)));
  }
}

/** One behaviour in its run: opens connections, and counts how each of them ended. */
class Attack {
  constructor(name, target, until, random, localAddress) {
    Object.assign(this, { name, target, until, random, localAddress });
    this.connections = 0;
    this.outcomes = new Map();
    this.longest = 0;
  }

  get running() {
    return Date.now() < this.until;
  }

  /** Resolves to a Visit once connected, or to undefined if the connection is refused. */
  connect() {
    return new Promise((done) => {
      const socket = net.connect({ ...this.target, localAddress: this.localAddress, noDelay: true });
      const visit = new Visit(this, socket);
      socket.once('connect', () => {
        this.connections++;
        visit.since = Date.now();
        done(visit);
      });
      socket.once('error', () => visit.since === undefined && done(undefined));
    });
  }

  count(outcome, milliseconds) {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    this.longest = Math.max(this.longest, milliseconds);
  }

  /** Runs `body` with `parallel` loops until the time is up, each round at least `gap` ms long. */
  async loops(parallel, gap, body) {
    const loop = async () => {
      while (this.running) {
        const began = Date.now();
        await body();
        await pause(Math.max(0, Math.min(gap - (Date.now() - began), this.until - Date.now())));
      }
    };
    await Promise.all(Array.from({ length: parallel }, loop));
  }
}

/** One connection, and the frames that the node answered with, read from the clear headers. */
class Visit {
  constructor(attack, socket) {
    Object.assign(this, { attack, socket, answers: [], input: Buffer.alloc(0), ended: 'left by us' });
    socket.on('data', (bytes) => this.read(bytes));
    socket.on('end', () => (this.ended = 'closed'));
    socket.on('error', (e) => (this.ended = e.code === 'ECONNRESET' || e.code === 'EPIPE' ? 'reset' : e.code));
    this.closed = new Promise((done) => socket.once('close', done));
    this.closed.then(() => {
      if (this.since !== undefined) attack.count([...this.answers, this.ended].join(', '), Date.now() - this.since);
      else attack.count(`connect: ${this.ended}`, 0);
    });
  }

  read(bytes) {
    this.onBytes?.(bytes);
    this.input = Buffer.concat([this.input, bytes]);
    while (this.input.length >= 4) {
      const end = 4 + this.input.readUIntBE(1, 3);
      if (this.input.length < end) return;
      const type = this.input[0];
      const code = type === FRAME.REJECT ? ` ${this.input[4]} (${CODE_NAME[this.input[4]]})` : '';
      this.answers.push(`${FRAME_NAME[type] ?? `type ${type}`}${code}`);
      this.input = this.input.subarray(end);
      this.onAnswer?.();
    }
  }

  write(bytes) {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  /** Until the node has ended the connection; at the latest after PATIENCE or when the attack is over. */
  async untilClosed(patience = PATIENCE) {
    const left = Math.max(0, Math.min(patience, this.attack.until - Date.now()));
    const stop = new AbortController();
    await Promise.race([this.closed, pause(left, undefined, { signal: stop.signal }).catch(() => {})]);
    stop.abort();
    this.socket.destroy();
    await this.closed;
  }

  async untilAnswer(patience = 5_000) {
    if (this.answers.length === 0) {
      const answered = new Promise((done) => (this.onAnswer = done));
      await Promise.race([answered, this.closed, pause(patience, undefined, { ref: false })]);
    }
    return this.answers.length > 0;
  }
}

const ephemeral = xwingKeyPair(systemRandom).publicKey;
const hello = ({ version = 1, suites = [2, 1], e = ephemeral } = {}) =>
  frame(FRAME.HELLO, Buffer.concat([Buffer.of(version, suites.length, ...suites), e]));

/** Connects, writes what `bytes` makes, and waits for the end. */
const once = (parallel, gap, bytes) => (attack) =>
  attack.loops(parallel, gap, async () => {
    const visit = await attack.connect();
    visit?.write(bytes(attack.random));
    await visit?.untilClosed();
  });

let strangerKey;

/** A real handshake whose every outgoing byte goes through `spoil`. */
const handshake = (parallel, gap, options, spoil) => (attack) =>
  attack.loops(parallel, gap, async () => {
    const visit = await attack.connect();
    if (!visit) return;
    const spoiler = spoil(attack.random);
    const connection = new Connection({
      role: 'i',
      key: (strangerKey ??= generateIdentityKey(RSA_BITS)),
      write: (bytes) => visit.write(spoiler(bytes)),
      halfClose: () => visit.socket.end(),
      destroy: () => visit.socket.destroy(),
      event: () => {},
      ...options,
    });
    visit.onBytes = (bytes) => connection.receive(bytes);
    connection.start();
    await visit.untilClosed(5_000);
  });

const unchanged = () => (bytes) => bytes;

/** Flips, drops, doubles or inserts a few bytes of one of the messages. */
const mutation = (random) => {
  const victim = random.next(3);
  let n = 0;
  return (bytes) => {
    if (n++ !== victim) return bytes;
    const at = random.next(bytes.length);
    const copy = Buffer.from(bytes);
    switch (random.next(4)) {
      case 0:
        copy[at] ^= 1 << random.next(8);
        return copy;
      case 1:
        return Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + random.next(8))]);
      case 2:
        return Buffer.concat([copy, copy.subarray(at)]);
      default:
        return Buffer.concat([copy.subarray(0, at), random.bytes(1 + random.next(64)), copy.subarray(at)]);
    }
  };
};

const LENGTHS = [0, 1, 1218, 1227, 16385, 65536, 0x7fffff, 0xffffff];

const BEHAVIOURS = {
  'random-bytes': once(8, 20, (random) => random.bytes(1 + random.next(4096))),
  'half-open': (attack, { idle }) => attack.loops(idle, 100, async () => (await attack.connect())?.untilClosed()),
  'slow-loris': (attack) =>
    attack.loops(20, 100, async () => {
      const visit = await attack.connect();
      if (!visit) return;
      const bytes = hello();
      for (let at = 0; at < bytes.length && attack.running && !visit.socket.destroyed; at++) {
        visit.write(bytes.subarray(at, at + 1));
        await Promise.race([visit.closed, pause(1000)]);
      }
      await visit.untilClosed();
    }),
  'oversize-length': once(4, 20, (random) => {
    const types = [...Object.values(FRAME), 0, 5, 255];
    const header = frameHeader(types[random.next(types.length)], LENGTHS[random.next(LENGTHS.length)]);
    return Buffer.concat([header, random.bytes(random.next(2048))]);
  }),
  'hello-then-garbage': (attack) =>
    attack.loops(4, 50, async () => {
      const visit = await attack.connect();
      if (!visit) return;
      visit.write(hello());
      if (await visit.untilAnswer()) {
        const { random } = attack;
        const length = 35 + random.next(3000);
        const body = randomBytes(length);
        body.writeUInt16BE(random.next(length), 0);
        visit.write(random.next(2) ? frame(FRAME.IDENTIFY, body) : body);
      }
      await visit.untilClosed();
    }),
  'hello-flood': (attack) =>
    attack.loops(16, 10, async () => {
      const visit = await attack.connect();
      visit?.write(hello());
      await visit?.untilAnswer();
      visit?.socket.destroy();
    }),
  'hello-unread': (attack) =>
    attack.loops(8, 50, async () => {
      const visit = await attack.connect();
      visit?.socket.pause();
      visit?.write(hello());
      await visit?.untilClosed(3_000);
    }),
  mutated: handshake(4, 50, {}, mutation),
  'wrong-wraps': handshake(
    4,
    50,
    { random: { ...systemRandom, wrap: (key) => Buffer.alloc(key.asymmetricKeyDetails.modulusLength / 8, 1) } },
    unchanged,
  ),
  'wrong-version': once(2, 50, (random) => hello({ version: [0, 2, 255][random.next(3)] })),
  'unknown-suites': once(2, 50, () => hello({ suites: [3, 127, 255] })),
  'bad-key': once(2, 50, () => hello({ e: Buffer.concat([Buffer.alloc(1184, 0xff), randomBytes(32)]) })),
  'reset-storm': (attack) =>
    attack.loops(8, 20, async () => {
      const visit = await attack.connect();
      if (!visit) return;
      if (attack.random.next(2)) visit.write(hello().subarray(0, attack.random.next(1200)));
      visit.socket.resetAndDestroy();
      await visit.closed;
    }),
  // Not among the defaults: a correct handshake of an unknown key, which the node lists for approval.
  strangers: handshake(2, 200, {}, unchanged),
};
const NOT_BY_DEFAULT = ['strangers'];

async function main() {
  const { target, options, names } = parse();
  const probe = await new Attack('probe', target, Date.now() + 3000, new Random(0)).connect();
  if (!probe) {
    console.error(`hostile: nothing listens at ${target.host}:${target.port}: start the node first`);
    process.exit(1);
  }
  probe.socket.destroy();
  const until = Date.now() + options.seconds * 1000;
  const own = !options['one-address'] && (await canBind('127.0.0.2'));
  const attacks = names.map((name, n) => {
    const random = new Random(options.seed * 1000 + n);
    return new Attack(name, target, until, random, own ? `127.0.0.${2 + n}` : undefined);
  });
  console.error(`${names.length} behaviours for ${options.seconds} s against ${target.host}:${target.port}`);
  await Promise.all(attacks.map((attack) => BEHAVIOURS[attack.name](attack, options)));
  attacks.forEach((attack) => report(attack, options.json));
}

function report({ name, connections, outcomes, longest }, json) {
  const sorted = [...outcomes].sort((a, b) => b[1] - a[1]);
  if (json) {
    console.log(
      JSON.stringify({ behaviour: name, connections, longestMillis: longest, outcomes: Object.fromEntries(sorted) }),
    );
    return;
  }
  console.log(`${name}: ${connections} connections, the longest ${(longest / 1000).toFixed(1)} s`);
  for (const [outcome, count] of sorted) console.log(`  ${String(count).padStart(6)}  ${outcome}`);
}

function canBind(address) {
  return new Promise((done) => {
    const server = net.createServer().once('error', () => done(false));
    server.listen(0, address, () => server.close(() => done(true)));
  });
}

function parse() {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  let parsed;
  try {
    const options = {
      seconds: text,
      seed: text,
      idle: text,
      only: text,
      json: flag,
      'one-address': flag,
      list: flag,
      help: flag,
    };
    parsed = parseArgs({ allowPositionals: true, options });
  } catch (e) {
    usageError(e.message);
  }
  const { values, positionals } = parsed;
  if (values.help || values.list) {
    console.log(values.help ? USAGE : Object.keys(BEHAVIOURS).join('\n'));
    process.exit(0);
  }
  const [host, port] = positionals;
  if (positionals.length !== 2) usageError('an address and a port are needed');
  if (host !== '127.0.0.1') usageError(`'${host}': only 127.0.0.1, this is for nodes of your own`);
  const options = { ...values };
  options.seconds = number(values.seconds ?? '10', 'seconds', 1, 3600);
  options.seed = number(values.seed ?? '1', 'seed', 0, 1_000_000);
  options.idle = number(values.idle ?? '200', 'idle', 1, 10_000);
  const all = Object.keys(BEHAVIOURS);
  const names = values.only?.split(',') ?? all.filter((name) => !NOT_BY_DEFAULT.includes(name));
  for (const name of names) if (!all.includes(name)) usageError(`no behaviour '${name}': one of ${all.join(', ')}`);
  return { target: { host, port: number(port, 'port', 1, 65535) }, options, names };
}

function number(text, what, least, most) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) usageError(`${what} '${text}': ${least} to ${most}`);
  return value;
}

function usageError(message) {
  console.error(`hostile: ${message}\n\n${USAGE}`);
  process.exit(2);
}

await main();
process.exit(0);
