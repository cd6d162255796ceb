// A PSP/1 connection in either role, without a socket: bytes and time in, bytes and events out.
import { Records } from './session.mjs';
import {
  H,
  SUITES,
  XWING_CIPHERTEXT,
  XWING_KEY,
  decapsulate,
  encapsulate,
  equal,
  expand,
  extract,
  label,
  open,
  peerIdText,
  seal,
  systemRandom,
  trafficKey,
  unwrap,
  wrap,
  xwingKeyPair,
} from './crypto.mjs';
import {
  FRAME,
  FRAME_HEADER,
  FRAME_NAME,
  FRAME_SIZE,
  Failure,
  KIND,
  Malformed,
  RECORD_BEFORE_READY,
  RECORD_OVERHEAD,
  Reader,
  decodeIdentity,
  decodeParams,
  encodeIdentity,
  encodeParams,
  frame,
  recordLeast,
  shownReason,
  u16,
  uuidText,
} from './wire.mjs';

const VERSION = 1;
const SUITES_MOST = 8;
const SECRET = 32;
const HANDSHAKE_DEADLINE = 10_000;
const REJECT_LINGER = 1_000;
const PROTOCOL = 'PSP/1 pqXX X-Wing RSA-OAEP-SHA256 HKDF-SHA256';

const reject = (code, message) => new Failure(code, 'REJECT', message);
const alert = (code, message) => new Failure(code, 'ALERT', message);

/** Section 4: `ck`, `h`, `k` and `n`, as in Noise. */
export class Symmetric {
  constructor() {
    this.h = this.ck = H(Buffer.from(PROTOCOL, 'ascii'));
    this.k = Buffer.alloc(0);
    this.n = 0n;
  }
  mixHash(bytes) {
    this.h = H(Buffer.concat([this.h, bytes]));
  }
  mixKey(secret) {
    const prk = extract(this.ck, secret);
    this.ck = expand(prk, label('psp1 ck'), SECRET);
    this.k = expand(prk, label('psp1 k'), SECRET);
    this.n = 0n;
  }
  handshakeKey(suite) {
    return expand(this.k, label('psp1 handshake', suite), SUITES[suite].keyBytes);
  }
  encryptAndHash(suite, plaintext, random) {
    const sealed = seal(suite, this.handshakeKey(suite), this.n, this.h, plaintext, random);
    this.n++;
    this.mixHash(sealed);
    return sealed;
  }
  decryptAndHash(suite, sealed) {
    const plaintext = open(suite, this.handshakeKey(suite), this.n, this.h, sealed);
    this.n++;
    this.mixHash(sealed);
    return plaintext;
  }
  alertKey(suite, role) {
    return expand(this.k, label(`psp1 alert ${role}`, suite), SUITES[suite].keyBytes);
  }
  split(suite) {
    const of = (text, length) => expand(this.ck, Buffer.concat([label(text), this.h]), length);
    const sessionId = of('psp1 session id', 16);
    sessionId[6] = (sessionId[6] & 0x0f) | 0x80;
    sessionId[8] = (sessionId[8] & 0x3f) | 0x80;
    const secrets = { i2r: of('psp1 i2r', SECRET), r2i: of('psp1 r2i', SECRET), ratchet: of('psp1 ratchet', SECRET) };
    return { sessionId, secrets, keys: { i2r: trafficKey(secrets.i2r, suite), r2i: trafficKey(secrets.r2i, suite) } };
  }
}

/**
 * One connection.
 *
 * Options: `role` 'i' or 'r'; `key` from identityKey; `suites` ids, most wanted first; `name` and `address` shown to
 * the peer; `expect` the PeerId (32 bytes) of a dial to a known peer; `admit(peer)` called with the authenticated peer:
 * the code to refuse it with, or 0; `seen(id)` whether this peer sent a message of that id before; `maxPlaintext` what
 * this side accepts; `write(bytes)`, `halfClose()`, `destroy()` and `event(object)` where the output goes; `now()` in
 * ms; `random` as systemRandom.
 */
export class Connection {
  constructor(options) {
    const defaults = { suites: [2, 1], maxPlaintext: 1_048_576, now: Date.now, random: systemRandom, admit: () => 0 };
    Object.assign(this, defaults, options);
    this.initiator = this.role === 'i';
    this.symmetric = new Symmetric();
    this.input = Buffer.alloc(0);
    this.deadline = this.now() + HANDSHAKE_DEADLINE;
    this.identity = encodeIdentity({ spki: this.key.spki, name: this.name, address: this.address });
    this.state = this.initiator ? 'AwaitAccept' : 'AwaitHello';
    this.over = false;
    const known = new Set();
    this.seen ??= (id) => known.has(id) || !known.add(id);
  }

  /** The initiator's first word; nothing for the responder. */
  start() {
    if (!this.initiator) return;
    this.ephemeral = xwingKeyPair(this.random);
    const body = Buffer.concat([Buffer.of(VERSION, this.suites.length, ...this.suites), this.ephemeral.publicKey]);
    this.symmetric.mixHash(body);
    this.write(frame(FRAME.HELLO, body));
  }

  receive(bytes) {
    if (this.over) return;
    this.input = Buffer.concat([this.input, bytes]);
    this.records?.heard();
    try {
      while (!this.over && this.input.length >= FRAME_HEADER) {
        const length = this.input.readUIntBE(1, 3);
        this.checkHeader(this.input[0], length);
        if (this.input.length < FRAME_HEADER + length) break;
        const header = this.input.subarray(0, FRAME_HEADER);
        const body = this.input.subarray(FRAME_HEADER, FRAME_HEADER + length);
        this.input = this.input.subarray(FRAME_HEADER + length);
        this.frameBegan = undefined;
        this.handle(header, body);
      }
      if (this.input.length > 0) this.frameBegan ??= this.now();
    } catch (e) {
      if (!(e instanceof Failure)) throw e;
      this.fail(e);
    }
  }

  /** The end of the TCP stream. */
  end() {
    if (this.over) return this.destroy();
    this.over = true;
    if (this.records) this.records.ended(this.input.length > 0);
    else this.event({ event: 'failed', how: 'end of TCP', state: this.state });
    this.destroy();
  }

  /** To be called a few times a second: everything that depends on time alone. */
  tick() {
    if (this.over) {
      if (this.linger !== undefined && this.now() >= this.linger) this.destroy();
      return;
    }
    try {
      if (this.state.startsWith('Await') && this.now() >= this.deadline) throw reject(9, 'handshake deadline');
      const frameTime =
        this.input.length >= FRAME_HEADER ? 30_000 + (this.input.readUIntBE(1, 3) / 32_768) * 1000 : 30_000;
      const late = this.frameBegan !== undefined && this.now() >= this.frameBegan + frameTime;
      if (late && this.records) this.records.close(9, 'a frame took too long');
      this.records?.tick();
    } catch (e) {
      if (!(e instanceof Failure)) throw e;
      this.fail(e);
    }
  }

  // Section 3: type and length are checked before a body is buffered.
  checkHeader(type, length) {
    const legal = {
      AwaitHello: [FRAME.HELLO],
      AwaitAccept: [FRAME.ACCEPT, FRAME.REJECT],
      AwaitIdentify: [FRAME.IDENTIFY, FRAME.ALERT, FRAME.REJECT],
      AwaitConfirm: [FRAME.CONFIRM, FRAME.ALERT, FRAME.REJECT],
      AwaitReady: [FRAME.RECORD, FRAME.REJECT],
      Unconfirmed: [FRAME.RECORD, FRAME.REJECT],
      Up: [FRAME.RECORD],
    }[this.state];
    const [least, most] = type === FRAME.RECORD ? this.recordSize() : (FRAME_SIZE[type] ?? [0, 0]);
    if (legal.includes(type) && length >= least && length <= most) return;
    const what = `${FRAME_NAME[type] ?? `type ${type}`} of ${length} bytes in ${this.state}`;
    throw this.records ? new Failure(2, undefined, what) : reject(2, what);
  }

  recordSize() {
    const most = this.state === 'AwaitReady' ? RECORD_BEFORE_READY : this.maxPlaintext + RECORD_OVERHEAD;
    return [recordLeast(this.suite), most];
  }

  handle(header, body) {
    switch (header[0]) {
      case FRAME.HELLO:
        return this.onHello(body);
      case FRAME.ACCEPT:
        return this.onAccept(body);
      case FRAME.IDENTIFY:
        return this.onIdentify(body);
      case FRAME.CONFIRM:
        return this.onConfirm(body);
      case FRAME.ALERT:
        return this.onAlert(body);
      case FRAME.REJECT:
        return this.gone({
          event: 'rejected',
          code: body[0],
          reason: shownReason(body.subarray(1)),
          state: this.state,
        });
      default:
        return this.records.onRecord(header, body);
    }
  }

  onHello(body) {
    const version = body[0];
    if (version !== VERSION) throw reject(1, `version ${version}`);
    const [offered, e] = malformedAs(reject, () => {
      const reader = new Reader(body.subarray(1));
      const count = reader.u8();
      if (count < 1 || count > SUITES_MOST) throw new Malformed(`${count} suites`);
      const parts = [[...reader.take(count)], reader.take(XWING_KEY)];
      reader.end();
      return parts;
    });
    this.symmetric.mixHash(body);
    this.suite = this.suites.find((suite) => offered.includes(suite));
    if (this.suite === undefined) throw reject(1, `no common suite among ${offered}`);
    const { ct, ss } = orElse(reject(2, 'the X-Wing key fails its checks'), () => encapsulate(e, this.random));
    const clear = Buffer.concat([Buffer.of(this.suite), ct]);
    this.symmetric.mixHash(clear);
    this.symmetric.mixKey(ss);
    const c = this.symmetric.encryptAndHash(this.suite, this.identity, this.random);
    this.state = 'AwaitIdentify';
    this.write(frame(FRAME.ACCEPT, Buffer.concat([clear, c])));
  }

  onAccept(body) {
    const suite = body[0];
    if (!this.suites.includes(suite)) throw reject(2, `suite ${suite} was not offered`);
    this.suite = suite;
    const ct = body.subarray(1, 1 + XWING_CIPHERTEXT);
    const ss = orElse(reject(3, 'ct_e fails'), () => decapsulate(ct, this.ephemeral.secretKey));
    this.symmetric.mixHash(body.subarray(0, 1 + XWING_CIPHERTEXT));
    this.symmetric.mixKey(ss);
    const plaintext = this.openHandshake(body.subarray(1 + XWING_CIPHERTEXT), 'ACCEPT');
    this.peer = malformedAs(alert, () => decodeIdentity(plaintext));
    this.claimed();
    if (equal(this.peer.peerId, this.key.peerId)) throw alert(10, 'connected to self');
    if (this.expect && !equal(this.peer.peerId, this.expect)) {
      throw alert(4, `the peer is ${peerIdText(this.peer.peerId)}, not the expected one`);
    }
    const secret = this.random.bytes(SECRET, 's_r');
    const c1 = this.symmetric.encryptAndHash(this.suite, wrap(this.peer, secret, this.random), this.random);
    this.symmetric.mixKey(secret);
    const c2 = this.symmetric.encryptAndHash(this.suite, this.identity, this.random);
    this.state = 'AwaitConfirm';
    this.write(frame(FRAME.IDENTIFY, Buffer.concat([u16(c1.length), c1, c2])));
  }

  onIdentify(body) {
    const [c1, c2] = this.twoParts(body);
    const wrapped = this.openHandshake(c1, 'the wrap in IDENTIFY');
    this.symmetric.mixKey(unwrap(this.key, wrapped, this.random));
    const plaintext = this.openHandshake(c2, 'IDENTIFY');
    this.peer = malformedAs(alert, () => decodeIdentity(plaintext));
    this.claimed();
    const secret = this.random.bytes(SECRET, 's_i');
    const sent1 = this.symmetric.encryptAndHash(this.suite, wrap(this.peer, secret, this.random), this.random);
    this.symmetric.mixKey(secret);
    const sent2 = this.symmetric.encryptAndHash(this.suite, encodeParams(this.maxPlaintext), this.random);
    this.state = 'AwaitReady';
    this.startRecords();
    this.write(frame(FRAME.CONFIRM, Buffer.concat([u16(sent1.length), sent1, sent2])));
  }

  onConfirm(body) {
    const [c1, c2] = this.twoParts(body);
    const wrapped = this.openHandshake(c1, 'the wrap in CONFIRM');
    this.symmetric.mixKey(unwrap(this.key, wrapped, this.random));
    const params = this.openHandshake(c2, 'CONFIRM');
    const peerMaxPlaintext = malformedAs(reject, () => decodeParams(params));
    this.state = 'Unconfirmed';
    this.startRecords();
    this.records.peerMaxPlaintext = peerMaxPlaintext;
    this.sendReady();
    this.authenticated();
  }

  sendReady() {
    this.records.send(KIND.READY, { maxPlaintext: this.maxPlaintext });
  }

  /** READY has opened, or the responder's first record has. */
  confirmed() {
    this.state = 'Up';
    if (!this.initiator) this.authenticated();
  }

  authenticated() {
    const { peer } = this;
    this.event({
      event: 'session',
      role: this.initiator ? 'initiator' : 'responder',
      sessionId: this.sessionId,
      suite: this.suite,
      suiteName: SUITES[this.suite].name,
      peerId: peerIdText(peer.peerId),
      name: peer.name,
      address: peer.address,
      certificates: peer.certificates.length,
      maxPlaintext: this.records.peerMaxPlaintext,
    });
  }

  claimed() {
    this.event({ event: 'claimed', peerId: peerIdText(this.peer.peerId), name: this.peer.name });
  }

  startRecords() {
    const { sessionId, secrets, keys } = this.symmetric.split(this.suite);
    this.sessionId = uuidText(sessionId);
    this.records = new Records(this, secrets, keys);
    this.symmetric = this.ephemeral = undefined;
  }

  onAlert(body) {
    const role = this.initiator ? 'r' : 'i';
    const key = this.symmetric.alertKey(this.suite, role);
    const plaintext = orElse(reject(3, 'ALERT does not open'), () => open(this.suite, key, 0n, this.symmetric.h, body));
    if (plaintext.length < 1 || plaintext.length > 256) throw reject(2, `ALERT of ${plaintext.length} bytes`);
    const shown = this.initiator && [4, 5, 6].includes(plaintext[0]) ? 3 : plaintext[0];
    this.gone({ event: 'alerted', code: shown, reason: shownReason(plaintext.subarray(1)), state: this.state });
  }

  twoParts(body) {
    return malformedAs(reject, () => {
      const reader = new Reader(body);
      return [reader.take(reader.u16()), reader.rest()];
    });
  }

  openHandshake(sealed, what) {
    return orElse(reject(3, `${what} does not open`), () => this.symmetric.decryptAndHash(this.suite, sealed));
  }

  fail({ code, how, message }) {
    this.event({ event: 'failed', code, how: how ?? 'no answer', reason: message, state: this.state });
    if (how === 'REJECT') this.write(frame(FRAME.REJECT, Buffer.of(code)));
    if (how === 'ALERT') {
      const key = this.symmetric.alertKey(this.suite, this.role);
      const sealed = seal(this.suite, key, 0n, this.symmetric.h, Buffer.of(code), this.random);
      this.write(frame(FRAME.ALERT, sealed));
    }
    this.gone();
    if (how === undefined) this.destroy();
  }

  gone(event) {
    if (event) this.event(event);
    this.over = true;
    this.linger = this.now() + REJECT_LINGER;
    this.halfClose();
  }
}

function malformedAs(failure, parse) {
  try {
    return parse();
  } catch (e) {
    if (e instanceof Malformed) throw failure(2, e.message);
    throw e;
  }
}

function orElse(failure, compute) {
  try {
    return compute();
  } catch {
    throw failure;
  }
}
