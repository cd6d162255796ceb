// Two connections of this implementation, joined in memory.
import assert from 'node:assert/strict';
import test from 'node:test';
import { generateIdentityKey, peerIdText, systemRandom } from '../crypto.mjs';
import { Connection } from '../psp1.mjs';
import { KIND } from '../wire.mjs';

const keys = { i: generateIdentityKey(2048), r: generateIdentityKey(2048) };

/** Two sides with a wire each way that delivers only when told to, in pieces if `piece` says so. */
class Pair {
  constructor(options = {}) {
    this.time = 1_700_000_000_000;
    this.wires = { i: [], r: [] }; // bytes on their way TO that side
    for (const role of ['i', 'r']) {
      const other = role === 'i' ? 'r' : 'i';
      const side = (this[role] = { events: [], messages: [], halfClosed: false });
      side.connection = new Connection({
        role,
        key: keys[role],
        name: `side ${role}`,
        now: () => this.time,
        write: (bytes) => this.wires[other].push(Buffer.from(bytes)),
        halfClose: () => (side.halfClosed = true),
        destroy: () => (side.destroyed = true),
        event: (event) => side.events.push(event),
        ...options[role],
      });
      side.connection.onMessage = (message) => side.messages.push(message.payload.toString());
    }
  }
  start() {
    this.i.connection.start();
    return this.run();
  }
  deliver(role, piece) {
    const bytes = this.wires[role].shift();
    if (!bytes) return false;
    const whole = this.i.mutate ? this.i.mutate(bytes, role) : bytes;
    for (let at = 0; at < whole.length; at += piece ?? whole.length) {
      this[role].connection.receive(whole.subarray(at, at + (piece ?? whole.length)));
    }
    return true;
  }
  run(piece) {
    while (this.deliver('i', piece) || this.deliver('r', piece));
    return this;
  }
  has(role, name, fields = {}) {
    const matches = (event) => Object.entries({ event: name, ...fields }).every(([k, value]) => event[k] === value);
    return this[role].events.some(matches);
  }
  expect(role, name, fields) {
    const seen = this[role].events.map((event) => event.event).join(', ');
    assert.ok(this.has(role, name, fields), `no ${name} ${JSON.stringify(fields)} at ${role}, only ${seen}`);
  }
}

for (const suite of [1, 2]) {
  test(`suite ${suite}: messages and ratchets both ways, byte by byte, clean close`, () => {
    const pair = new Pair({ i: { suites: [suite] }, r: { suites: [2, 1] } });
    pair.i.connection.start();
    pair.run(1);
    for (const role of ['i', 'r']) {
      pair.expect(role, 'session', { suite, peerId: peerIdText(keys[role === 'i' ? 'r' : 'i'].peerId) });
      pair.expect(role, 'up');
    }
    assert.equal(pair.i.connection.sessionId, pair.r.connection.sessionId);
    for (const [from, to, epoch] of [
      ['i', 'r', 1],
      ['r', 'i', 2],
    ]) {
      const id = pair[from].connection.records.message({ payload: Buffer.from(`from ${from}`) });
      pair.run(7);
      pair.expect(from, 'ack', { id, status: 0 });
      assert.deepEqual(pair[to].messages, [`from ${from}`]);
      pair[from].connection.records.startRatchet();
      pair.run();
      pair.expect(from, 'ratcheted', { epoch, by: 'us' });
      pair.expect(to, 'ratcheted', { epoch, by: 'peer' });
    }
    pair.r.connection.records.close(8, 'bye');
    pair.run();
    pair.expect('i', 'closed', { by: 'peer', code: 8, reason: 'bye' });
    for (const role of ['i', 'r']) pair.expect(role, 'end', { clean: true, unacknowledged: 0 });
  });
}

test('a message sent twice under one id is delivered once', () => {
  const pair = new Pair().start();
  const id = Buffer.from('019b76daa80078ebabee468a36d29887', 'hex');
  for (let n = 0; n < 2; n++) pair.i.connection.records.message({ id, payload: Buffer.from('once') });
  pair.run();
  assert.deepEqual(pair.r.messages, ['once']);
  assert.deepEqual(
    pair.i.events.filter((e) => e.event === 'ack').map((e) => e.status),
    [0],
  );
});

test('every 97th byte of every message flipped: no session, or the record is not taken', () => {
  const lengths = [];
  const plain = new Pair();
  plain.i.mutate = (bytes) => (lengths.push(bytes.length), bytes);
  plain.start();
  for (let message = 0; message < lengths.length; message++) {
    for (let at = message % 7; at < lengths[message]; at += 97) {
      const pair = new Pair();
      let n = 0;
      pair.i.mutate = (bytes) => {
        const copy = Buffer.from(bytes);
        if (n++ === message) copy[at] ^= 1;
        return copy;
      };
      pair.start();
      const bothUp = pair.has('i', 'up') && pair.has('r', 'up');
      const broken = pair.has('i', 'failed') || pair.has('r', 'failed');
      const waiting = pair.i.connection.input.length > 0 || pair.r.connection.input.length > 0;
      assert.ok(broken || (waiting && !bothUp), `message ${message}, byte ${at}`);
    }
  }
});

test('implicit rejection: a wrap for another secret shows only as REJECT 3, like any other failure', () => {
  for (const [broken, notice] of [
    ['i', 'r'],
    ['r', 'i'],
  ]) {
    const garbage = { ...systemRandom, wrap: (key) => Buffer.alloc(key.asymmetricKeyDetails.modulusLength / 8, 7) };
    const pair = new Pair({ [broken]: { random: garbage } }).start();
    pair.expect(notice, 'failed', { code: 3, how: 'REJECT' });
    pair.expect(broken, 'rejected', { code: 3 });
  }
});

test('a dial to a known peer shows nothing of itself to another one', () => {
  const pair = new Pair({ i: { expect: Buffer.alloc(32, 1) } }).start();
  pair.expect('i', 'failed', { code: 4, how: 'ALERT' });
  pair.expect('r', 'alerted', { code: 4 });
  assert.ok(!pair.has('r', 'claimed'));
});

test('connected to self', () => {
  const pair = new Pair({ i: { key: keys.r } }).start();
  pair.expect('r', 'alerted', { code: 10 });
});

test('not let in: one CLOSE, and nothing that the initiator sends is handled', () => {
  const pair = new Pair({ r: { admit: () => 5 } });
  pair.i.connection.start();
  while (pair.i.connection.state !== 'Unconfirmed') pair.deliver('i') || pair.deliver('r');
  pair.i.connection.records.send(KIND.MESSAGE, {
    id: Buffer.from('019b76daa80078ebabee468a36d29887', 'hex'),
    sentAt: 1,
    payload: Buffer.from('early'),
  });
  pair.run();
  pair.expect('i', 'closed', { by: 'peer', code: 5 });
  assert.deepEqual(pair.r.messages, []);
  assert.ok(!pair.has('i', 'up'));
});

test('no common suite', () => {
  const pair = new Pair({ i: { suites: [1] }, r: { suites: [2] } }).start();
  pair.expect('i', 'rejected', { code: 1 });
});

test('both start a ratchet at once: the initiator wins', () => {
  const pair = new Pair().start();
  assert.ok(pair.i.connection.records.startRatchet());
  assert.ok(pair.r.connection.records.startRatchet());
  pair.run();
  pair.expect('i', 'ratcheted', { epoch: 1, by: 'us' });
  pair.expect('r', 'ratcheted', { epoch: 1, by: 'peer' });
  assert.ok(!pair.has('r', 'ratcheted', { by: 'us' }));
});

for (const [starter, closer] of [
  ['i', 'i'],
  ['i', 'r'],
  ['r', 'i'],
  ['r', 'r'],
]) {
  test(`CLOSE of ${closer} in the middle of a ratchet of ${starter} ends cleanly at every point`, () => {
    for (let steps = 0; steps < 6; steps++) {
      const pair = new Pair().start();
      pair[starter].connection.records.startRatchet();
      for (let n = 0; n < steps; n++) pair.deliver('i') || pair.deliver('r');
      pair[closer].connection.records.close(0);
      pair.run();
      for (const role of ['i', 'r']) pair.expect(role, 'end', { clean: true });
    }
  });
}

test('two hundred random interleavings of messages and ratchets lose and reorder nothing', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const below = generator(seed);
    const pair = new Pair({ i: { suites: [1 + (seed % 2)] } }).start();
    const sent = { i: [], r: [] };
    for (let step = 0; step < 60; step++) {
      const role = below(2) ? 'i' : 'r';
      const { records } = pair[role].connection;
      const action = below(6);
      if (action === 0) records.startRatchet();
      else if (action <= 2) {
        sent[role].push(`${step}`);
        records.message({ payload: Buffer.from(`${step}`) });
      } else pair.deliver(role, 1 + below(400));
    }
    pair.run();
    assert.deepEqual([pair.r.messages, pair.i.messages], [sent.i, sent.r], `seed ${seed}`);
    assert.equal(pair.i.connection.records.ratchet.epoch, pair.r.connection.records.ratchet.epoch, `seed ${seed}`);
    assert.ok(!pair.has('i', 'failed') && !pair.has('r', 'failed'), `seed ${seed}`);
  }
});

test('time: handshake deadline, PING after 30 s, CLOSE 11 after 90 s, a ratchet when the key is 2 minutes old', () => {
  const slow = new Pair();
  slow.time += 10_001;
  slow.r.connection.tick();
  slow.expect('r', 'failed', { code: 9 });

  const idle = new Pair().start();
  idle.time += 30_000;
  idle.i.connection.tick();
  idle.i.connection.tick();
  assert.equal(idle.wires.r.length, 1, 'one PING');
  idle.time += 60_000;
  idle.i.connection.tick();
  idle.expect('i', 'closed', { by: 'us', code: 11 });

  const old = new Pair().start();
  old.time += 120_000;
  old.i.connection.records.message({ payload: Buffer.from('x') });
  old.run();
  old.expect('i', 'ratcheted', { epoch: 1, by: 'us' });
  assert.deepEqual(old.r.messages, ['x']);
});

/** mulberry32: below(n) is 0 to n - 1. */
function generator(seed) {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}
