#!/usr/bin/env node
// A whole meeting of this peer and a running node, driven through the node's admin socket: each dials the other, in
// both suites; messages, ratchets and closing both ways; and what the node must refuse when it is the initiator.
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Admin } from './admin.mjs';
import { generateIdentityKey, parsePeerId, peerIdText, systemRandom } from './crypto.mjs';
import { Link, Unmet } from './link.mjs';
import { CODE, Failure, KIND, encodeParams } from './wire.mjs';

const USAGE = `usage: node interop.mjs SOCKET [options]

SOCKET is the admin socket of a running or starting node whose trust mode is 'approve'.

  --node-ratchets  the node's parley.ratchet.records is small: wait for ratchets that it starts
  --only TEXT      only cases with this in their name

Exit code: 0 all as it should be; 1 something was not; 2 wrong usage.`;

const SUITE_NAME = { 1: 'A256CBC-HS512', 2: 'A256GCM' };
const cases = [];
const test = (name, run) => cases.push({ name, run });

for (const suite of [2, 1]) {
  test(`suite ${suite}: the peer dials: pending, approved, messages, ratchets, close`, async (t) => {
    const key = generateIdentityKey(2048);
    const peerId = peerIdText(key.peerId);
    const dial = () => Link.dial(t.target, suite, key, { name: `dialer ${suite}`, expect: t.nodeId });

    const first = await dial();
    await first.closedWith(CODE['awaiting approval']);
    await t.admin.eventually('/v1/peers', (peers) => peers.some(is(peerId, 'PENDING')), 'a pending peer');
    await t.admin.ok('POST', `/v1/peers/${peerId}/approve`, { alias: `dialer-${suite}` });

    const link = await (await dial()).up();
    const session = await t.session(link);
    t.equal(session.peerId, peerId, 'the peer of the session');
    t.equal(session.suite, SUITE_NAME[suite], 'the suite of the session');
    t.equal(session.initiatedHere, false, 'initiatedHere');
    await talk(t, link, peerId, suite);
    link.records.close(CODE.normal, 'done');
    await link.closedWith(CODE.normal);
    await t.gone(link);
  });

  test(`suite ${suite}: the node dials: messages, ratchets, close`, async (t) => {
    const key = generateIdentityKey(3072);
    const { link, reply } = await t.dialed(suite, key, {});
    await link.up();
    t.equal(reply.state, 'CONNECTED', 'the state of the connection');
    t.equal(reply.peerId, peerIdText(key.peerId), 'who answered');
    t.equal(reply.sessionId, link.connection.sessionId, 'the session id');
    t.equal(reply.suite, SUITE_NAME[suite], 'the suite');
    await talk(t, link, reply.peerId, suite);
    await t.admin.ok('DELETE', `/v1/sessions/${reply.sessionId}`);
    await link.closedWith(CODE.normal);
    await t.gone(link);
  });

  for (const dialer of ['peer', 'node']) {
    test(`suite ${suite}: ratchets of both sides at once under traffic lose nothing, the ${dialer} dials`, async (t) => {
      const link = dialer === 'node' ? await t.nodeDials(suite) : await t.peerDials(suite);
      await storm(t, link);
      link.records.close(CODE.normal);
      await link.closedWith(CODE.normal);
      await t.gone(link);
    });
  }

  test(`suite ${suite}: CLOSE of either side while a ratchet is under way opens, and is no tampering`, async (t) => {
    const { link, reply } = await t.dialed(suite, generateIdentityKey(2048), {});
    await link.up();
    link.records.startRatchet();
    link.records.close(CODE.normal);
    await link.closedWith(CODE.normal);
    await t.gone(link);
    const tampering = t.admin.events.filter(
      (event) => event.type === 'tampering' && event.sessionId === reply.sessionId,
    );
    t.equal(tampering.length, 0, 'tampering events');
  });
}

/** Messages each way, small and large, text and bytes; ratchets; messages again under the new keys. */
async function talk(t, link, peerId, suite) {
  for (let round = 0; round < 3; round++) {
    await toNode(t, link, Buffer.from(`grüße ${round} über suite ${suite} 🔐`), 'text/plain; charset=utf-8');
    await fromNode(t, link, peerId, Buffer.from(`zurück ${round}, suite ${suite}`));
    if (round === 0 && link.records.startRatchet()) await link.see('ratcheted', { by: 'us' });
    if (round === 1 && t.nodeRatchets) await nodeRatchets(t, link, peerId);
  }
  await toNode(t, link, Buffer.alloc(1_000_000, Buffer.from([0, 1, 2, 0xff])), 'application/octet-stream');
  await fromNode(t, link, peerId, Buffer.alloc(1_000_000, Buffer.from([0xff, 0xfe, 0])));
  const session = await t.session(link);
  t.equal(session.epoch, link.records.ratchet.epoch, 'the epoch');
}

const STORM = 120;

/** Messages both ways while each side starts ratchets as often as it may. */
async function storm(t, link) {
  const to = peerIdText(link.connection.key.peerId);
  const sent = [];
  const fromNode = [];
  for (let n = 0; n < STORM; n++) {
    sent.push(link.records.message({ payload: Buffer.from(`storm ${n}`) }));
    fromNode.push(t.admin.ok('POST', '/v1/messages?wait=delivered&timeout=PT20S', { to, text: `storm ${n}` }));
    // Seldom enough that the node's own limit of records is reached in between.
    if (n % 10 === 0) link.records.startRatchet();
    await new Promise((done) => setTimeout(done, 5));
  }
  await link.see('ack', { status: 0 }, STORM);
  const states = (await Promise.all(fromNode)).map((reply) => reply.deliveries[0].state);
  t.equal(states.filter((state) => state === 'DELIVERED').length, STORM, 'deliveries');
  t.equal(link.events.filter((event) => event.event === 'message').length, STORM, 'messages of the node');
  const acked = link.events.filter((event) => event.event === 'ack').map((event) => event.id);
  t.equal(acked.sort().join(), sent.sort().join(), 'acknowledged ids');
  await t.received(sent);
  await link.see('ratcheted', { by: 'us' });
  if (t.nodeRatchets) await link.see('ratcheted', { by: 'peer' });
  await t.admin.eventually(
    `/v1/sessions/${link.connection.sessionId}`,
    (session) => session.epoch === link.records.ratchet.epoch,
    `epoch ${link.records.ratchet.epoch} at the node`,
  );
}

async function toNode(t, link, payload, mediaType) {
  const id = link.records.message({ payload, mediaType });
  await link.see('ack', { id, status: 0 });
  const event = await t.admin.event('message-received', (candidate) => candidate.id === id);
  const received = event.text === undefined ? Buffer.from(event.bodyBase64, 'base64') : Buffer.from(event.text, 'utf8');
  t.equal(received.equals(payload), true, 'the message arrived as it was sent');
  t.equal(event.mediaType, mediaType, 'the media type');
}

async function fromNode(t, link, peerId, payload) {
  const reply = await t.admin.ok('POST', '/v1/messages?wait=delivered&timeout=PT10S', {
    to: peerId,
    bodyBase64: payload.toString('base64'),
    mediaType: 'application/x-interop',
  });
  t.equal(reply.deliveries.map((delivery) => delivery.state).join(), 'DELIVERED', 'the state of the delivery');
  const message = await link.see('message', { id: reply.id });
  const received =
    message.text === undefined ? Buffer.from(message.base64, 'base64') : Buffer.from(message.text, 'utf8');
  t.equal(received.equals(payload), true, 'the message came as it was sent');
  t.equal(message.mediaType, 'application/x-interop', 'the media type');
}

/** A ratchet begins when the node seals something under a key that is used enough. */
async function nodeRatchets(t, link, peerId) {
  const until = Date.now() + 20_000;
  while (!link.saw('ratcheted', { by: 'peer' })) {
    if (Date.now() > until) throw new Unmet('the node started no ratchet');
    await fromNode(t, link, peerId, Buffer.from('tick'));
    await new Promise((done) => setTimeout(done, 100));
  }
}

// What the node must refuse as the initiator

function refuses(name, options, check, ...codes) {
  test(`the node dials and refuses ${name}`, async (t) => {
    const made = options();
    const key = made.key ?? generateIdentityKey(2048);
    const listener = await Link.listen(2, key, made.options);
    try {
      const request = { ...t.connection(listener.port), expect: made.expect ?? peerIdText(key.peerId) };
      const reply = t.admin.problem('POST', '/v1/connections', request, ...codes);
      const link = await listener.next();
      const outcome = await Promise.allSettled([check(link, t), reply]);
      const wrong = outcome.filter((one) => one.status === 'rejected').map((one) => one.reason.message);
      if (wrong.length > 0) throw new Unmet(wrong.join('; and '));
    } finally {
      listener.close();
    }
  });
}

const spoilt = (index, change) => () => ({ options: { spoil: (bytes, n) => (n === index ? change(bytes) : bytes) } });
const put =
  (at, ...values) =>
  (bytes) => {
    const copy = Buffer.from(bytes);
    copy.set(values, at < 0 ? copy.length + at : at);
    return copy;
  };
const flip = (at) => (bytes) => put(at, bytes.at(at) ^ 1)(bytes);
const rejected = (code) => (link) => link.rejected(code);

refuses('an ACCEPT of a suite that it did not offer', spoilt(0, put(4, 77)), rejected(2), 'dial-failed');
refuses(
  'a ct_e with a low-order X25519 part',
  spoilt(0, put(5 + 1088, ...Buffer.alloc(32))),
  rejected(3),
  'dial-failed',
);
refuses('a changed ct_e', spoilt(0, flip(100)), rejected(3), 'dial-failed');
refuses('a changed identity', spoilt(0, flip(-40)), rejected(3), 'dial-failed');
refuses('a changed CONFIRM', spoilt(1, flip(-1)), rejected(3), 'dial-failed');
refuses('a changed wrap in CONFIRM', spoilt(1, flip(30)), rejected(3), 'dial-failed');
refuses('another frame in place of ACCEPT', spoilt(0, put(0, 3)), (link) => link.ended(), 'dial-failed');
refuses(
  'an identity with a line feed in the name',
  () => ({ options: { name: 'a\nb' } }),
  (link) => link.alerted(2),
  'dial-failed',
);
refuses(
  'a peer other than the expected one, without showing itself',
  () => ({ expect: peerIdText(Buffer.alloc(32, 7)), options: {} }),
  async (link) => {
    await link.alerted(4);
    if (link.saw('frame', { type: 'IDENTIFY' })) throw new Unmet('it sent IDENTIFY');
  },
  'peer-mismatch',
);
refuses('a wrap of random bytes', () => ({ options: { random: randomWithBadWrap() } }), rejected(3), 'dial-failed');
refuses('max_plaintext of 16,383', () => ({ options: { maxPlaintext: 16_383 } }), rejected(2), 'dial-failed');
refuses(
  'an ALERT in place of CONFIRM',
  () => ({ options: { override: { claimed: () => throwing(new Failure(8, 'ALERT', 'shutting down')) } } }),
  (link) => link.ended(),
  'peer-busy',
);
for (const [code, problem] of [
  [4, 'not-trusted'],
  [5, 'awaiting-approval'],
  [6, 'blocked'],
  [7, 'peer-busy'],
]) {
  refuses(
    `nothing, but is refused with CLOSE ${code}`,
    () => ({ options: { admit: () => code } }),
    (link) => link.closedWith(CODE.normal),
    problem,
  );
}
refuses(
  'the end of TCP in place of the first record',
  () => ({ options: { admit: () => throwing(new Failure(0, undefined, 'left')) } }),
  (link) => link.ended(),
  'dial-failed',
);

test('the node dials and refuses a READY of the responder', async (t) => {
  const { link } = await t.dialed(2, generateIdentityKey(2048), {});
  await link.up();
  link.record(KIND.READY, encodeParams(1_048_576));
  await link.closedWith(CODE.malformed);
});

function randomWithBadWrap() {
  const wrap = (key) => randomBytes(key.asymmetricKeyDetails.modulusLength / 8).fill(0, 0, 1);
  return { ...systemRandom, wrap };
}

function throwing(failure) {
  throw failure;
}

const is = (peerId, state) => (peer) => peer.peerId === peerId && peer.state === state;

class Interop {
  constructor(admin, status, nodeRatchets) {
    this.admin = admin;
    this.target = Admin.listens(status);
    this.nodeId = parsePeerId(status.peerId);
    this.nodeRatchets = nodeRatchets;
  }

  /** A dial of the node, to an address where only that key answers, once and no more. */
  connection(port) {
    return { host: '127.0.0.1', port, acceptNew: true, keep: false };
  }

  async dialed(suite, key, options) {
    const listener = await Link.listen(suite, key, options);
    try {
      const request = { ...this.connection(listener.port), expect: peerIdText(key.peerId) };
      const [reply, link] = await Promise.all([this.admin.ok('POST', '/v1/connections', request), listener.next()]);
      return { reply, link };
    } finally {
      listener.close();
    }
  }

  async nodeDials(suite) {
    const { link } = await this.dialed(suite, generateIdentityKey(2048), {});
    return link.up();
  }

  /** The key has to be known: the node is asked to trust it beforehand. */
  async peerDials(suite) {
    const key = generateIdentityKey(2048);
    await this.admin.ok('POST', '/v1/peers', { peerId: peerIdText(key.peerId), alias: `storm-${suite}` });
    return (await Link.dial(this.target, suite, key, { expect: this.nodeId })).up();
  }

  async received(ids) {
    for (const id of ids) await this.admin.event('message-received', (event) => event.id === id);
  }

  session(link) {
    return this.admin.ok('GET', `/v1/sessions/${link.connection.sessionId}`);
  }

  async gone(link) {
    const id = link.connection.sessionId;
    await this.admin.eventually('/v1/sessions', (list) => list.every((session) => session.sessionId !== id), 'the end');
  }

  equal(actual, expected, what) {
    if (actual !== expected) throw new Unmet(`${what}: expected ${expected}, got ${actual}`);
  }
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'node-ratchets': { type: 'boolean' }, only: { type: 'string', default: '' }, help: { type: 'boolean' } },
  });
  if (values.help) return console.log(USAGE);
  if (positionals.length !== 1) throw new Error('the path of an admin socket is needed');
  const admin = new Admin(positionals[0]);
  const t = new Interop(admin, await admin.ready(), values['node-ratchets']);
  await admin.follow();
  let failed = 0;
  const wanted = cases.filter(({ name }) => name.includes(values.only));
  for (const { name, run } of wanted) {
    try {
      await run(t);
      console.log(`ok     ${name}`);
    } catch (e) {
      if (!(e instanceof Unmet)) throw e;
      failed++;
      console.log(`WRONG  ${name}: ${e.message}`);
    }
  }
  admin.close();
  console.error(`${wanted.length - failed} as it should be, ${failed} not`);
  return process.exit(failed > 0 || wanted.length === 0 ? 1 : 0);
}

main().catch((e) => {
  console.error(`interop: ${e.message}\n\n${USAGE}`);
  process.exit(2);
});
