#!/usr/bin/env node
// Checks this implementation against the published vectors: node vectors.mjs PATH
import assert from 'node:assert/strict';
import * as nodeCrypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import * as c from './crypto.mjs';
import { Connection, Symmetric } from './psp1.mjs';
import {
  FRAME,
  KIND,
  KIND_NAME,
  Malformed,
  decodeContent,
  decodeIdentity,
  encode,
  encodeIdentity,
  namesAPath,
} from './wire.mjs';

const unhex = (text) => Buffer.from(text, 'hex');
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const same = (actual, expected, what) => assert.equal(hex(actual), expected, what);

/** Draws the random values of a vector; each use has its own queue, the rest is an error. */
class Script {
  constructor(...lists) {
    this.queues = {};
    for (const { use, bytes } of lists.flat()) (this.queues[use.replace('ratchet ', '')] ??= []).push(unhex(bytes));
  }
  bytes(length, use) {
    const value = this.queues[use]?.shift();
    assert.ok(value, `no ${use} left in the vector`);
    assert.equal(value.length, length, use);
    return value;
  }
  wrap(key, secret) {
    return oaepWithSeed(key, secret, this.bytes(32, 'oaep seed'));
  }
}

/** RFC 8017 section 7.1.1 with a given seed, which no library lets one choose. Only vectors need it. */
function oaepWithSeed(publicKey, message, seed) {
  const size = publicKey.asymmetricKeyDetails.modulusLength / 8;
  const block = Buffer.alloc(size - 33);
  c.H(Buffer.alloc(0)).copy(block);
  block[block.length - message.length - 1] = 1;
  message.copy(block, block.length - message.length);
  const maskedBlock = xor(block, mgf1(seed, block.length));
  const maskedSeed = xor(seed, mgf1(maskedBlock, 32));
  const em = Buffer.concat([Buffer.of(0), maskedSeed, maskedBlock]);
  return nodeCrypto.publicEncrypt({ key: publicKey, padding: nodeCrypto.constants.RSA_NO_PADDING }, em);
}

function mgf1(seed, length) {
  const blocks = [];
  for (let i = 0; i * 32 < length; i++) blocks.push(c.H(Buffer.concat([seed, Buffer.of(0, 0, 0, i)])));
  return Buffer.concat(blocks).subarray(0, length);
}

const xor = (a, b) => Buffer.from(a.map((byte, i) => byte ^ b[i]));

const loadKeys = (pems) =>
  Object.fromEntries(
    Object.entries(pems).map(([name, pem]) => [name, c.identityKey(nodeCrypto.createPrivateKey(pem))]),
  );

// One function for each section of the file: name -> cases, each {what, run}.

function* xwing(all) {
  for (const [i, v] of all.xwing.entries()) {
    yield [
      `xwing ${i}`,
      () => {
        const pair = c.xwingKeyPair(new Script([{ use: 'xwing seed', bytes: v.seed }]));
        if (v.pk) same(pair.publicKey, v.pk);
        same(c.decapsulate(unhex(v.ct), pair.secretKey), v.ss);
        if (!v.eseed) return;
        const { ct, ss } = c.encapsulate(pair.publicKey, new Script([{ use: 'xwing eseed', bytes: v.eseed }]));
        same(ct, v.ct);
        same(ss, v.ss);
      },
    ];
  }
  for (const v of all.xwing_refused) {
    yield [
      `xwing refused: ${v.what}`,
      () => {
        assert.throws(() =>
          v.pk ? c.encapsulate(unhex(v.pk), c.systemRandom) : c.decapsulate(unhex(v.ct), unhex(v.seed)),
        );
      },
    ];
  }
}

function* hkdf({ hkdf: { rfc5869_a1: a1, sequence, keys_from_last_k: keys } }) {
  yield [
    'hkdf RFC 5869 A.1',
    () => {
      same(c.extract(unhex(a1.salt), unhex(a1.ikm)), a1.prk);
      same(c.expand(unhex(a1.prk), unhex(a1.info), 42), a1.okm42);
    },
  ];
  yield [
    'hkdf sequence and the keys from its last k',
    () => {
      const s = new Symmetric();
      for (const step of sequence) {
        if (step.step === 'MixHash') s.mixHash(unhex(step.input));
        else if (step.step === 'MixKey') s.mixKey(unhex(step.input));
        else if (step.step !== 'Initialise')
          same(s.encryptAndHash(2, unhex(step.plaintext), c.systemRandom), step.ciphertext);
        checkState(s, step);
      }
      for (const suite of [1, 2]) {
        const expected = keys[`suite${suite}`];
        same(s.handshakeKey(suite), expected.handshake);
        same(s.alertKey(suite, 'i'), expected.alert_i);
        same(s.alertKey(suite, 'r'), expected.alert_r);
        same(c.trafficKey(s.k, suite), expected.traffic_of_k_as_secret);
      }
    },
  ];
}

function checkState(s, step) {
  same(s.ck, step.ck, `ck after ${step.step}`);
  same(s.h, step.h, `h after ${step.step}`);
  same(s.k, step.k, `k after ${step.step}`);
  assert.equal(s.n, BigInt(step.n), `n after ${step.step}`);
}

function* suites({ suites: { rfc7518_b3: b3, seal, must_not_open: refused } }) {
  yield [
    'suite 1 RFC 7518 B.3',
    () => {
      const key = unhex(b3.key);
      const cipher = nodeCrypto.createCipheriv('aes-256-cbc', key.subarray(32), unhex(b3.iv));
      const ciphertext = Buffer.concat([cipher.update(unhex(b3.plaintext)), cipher.final()]);
      same(ciphertext, b3.ciphertext);
      same(c.cbcTag(key.subarray(0, 32), unhex(b3.aad), Buffer.concat([unhex(b3.iv), ciphertext])), b3.tag);
    },
  ];
  for (const v of seal) {
    yield [
      `suite ${v.suite} ${v.name}, n = ${v.n}`,
      () => {
        const random = new Script(v.iv ? [{ use: 'cbc iv', bytes: v.iv }] : []);
        const [key, n, ad] = [unhex(v.key), BigInt(v.n), unhex(v.ad)];
        same(c.seal(v.suite, key, n, ad, unhex(v.plaintext), random), v.sealed);
        same(c.open(v.suite, key, n, ad, unhex(v.sealed)), v.plaintext);
        assert.equal(v.plaintext.length / 2 + c.SUITES[v.suite].overhead(v.plaintext.length / 2), v.sealed.length / 2);
      },
    ];
  }
  for (const v of refused) {
    yield [
      `suite ${v.suite} must not open: ${v.name}`,
      () => {
        assert.throws(() => c.open(v.suite, unhex(v.key), BigInt(v.n), unhex(v.ad), unhex(v.sealed)));
      },
    ];
  }
}

function* rsa({ rsa: list, keys_pkcs8_pem: pems }) {
  const keys = loadKeys(pems);
  for (const v of list) {
    const key = keys[v.key];
    yield [
      `rsa ${v.bits}`,
      () => {
        same(key.spki, v.spki);
        same(key.peerId, v.peer_id);
        assert.equal(c.peerIdText(key.peerId), v.peer_id_text);
        same(c.parsePeerId(v.peer_id_text), v.peer_id);
        same(c.unwrap(key, unhex(v.wrap), c.systemRandom), v.secret);
        same(oaepWithSeed(key.publicKey, unhex(v.secret), unhex(v.oaep_seed)), v.wrap);
        same(c.unwrap(key, c.wrap(key, unhex(v.secret), c.systemRandom), c.systemRandom), v.secret);
      },
    ];
    for (const bad of v.implicit_rejection) {
      yield [
        `rsa ${v.bits} implicit rejection: ${bad.what}`,
        () => {
          const substitute = hex(nodeCrypto.randomBytes(32));
          same(
            c.unwrap(key, unhex(bad.wrap), new Script([{ use: 'implicit rejection', bytes: substitute }])),
            substitute,
          );
        },
      ];
    }
  }
}

function* identity({ identity: { good, refused } }) {
  for (const v of good) {
    yield [
      `identity '${v.name}'`,
      () => {
        const decoded = decodeIdentity(unhex(v.encoded));
        assert.deepEqual([hex(decoded.spki), decoded.name, decoded.address], [v.spki, v.name, v.address]);
        same(encodeIdentity(decoded), v.encoded);
      },
    ];
  }
  for (const v of refused) {
    yield [`identity refused: ${v.what}`, () => assert.throws(() => decodeIdentity(unhex(v.encoded)), Malformed)];
  }
}

function* contents({ contents: { good, malformed, file_names_that_must_not_name_a_path: names } }) {
  for (const v of good) {
    yield [`content ${v.what}`, () => same(encode[v.kind](decodeContent(v.kind, unhex(v.content))), v.content)];
  }
  for (const v of malformed) {
    yield [
      `content malformed: ${v.what}`,
      () => assert.throws(() => decodeContent(v.kind, unhex(v.content)), Malformed),
    ];
  }
  for (const name of names) yield [`file name '${name}'`, () => assert.ok(namesAPath(name))];
}

/** One side of a connection that writes into a list. */
function side(options) {
  const sent = [];
  const events = [];
  const connection = new Connection({
    ...options,
    write: (bytes) => sent.push(Buffer.from(bytes)),
    halfClose: () => {},
    destroy: () => {},
    event: (event) => events.push(event),
  });
  return { connection, sent, events };
}

function* helloRefused({ hello_refused: list, keys_pkcs8_pem: pems }) {
  const key = loadKeys(pems).responder_rsa3072;
  for (const v of list) {
    yield [
      `HELLO refused: ${v.what}`,
      () => {
        const r = side({ role: 'r', key });
        r.connection.receive(unhex(v.frame));
        assert.equal(r.sent.length, 1);
        assert.equal(hex(r.sent[0].subarray(0, 5)), `0f000001${hex([v.reject])}`);
      },
    ];
  }
}

/** Logs the symmetric state after each outermost operation. */
function traced(symmetric, log) {
  let depth = 0;
  for (const name of ['mixHash', 'mixKey', 'encryptAndHash', 'decryptAndHash']) {
    const original = symmetric[name];
    symmetric[name] = (...args) => {
      depth++;
      const result = original.apply(symmetric, args);
      if (--depth === 0) log.push({ ck: symmetric.ck, h: symmetric.h, k: symmetric.k, n: symmetric.n });
      return result;
    };
  }
  log.push({ ck: symmetric.ck, h: symmetric.h, k: symmetric.k, n: symmetric.n });
}

function pair(v, keys, initiatorOptions = {}, responderOptions = {}) {
  const ivs = (way) =>
    v.records.filter((r) => r.direction === way && r.iv).map((r) => ({ use: 'cbc iv', bytes: r.iv }));
  const pings = (way) =>
    v.records
      .filter((r) => r.direction === way && r.kind === 'PING')
      .map((r) => ({ use: 'ping', bytes: r.plaintext.slice(2) }));
  const random = (role, way) => new Script(v.randomness[role], v.ratchet_randomness[role], ivs(way), pings(way));
  const make = (role, name, way, list, options) => {
    const decoded = decodeIdentity(unhex(v[name].identity));
    const common = { role, key: keys[v[name].key], suites: list, name: decoded.name, address: decoded.address };
    return side({ ...common, maxPlaintext: v[name].max_plaintext, random: random(name, way), ...options });
  };
  return {
    i: make('i', 'initiator', 'i2r', v.initiator.suites_offered, initiatorOptions),
    r: make('r', 'responder', 'r2i', v.responder.suites_in_order, responderOptions),
  };
}

function handshakeOf(v, { i, r }) {
  i.connection.start();
  r.connection.receive(i.sent[0]);
  i.connection.receive(r.sent[0]);
  r.connection.receive(i.sent[1]);
  i.connection.receive(r.sent[1]);
  const frames = [i.sent[0], r.sent[0], i.sent[1], r.sent[1]];
  v.frames.forEach((expected, n) => same(frames[n], expected.frame, expected.type));
}

function* handshakes(all) {
  const keys = loadKeys(all.keys_pkcs8_pem);
  for (const v of all.handshakes) {
    yield [`handshake, suite ${v.suite}: frames, steps, keys, 23 records, three ratchets`, () => wholeSession(v, keys)];
    yield [
      `handshake, suite ${v.suite}: ALERT in place of IDENTIFY`,
      () => {
        const iv = v.alert_in_place_of_identify.iv;
        const { i, r } = pair(v, keys, { expect: Buffer.alloc(32) });
        if (iv) i.connection.random.queues['cbc iv'] = [unhex(iv)];
        i.connection.start();
        r.connection.receive(i.sent[0]);
        i.connection.receive(r.sent[0]);
        same(i.sent[1], v.alert_in_place_of_identify.frame);
        r.connection.receive(i.sent[1]);
        assert.deepEqual(pick(r.events.at(-1), 'event', 'code'), { event: 'alerted', code: 4 });
      },
    ];
    yield [
      `handshake, suite ${v.suite}: ALERT in place of CONFIRM`,
      () => {
        const { i, r } = pair(v, keys);
        i.connection.start();
        r.connection.receive(i.sent[0]);
        i.connection.receive(r.sent[0]);
        i.connection.receive(unhex(v.alert_in_place_of_confirm.frame));
        const { code, reason } = v.alert_in_place_of_confirm;
        assert.deepEqual(pick(i.events.at(-1), 'event', 'code', 'reason'), { event: 'alerted', code, reason });
      },
    ];
    yield [
      `handshake, suite ${v.suite}: not let in`,
      () => {
        const { i, r } = pair(v, keys, {}, { admit: () => 5 });
        if (v.not_let_in.iv) {
          const queue = r.connection.random.queues['cbc iv'];
          queue.splice(3, queue.length, unhex(v.not_let_in.iv));
        }
        handshakeOf(v, { i, r });
        r.connection.receive(i.sent[2]);
        same(r.sent[2], v.not_let_in.frame);
        assert.equal(r.sent.length, 3);
        i.connection.receive(r.sent[2]);
        const closed = i.events.find((event) => event.event === 'closed');
        assert.deepEqual(pick(closed, 'by', 'code'), { by: 'peer', code: 5 });
      },
    ];
  }
}

const pick = (object, ...names) => Object.fromEntries(names.map((name) => [name, object[name]]));

function wholeSession(v, keys) {
  const { i, r } = pair(v, keys);
  const logs = { i: [], r: [] };
  traced(i.connection.symmetric, logs.i);
  traced(r.connection.symmetric, logs.r);
  handshakeOf(v, { i, r });
  for (const log of [logs.i, logs.r]) {
    assert.equal(log.length, v.steps.length - 1);
    log.forEach((state, n) => checkState(state, { ...v.steps[n] }));
  }
  assert.equal(i.connection.sessionId, v.result.session_id_text);
  assert.equal(r.connection.sessionId, v.result.session_id_text);
  const epochs = [{ key_i2r: v.result.key_i2r, key_r2i: v.result.key_r2i }, ...v.ratchet_epochs];
  const message = (index) => {
    const content = decodeContent(KIND.MESSAGE, unhex(v.records[index].plaintext).subarray(1));
    return () => i.connection.records.send(KIND.MESSAGE, content);
  };
  const nothing = () => {};
  const [I, R] = [i.connection, r.connection];
  // What makes record n appear, beside the delivery of those named in `deliver` to the other side.
  const script = [
    [nothing, []],
    [nothing, [0]],
    [message(2), []],
    [nothing, [1]],
    [nothing, [2, 3]],
    [() => I.records.startRatchet(), [4]],
    [nothing, [5]],
    [nothing, [6]],
    [message(8), [7]],
    [nothing, [8]],
    [() => R.records.startRatchet(), [9]],
    [nothing, [10]],
    [nothing, [11]],
    [() => I.records.ping(), [12]],
    [nothing, [13]],
    [() => I.records.startRatchet(), [14]],
    [() => R.records.startRatchet(), []],
    [nothing, [16, 15]],
    [nothing, [17]],
    [() => R.records.ping(), [18]],
    [nothing, [19]],
    [() => I.records.close(0, 'bye'), [20]],
    [nothing, [21]],
  ];
  const taken = { i2r: 2, r2i: 2 };
  v.records.forEach((expected, n) => {
    const [act, deliver] = script[n];
    for (const index of deliver) {
      const to = v.records[index].direction === 'i2r' ? R : I;
      to.receive(unhex(v.records[index].frame));
    }
    act();
    const way = expected.direction;
    const frame = (way === 'i2r' ? i : r).sent[taken[way]++];
    assert.ok(frame, `record ${n} (${expected.kind}) was sent`);
    same(frame, expected.frame, `record ${n}, ${expected.kind}`);
    const key = unhex(epochs[expected.epoch][`key_${way}`]);
    const ad = frame.subarray(0, 4);
    assert.equal(frame[0], FRAME.RECORD);
    const plaintext = c.open(v.suite, key, BigInt(expected.n), ad, frame.subarray(4));
    same(plaintext, expected.plaintext);
    assert.equal(KIND_NAME[plaintext[0]], expected.kind);
  });
  I.receive(unhex(v.records.at(-1).frame));
  assert.deepEqual([i.sent.length, r.sent.length], [taken.i2r, taken.r2i], 'nothing else was sent');
  for (const { events } of [i, r]) {
    assert.deepEqual(
      events.filter((e) => e.event === 'ratcheted').map((e) => e.epoch),
      [1, 2, 3],
    );
    assert.deepEqual(pick(events.at(-1), 'event', 'clean'), { event: 'end', clean: true });
  }
}

export function* cases(path) {
  const text = readFileSync(path, 'utf8').replace(/("n": *)(\d{16,})/g, '$1"$2"'); // beyond what JSON.parse keeps exact
  const all = JSON.parse(text);
  for (const section of [xwing, hkdf, suites, rsa, identity, contents, helloRefused, handshakes]) yield* section(all);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.length !== 3) {
    console.error('usage: node vectors.mjs PATH-OF-VECTORS.JSON');
    process.exit(2);
  }
  let failed = 0;
  let passed = 0;
  for (const [what, run] of cases(process.argv[2])) {
    try {
      run();
      passed++;
    } catch (e) {
      failed++;
      console.log(`FAILED ${what}: ${e.message}`);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
