// What a node must bear, and what it must refuse and how: each case names the section of the text.
import * as nodeCrypto from 'node:crypto';
import { XWING_KEY, generateIdentityKey, systemRandom, xwingKeyPair } from './crypto.mjs';
import { Unmet } from './link.mjs';
import {
  CODE,
  FRAME,
  KIND,
  encode,
  encodeIdentity,
  encodeParams,
  frame,
  frameHeader,
  uuidText,
  uuidv7,
} from './wire.mjs';

const id = () => uuidv7(Date.now(), systemRandom);
const message = (fields = {}) => ({ id: id(), sentAt: Date.now(), payload: Buffer.from('conformance'), ...fields });
const ephemeral = () => xwingKeyPair(systemRandom).publicKey;
const helloBody = ({ version = 1, suites, e = ephemeral(), count = suites.length, extra = [] }) =>
  Buffer.concat([Buffer.of(version, count, ...suites), e, Buffer.from(extra)]);
const hello = (fields) => frame(FRAME.HELLO, helloBody(fields));
const flipped = (bytes, at) => {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at] ^= 1;
  return copy;
};
/** Changes the outgoing frame of that index. */
const only = (index, change) => (bytes, n) => (n === index ? change(bytes) : bytes);
const garbageWrap = (change) => ({
  ...systemRandom,
  wrap: (key) => change(key.asymmetricKeyDetails.modulusLength / 8),
});

async function acked(dial, sent, ...statuses) {
  dial.records.waiting.set(uuidText(sent.id), sent.payload.length);
  dial.send(KIND.MESSAGE, sent);
  const ack = await dial.see('ack', { id: uuidText(sent.id) });
  if (!statuses.includes(ack.status)) throw new Unmet(`ACK ${ack.status}, expected ${statuses.join(' or ')}`);
}

const cases = [];
const bears = (section, name, run, suite) => cases.push({ name: `${section} bears ${name}`, run, suite });
const refuses = (section, name, run, suite) => cases.push({ name: `${section} refuses ${name}`, run, suite });

// Section 4: the handshake, unusual but allowed

bears('4', 'a handshake and a message', async (t) => acked(await t.up(), message(), 0));
bears('4', 'unknown and repeated suites in an offer of eight', async (t) => {
  await (await t.up({ suites: [9, t.suite, t.suite, 77, 200, t.suite, 255, 3] })).alive();
});
/** An identity without a name that is padded to exactly this many bytes. */
function padded(key, length) {
  const unpadded = Buffer.concat([
    Buffer.of(key.spki.length >> 8, key.spki.length & 0xff),
    key.spki,
    Buffer.of(0, 0, 0),
  ]);
  const padding = length - unpadded.length - 2;
  return Buffer.concat([unpadded, Buffer.of(padding >> 8, padding & 0xff), Buffer.alloc(padding)]);
}
for (const length of [3 * 1024, 14 * 1024]) {
  bears('4', `an identity padded to ${length} bytes`, async (t) => {
    const key = generateIdentityKey(2048);
    await (await t.dial({ key, override: { identity: padded(key, length) } })).see('frame', { type: 'CONFIRM' });
  });
}
for (const length of [1025, 15 * 1024]) {
  refuses('4', `an identity of ${length} bytes: ALERT 2`, async (t) => {
    const key = generateIdentityKey(2048);
    await (await t.dial({ key, override: { identity: padded(key, length) } })).alerted(2);
  });
}
bears('4', 'a name of 64 bytes and an advertised IPv6 address', async (t) => {
  await (await t.up({ name: 'ü'.repeat(32), address: '[2001:db8::1]:7000' })).alive();
});
bears('4', 'max_plaintext of 16,384', async (t) => (await t.up({ maxPlaintext: 16_384 })).alive());
bears('4', 'max_plaintext of 8,388,608', async (t) => (await t.up({ maxPlaintext: 8_388_608 })).alive());
for (const bits of [2048, 2056, 4096]) {
  bears('2', `an RSA key of ${bits} bits, as far as CONFIRM`, async (t) => {
    await (await t.dial({ key: generateIdentityKey(bits) })).see('session', { role: 'initiator' });
  });
}
bears('3', 'bytes that come one at a time', async (t) => {
  const dial = await t.dial({ spoil: () => undefined });
  const { connection } = dial;
  connection.write = (bytes) => bytes.forEach((byte) => dial.write(Buffer.of(byte)));
  connection.symmetric = new connection.symmetric.constructor();
  connection.start();
  await (await dial.up()).alive();
});
bears('4', 'a MESSAGE in the same segment as READY', async (t) => {
  const sent = message();
  const dial = await t.dial({ spoil: only(2, () => undefined) });
  dial.connection.sendReady = function () {
    this.records.waiting.set(uuidText(sent.id), sent.payload.length);
    const ready = this.records.seal(Buffer.concat([Buffer.of(KIND.READY), encodeParams(1_048_576)]));
    const next = this.records.seal(Buffer.concat([Buffer.of(KIND.MESSAGE), encode[KIND.MESSAGE](sent)]));
    dial.write(Buffer.concat([ready, next]));
  };
  await dial.see('ack', { id: uuidText(sent.id), status: 0 });
});

// Section 5: records, unusual but allowed

bears('5', 'one id twice: ACK 0, then 1', async (t) => {
  const dial = await t.up();
  const sent = message();
  await acked(dial, sent, 0);
  dial.records.waiting.set(uuidText(sent.id), sent.payload.length);
  dial.send(KIND.MESSAGE, sent);
  await dial.see('ack', { id: uuidText(sent.id), status: 1 });
});
bears('5', 'one id again on the next session: ACK 1', async (t) => {
  const sent = message();
  const first = await t.up();
  await acked(first, sent, 0);
  first.records.close(0);
  await first.closedWith(CODE.normal);
  await acked(await t.up(), sent, 1);
});
bears('5', 'an empty message without a media type', async (t) => {
  await acked(await t.up(), message({ payload: Buffer.alloc(0), mediaType: '' }), 0);
});
bears('5', 'bytes that are not text, and a media type of 255 characters', async (t) => {
  await acked(await t.up(), message({ payload: Buffer.from([0, 255, 192, 10]), mediaType: 'x'.repeat(255) }), 0, 3);
});
bears('5', 'a message as long as its max_plaintext', async (t) => {
  const dial = await t.up();
  const head = encode[KIND.MESSAGE](message({ payload: Buffer.alloc(0) })).length + 1;
  await acked(dial, message({ payload: Buffer.alloc(dial.records.peerMaxPlaintext - head, 7) }), 0, 3);
  await dial.alive();
});
bears('5', 'messages to all and to a group', async (t) => {
  const dial = await t.up();
  await acked(dial, message({ scope: 1 }), 0, 3);
  await acked(dial, message({ scope: 2, group: 'Ünit tests' }), 0, 3);
  await dial.alive();
});
bears('5', 'five hundred messages at once', async (t) => {
  const dial = await t.up();
  for (let n = 0; n < 500; n++) dial.records.message({ payload: Buffer.from(`${n}`) });
  await dial.see('ack', { status: 0 }, 500);
});
bears('5', 'unknown kinds', async (t) => {
  const dial = await t.up();
  for (const kind of [0x09, 0x15, 0x7f, 0xff]) dial.record(kind, Buffer.from('whatever'));
  await dial.alive();
});
bears('5', 'an ACK for nothing', async (t) => {
  const dial = await t.up();
  dial.send(KIND.ACK, {
    acks: [
      { id: id(), status: 0 },
      { id: id(), status: 3 },
    ],
  });
  await dial.alive();
});
bears('5', 'file records of no transfer', async (t) => {
  const dial = await t.up();
  dial.send(KIND.FILE_CHUNK, { transfer: id(), offset: 0, data: Buffer.from('x') });
  dial.send(KIND.FILE_PROGRESS, { transfer: id(), received: 1 });
  dial.send(KIND.FILE_END, { transfer: id(), status: 2 });
  dial.send(KIND.FILE_ACCEPT, { transfer: id(), offset: 0, window: 16_384 });
  await dial.alive();
});
bears('5', 'a hundred PINGs, of which the last must be answered', async (t) => {
  const dial = await t.up();
  for (let n = 0; n < 100; n++) dial.send(KIND.PING, { data: Buffer.from(`${n}`.padStart(8, '0')) });
  await dial.alive();
});
bears('5', 'a PONG that nothing asked for', async (t) => {
  const dial = await t.up();
  dial.send(KIND.PONG, { data: Buffer.alloc(8) });
  await dial.alive();
});
bears('5', 'CLOSE with an unknown code, and answers CLOSE 0', async (t) => {
  const dial = await t.up();
  dial.records.close(77, 'no such code');
  await dial.closedWith(CODE.normal);
});
bears('5', 'a CLOSE whose reason is not UTF-8', async (t) => {
  const dial = await t.up();
  dial.record(KIND.CLOSE, Buffer.from([0, 0xff, 0xfe]));
  dial.records.closeSent = true;
  await dial.closedWith(CODE.normal);
});
bears('5', 'the end of TCP without CLOSE', async (t) => {
  const dial = await t.up();
  dial.socket.end();
  await dial.ended();
});

// Section 6: the ratchet

bears('6', 'three ratchets with messages in between', async (t) => {
  const dial = await t.up();
  for (let epoch = 1; epoch <= 3; epoch++) {
    dial.records.startRatchet();
    await acked(dial, message(), 0);
    await dial.see('ratcheted', { epoch, by: 'us' });
    await acked(dial, message(), 0);
  }
});
bears('6', 'a ratchet right after the first record', async (t) => {
  const dial = await t.up();
  dial.records.startRatchet();
  await dial.see('ratcheted', { epoch: 1, by: 'us' });
  await dial.alive();
});
bears('6', 'CLOSE right behind RATCHET: its CLOSE opens, in whichever epoch', async (t) => {
  const dial = await t.up();
  dial.records.startRatchet();
  dial.records.close(0);
  await dial.closedWith(CODE.normal);
});

// Section 4: HELLO that is refused

for (const [name, code, fields] of [
  ['version 0', 1, { version: 0 }],
  ['version 2', 1, { version: 2 }],
  ['only unknown suites', 1, { suites: [77, 78] }],
  ['a count of 0', 2, { count: 0, suites: [2, 1, 1] }],
  ['a count larger than the list', 2, { count: 8, suites: [2, 1] }],
  ['a byte left over', 2, { suites: [2, 1], extra: [0] }],
  ['an ML-KEM key not reduced', 2, { e: Buffer.concat([Buffer.alloc(1184, 0xff), ephemeral().subarray(1184)]) }],
  ['a low-order X25519 key', 2, { e: Buffer.concat([ephemeral().subarray(0, 1184), Buffer.alloc(32)]) }],
]) {
  refuses('4', `HELLO: ${name}`, async (t) => {
    await (await t.dial({ raw: hello({ suites: [2, 1], ...fields }) })).rejected(code);
  });
}
refuses('3', 'an empty HELLO', async (t) => (await t.dial({ raw: frame(FRAME.HELLO, Buffer.alloc(0)) })).rejected(2));
refuses('3', 'a HELLO that says it is too long, before its body', async (t) => {
  await (await t.dial({ raw: frameHeader(FRAME.HELLO, 1227) })).rejected(2);
});
for (const type of [
  FRAME.ACCEPT,
  FRAME.IDENTIFY,
  FRAME.CONFIRM,
  FRAME.RECORD,
  FRAME.ALERT,
  FRAME.REJECT,
  0,
  0x55,
  0xff,
]) {
  refuses('3', `frame type ${type} in place of HELLO`, async (t) => {
    await (await t.dial({ raw: frame(type, Buffer.alloc(256)) })).ended();
  });
}
refuses('3', 'another frame in place of IDENTIFY', async (t) => {
  for (const type of [FRAME.HELLO, FRAME.ACCEPT, FRAME.CONFIRM, FRAME.RECORD]) {
    await (await t.dial({ spoil: only(1, (bytes) => Buffer.concat([Buffer.of(type), bytes.subarray(1)])) })).ended();
  }
});

// Section 4: IDENTIFY that is refused

for (const [name, at] of [
  ['in the wrap', 40],
  ['in the identity', -40],
  ['in the last byte', -1],
]) {
  refuses('4', `IDENTIFY with a bit flipped ${name}`, async (t) => {
    await (await t.dial({ spoil: only(1, (bytes) => flipped(bytes, at)) })).rejected(3);
  });
}
refuses('4', 'IDENTIFY whose inner length runs past the end', async (t) => {
  await (
    await t.dial({
      spoil: only(1, (bytes) => Buffer.concat([bytes.subarray(0, 4), Buffer.of(255, 255), bytes.subarray(6)])),
    })
  ).ended();
});
refuses('4', 'bad wraps, all in the same way (implicit rejection)', async (t) => {
  const answers = new Set();
  const wraps = [
    (size) => Buffer.alloc(size),
    (size) => Buffer.alloc(size, 255),
    (size) => nodeCrypto.randomBytes(size).fill(0, 0, 1),
    (size) => nodeCrypto.randomBytes(size - 1),
    (size) => nodeCrypto.randomBytes(size + 1),
    () => Buffer.alloc(0),
  ];
  for (const make of wraps) {
    const dial = await t.dial({ random: garbageWrap(make) });
    await dial.rejected(3);
    answers.add(dial.frames.at(-1).toString('hex'));
  }
  if (answers.size !== 1) throw new Unmet(`${answers.size} different answers: ${[...answers].join(', ')}`);
});
for (const [name, options] of [
  ['a control character in the name', () => ({ name: 'a\nb' })],
  ['a right-to-left override in the name', () => ({ name: 'a\u202eb' })],
  ['an address without a port', () => ({ address: 'example' })],
]) {
  refuses('4', `an identity with ${name}: ALERT 2`, async (t) => (await t.dial(options())).alerted(2));
}
refuses('4', 'an identity with padding that is not zero: ALERT 2', async (t) => {
  const key = generateIdentityKey(2048);
  const identity = flipped(encodeIdentity({ spki: key.spki }), -1);
  await (await t.dial({ key, override: { identity } })).alerted(2);
});
for (const [name, make] of [
  ['of 1,024 bits', { modulusLength: 1024, publicExponent: 65537 }],
  ['with e = 3', { modulusLength: 2048, publicExponent: 3 }],
]) {
  refuses('2', `an RSA key ${name}: ALERT 2`, async (t) => {
    const { publicKey } = nodeCrypto.generateKeyPairSync('rsa', make);
    const identity = encodeIdentity({ spki: publicKey.export({ type: 'spki', format: 'der' }) });
    await (await t.dial({ override: { identity } })).alerted(2);
  });
}
refuses('4', 'an ALERT in place of IDENTIFY, without an answer', async (t) => {
  const dial = await t.dial({ expect: Buffer.alloc(32) });
  await dial.ended();
  if (dial.frames.length !== 1) throw new Unmet('something was sent after the ALERT');
});

refuses(
  '4',
  'silence in place of HELLO, IDENTIFY and READY: REJECT 9 or the end within the deadline',
  async (t) => {
    const nothing = () => undefined;
    const dials = [
      await t.dial({ spoil: nothing }),
      await t.dial({ spoil: only(1, nothing) }),
      await t.dial({ spoil: only(2, nothing) }),
    ];
    await Promise.all(dials.map((dial) => dial.ended()));
  },
  2,
);

// Section 4: READY that is refused

const readyOf = (kind, content) =>
  async function ready(t) {
    const dial = await t.dial();
    dial.connection.sendReady = () => dial.record(kind, content);
    await dial.closedWith(CODE.malformed);
  };
refuses('4', 'READY with max_plaintext 16,383', readyOf(KIND.READY, Buffer.from('00003fff', 'hex')));
refuses('4', 'READY with max_plaintext 2^32 - 1', readyOf(KIND.READY, Buffer.from('ffffffff', 'hex')));
refuses('4', 'READY of 5 bytes', readyOf(KIND.READY, Buffer.from('0010000000', 'hex')));
refuses('4', 'PING in place of READY', readyOf(KIND.PING, Buffer.alloc(8)));
refuses('4', 'CLOSE in place of READY', async (t) => {
  const dial = await t.dial();
  dial.connection.sendReady = () => dial.record(KIND.CLOSE, Buffer.of(0));
  await dial.ended();
});
refuses('5', 'a READY that does not open, without an answer', async (t) => {
  const dial = await t.dial({ spoil: only(2, (bytes) => flipped(bytes, -1)) });
  await dial.ended();
  if (dial.frames.length !== 2) throw new Unmet('something was sent after CONFIRM');
});
refuses('3', 'a first record of more than 128 bytes', async (t) => {
  const dial = await t.dial();
  dial.connection.sendReady = () => dial.record(0x7f, Buffer.alloc(200));
  await dial.ended();
  if (dial.saw('up')) throw new Unmet('the session came up');
});

// Section 5: records that are refused

const uuid4 = Buffer.from('019b76daa8004f23bce4bd1490ef3a98', 'hex');
for (const [name, kind, content] of [
  ['READY again', KIND.READY, encodeParams(1_048_576)],
  ['a PING of 7 bytes', KIND.PING, Buffer.alloc(7)],
  ['a PONG of 9 bytes', KIND.PONG, Buffer.alloc(9)],
  ['an empty ACK', KIND.ACK, Buffer.alloc(0)],
  ['an ACK of 16 bytes', KIND.ACK, Buffer.alloc(16)],
  ['an ACK with status 4', KIND.ACK, Buffer.concat([id(), Buffer.of(4)])],
  ['an empty MESSAGE', KIND.MESSAGE, Buffer.alloc(0)],
  ['a MESSAGE whose id is a UUIDv4', KIND.MESSAGE, encode[KIND.MESSAGE](message({ id: uuid4 }))],
  ['a MESSAGE with scope 3', KIND.MESSAGE, encode[KIND.MESSAGE](message({ scope: 3 }))],
  ['a direct MESSAGE with a group', KIND.MESSAGE, encode[KIND.MESSAGE](message({ group: 'g' }))],
  ['a group MESSAGE without one', KIND.MESSAGE, encode[KIND.MESSAGE](message({ scope: 2 }))],
  ['a group name with a line feed', KIND.MESSAGE, encode[KIND.MESSAGE](message({ scope: 2, group: 'a\nb' }))],
  ['a media type with a line feed', KIND.MESSAGE, encode[KIND.MESSAGE](message({ mediaType: 'a\nb' }))],
  ['an empty CLOSE', KIND.CLOSE, Buffer.alloc(0)],
  ['a CLOSE with a reason of 256 bytes', KIND.CLOSE, Buffer.alloc(257, 120)],
  ['RATCHET to epoch 0', KIND.RATCHET, encode[KIND.RATCHET]({ epoch: 0, e: ephemeral() })],
  ['RATCHET to epoch 2', KIND.RATCHET, encode[KIND.RATCHET]({ epoch: 2, e: ephemeral() })],
  ['RATCHET with a bad key', KIND.RATCHET, encode[KIND.RATCHET]({ epoch: 1, e: Buffer.alloc(XWING_KEY, 255) })],
  ['RATCHET cut short', KIND.RATCHET, encode[KIND.RATCHET]({ epoch: 1, e: ephemeral() }).subarray(0, 900)],
  [
    'RATCHET_REPLY that was not due',
    KIND.RATCHET_REPLY,
    encode[KIND.RATCHET_REPLY]({ epoch: 1, ct: Buffer.alloc(1120) }),
  ],
  ['RATCHET_DONE that was not due', KIND.RATCHET_DONE, encode[KIND.RATCHET_DONE]({ epoch: 1 })],
  ['FILE_OFFER without a name', KIND.FILE_OFFER, Buffer.concat([Buffer.alloc(56), Buffer.of(0, 0)])],
  [
    'FILE_ACCEPT with a window of 16,383',
    KIND.FILE_ACCEPT,
    encode[KIND.FILE_ACCEPT]({ transfer: id(), offset: 0, window: 16_383 }),
  ],
  [
    'FILE_CHUNK of 65,537 bytes',
    KIND.FILE_CHUNK,
    encode[KIND.FILE_CHUNK]({ transfer: id(), offset: 0, data: Buffer.alloc(65_537) }),
  ],
]) {
  refuses('5', `${name}: CLOSE 2`, async (t) => {
    const dial = await t.up();
    dial.record(kind, content);
    await dial.closedWith(CODE.malformed);
  });
}
refuses(
  '5',
  'a record without a kind: CLOSE 2',
  async (t) => {
    const dial = await t.up();
    dial.record(undefined, Buffer.alloc(0));
    await dial.closedWith(CODE.malformed);
  },
  1,
);
refuses('5', 'a record of one byte more than max_plaintext: CLOSE 2', async (t) => {
  const dial = await t.up();
  const head = encode[KIND.MESSAGE](message({ payload: Buffer.alloc(0) })).length + 1;
  dial.send(KIND.MESSAGE, message({ payload: Buffer.alloc(dial.records.peerMaxPlaintext - head + 1) }));
  await dial.closedWith(CODE.malformed);
});
refuses('6', 'a second RATCHET before DONE: CLOSE 2', async (t) => {
  const dial = await t.up();
  for (let n = 0; n < 2; n++) dial.send(KIND.RATCHET, { epoch: 1, e: ephemeral() });
  // What follows RATCHET_REPLY is under a key that a real starter would have: the frames alone must do.
  await dial.ended();
});
refuses('5', 'a record that was changed, without an answer', async (t) => {
  const dial = await t.up();
  await dial.alive();
  await dial.endsWithoutAnswer(() => dial.record(KIND.PING, Buffer.alloc(8), (bytes) => flipped(bytes, -1)));
});
refuses('5', 'a record whose header was changed, without an answer', async (t) => {
  const dial = await t.up();
  await dial.alive();
  await dial.endsWithoutAnswer(() => {
    dial.record(KIND.PING, Buffer.alloc(8), (bytes) =>
      Buffer.concat([frameHeader(FRAME.RECORD, bytes.length - 4 + 16), bytes.subarray(4), Buffer.alloc(16)]),
    );
  });
});
refuses('5', 'a record that comes twice, without an answer', async (t) => {
  const dial = await t.up();
  await dial.alive();
  const record = dial.records.seal(Buffer.concat([Buffer.of(KIND.PONG), Buffer.alloc(8)]));
  await dial.endsWithoutAnswer(() => dial.write(Buffer.concat([record, record])));
});
refuses('5', 'a record after one that is missing, without an answer', async (t) => {
  const dial = await t.up();
  await dial.alive();
  await dial.endsWithoutAnswer(() => {
    dial.records.seal(Buffer.concat([Buffer.of(KIND.PONG), Buffer.alloc(8)]));
    dial.send(KIND.PONG, { data: Buffer.alloc(8) });
  });
});
refuses('3', 'a handshake frame in a session', async (t) => {
  for (const type of [FRAME.HELLO, FRAME.IDENTIFY, FRAME.ALERT, FRAME.REJECT]) {
    const dial = await t.up();
    dial.write(frame(type, Buffer.alloc(256)));
    await dial.ended();
  }
});
refuses('3', 'a record header beyond max_plaintext + 96, before its body', async (t) => {
  const dial = await t.up();
  dial.write(frameHeader(FRAME.RECORD, Math.min(dial.records.peerMaxPlaintext + 97, 0xffffff)));
  await dial.ended();
});
refuses('5', 'a MESSAGE after CLOSE', async (t) => {
  const dial = await t.up();
  const late = message();
  dial.records.waiting.set(uuidText(late.id), 1);
  const close = dial.records.seal(Buffer.concat([Buffer.of(KIND.CLOSE), Buffer.of(0)]));
  const after = dial.records.seal(Buffer.concat([Buffer.of(KIND.MESSAGE), encode[KIND.MESSAGE](late)]));
  dial.records.closeSent = true;
  dial.write(Buffer.concat([close, after]));
  await dial.closedWith(CODE.normal);
  if (dial.saw('ack', { id: uuidText(late.id) })) throw new Unmet('it was acknowledged');
});

export const CASES = cases;
