// PSP/1 section 5: records, delivery, closing and liveness of one session.
import { X509Certificate } from 'node:crypto';
import { SUITES, open, seal } from './crypto.mjs';
import { Ratchet } from './ratchet.mjs';
import {
  CODE_NAME,
  FRAME,
  Failure,
  KIND,
  KIND_NAME,
  Malformed,
  decodeContent,
  encode,
  frameHeader,
  uuidText,
  uuidv7,
} from './wire.mjs';

const LAST_BYTES = 2 ** 32;
const LAST_RECORDS = 2 ** 26;
const PING_AFTER = 30_000;
const IDLE_AFTER = 90_000;
const CLOSE_LINGER = 2_000;
const WAITING_MOST = 1024;
const WAITING_BYTES_MOST = 8 * 1024 * 1024;

class Direction {
  constructor(suite, key, now) {
    Object.assign(this, { suite, key, n: 0n, bytes: 0, records: 0, since: now, epoch: 0 });
  }
  move(key, epoch, now) {
    Object.assign(this, { key, n: 0n, bytes: 0, records: 0, since: now, epoch });
  }
}

export class Records {
  constructor(connection, secrets, keys) {
    this.connection = connection;
    this.suite = connection.suite;
    const [sendWay, receiveWay] = connection.initiator ? ['i2r', 'r2i'] : ['r2i', 'i2r'];
    this.ways = { sending: sendWay, receiving: receiveWay };
    this.sending = new Direction(this.suite, keys[sendWay], connection.now());
    this.receiving = new Direction(this.suite, keys[receiveWay], connection.now());
    this.ratchet = new Ratchet(this, secrets.ratchet);
    this.lastHeard = connection.now();
    this.queue = []; // messages not yet sealed
    this.waiting = new Map(); // id -> payload bytes, sealed and not acknowledged
    this.waitingBytes = 0;
  }

  // Sending

  send(kind, content) {
    const ratchets = kind >= KIND.RATCHET && kind <= KIND.CLOSE;
    if (!ratchets && this.ratchet.due()) this.startRatchet();
    const plaintext = Buffer.concat([Buffer.of(kind), encode[kind](content)]);
    if (plaintext.length > this.peerMaxPlaintext) {
      throw new RangeError(`more than the peer takes (${this.peerMaxPlaintext})`);
    }
    const { bytes, records } = this.sending;
    if (kind !== KIND.CLOSE && (bytes >= LAST_BYTES || records >= LAST_RECORDS)) {
      this.close(9, 'the ratchet is overdue');
    } else this.connection.write(this.seal(plaintext));
  }

  /** The next RECORD frame of the send direction. */
  seal(plaintext) {
    const way = this.sending;
    const header = frameHeader(FRAME.RECORD, plaintext.length + SUITES[this.suite].overhead(plaintext.length));
    const sealed = seal(this.suite, way.key, way.n, header, plaintext, this.connection.random);
    way.n++;
    way.bytes += plaintext.length;
    way.records++;
    return Buffer.concat([header, sealed]);
  }

  /** Queues a message; returns its id as text. An `ack` event says when the peer has it. */
  message({ payload, mediaType = 'text/plain', scope = 0, group = '', id }) {
    const { connection } = this;
    const message = { id: id ?? uuidv7(connection.now(), connection.random), sentAt: connection.now(), scope, group };
    this.queue.push({ ...message, mediaType, payload });
    this.pump();
    return uuidText(message.id);
  }

  pump() {
    while (this.queue.length > 0 && !this.closeSent && this.connection.state === 'Up') {
      const next = this.queue[0];
      const full = this.waiting.size >= WAITING_MOST || this.waitingBytes + next.payload.length > WAITING_BYTES_MOST;
      if (full && this.waiting.size > 0) return;
      this.queue.shift();
      this.waiting.set(uuidText(next.id), next.payload.length);
      this.waitingBytes += next.payload.length;
      this.send(KIND.MESSAGE, next);
    }
  }

  ping(data) {
    this.pinged = { data: data ?? this.connection.random.bytes(8, 'ping'), at: this.connection.now() };
    this.send(KIND.PING, { data: this.pinged.data });
  }

  close(code = 0, reason = '') {
    if (this.closeSent) return;
    this.connection.event({ event: 'closed', by: 'us', code, meaning: CODE_NAME[code], reason });
    this.sendClose(code, reason);
    this.lingerUntil = this.connection.now() + CLOSE_LINGER;
  }

  /** Starts a ratchet unless one is under way or it is too early or too late for one; returns whether it did. */
  startRatchet() {
    if (this.closeSent || this.connection.state !== 'Up') return false;
    return this.ratchet.start();
  }

  sendClose(code, reason) {
    this.send(KIND.CLOSE, { code, reason });
    this.closeSent = true;
    this.connection.halfClose();
  }

  // Receiving

  onRecord(header, body) {
    if (this.closeReceived) return;
    const { connection, receiving } = this;
    let plaintext;
    try {
      plaintext = open(this.suite, receiving.key, receiving.n, header, body);
    } catch {
      if (connection.state === 'Up') connection.event({ event: 'tampering', epoch: receiving.epoch, n: receiving.n });
      throw new Failure(3, undefined, 'a record does not open');
    }
    receiving.n++;
    try {
      this.onPlaintext(plaintext);
    } catch (e) {
      if (!(e instanceof Malformed)) throw e;
      this.close(2, '');
      connection.event({ event: 'malformed', reason: e.message });
    }
  }

  onPlaintext(plaintext) {
    if (plaintext.length === 0) throw new Malformed('a record without a kind');
    if (plaintext.length > this.connection.maxPlaintext) throw new Malformed('longer than max_plaintext');
    const kind = plaintext[0];
    if (this.connection.state === 'AwaitReady') return this.onReady(kind, plaintext.subarray(1));
    if (this.connection.state === 'Unconfirmed') {
      if (kind !== KIND.CLOSE) {
        this.checkCertificate();
        this.connection.confirmed();
        this.connection.event({ event: 'up', sessionId: this.connection.sessionId });
      } else this.connection.state = 'Up';
    }
    if (!this.closeSent || [KIND.ACK, KIND.CLOSE].includes(kind)) {
      this.dispatch(kind, plaintext.subarray(1));
      this.pump();
    } else if (Ratchet.moves(kind)) this.ratchet.on(kind, decodeContent(kind, plaintext.subarray(1)));
  }

  onReady(kind, content) {
    if (kind !== KIND.READY) throw new Malformed(`${KIND_NAME[kind] ?? kind} in place of READY`);
    this.peerMaxPlaintext = decodeContent(kind, content).maxPlaintext;
    this.connection.confirmed();
    this.checkCertificate();
    const refusal = this.connection.peer.peerId.equals(this.connection.key.peerId)
      ? 10
      : this.connection.admit(this.connection.peer);
    if (refusal !== 0) {
      this.refused = true;
      return this.close(refusal, '');
    }
    this.connection.event({ event: 'up', sessionId: this.connection.sessionId });
    if (this.queue.length > 0) this.pump();
    else this.ping();
  }

  dispatch(kind, content) {
    if (this.refused && kind !== KIND.CLOSE) return;
    const c = decodeContent(kind, content);
    if (c === undefined) return this.unknown(kind);
    const { connection } = this;
    switch (kind) {
      case KIND.MESSAGE:
        return this.onMessage(c);
      case KIND.ACK:
        return c.acks.forEach((ack) => this.onAck(ack));
      case KIND.PING:
        return this.send(KIND.PONG, { data: c.data });
      case KIND.PONG:
        if (!this.pinged?.data.equals(c.data)) return undefined;
        connection.event({ event: 'pong', ms: connection.now() - this.pinged.at });
        this.pinged = undefined;
        return undefined;
      case KIND.RATCHET:
      case KIND.RATCHET_REPLY:
      case KIND.RATCHET_DONE:
        return this.ratchet.on(kind, c);
      case KIND.CLOSE:
        return this.onClose(c);
      case KIND.FILE_OFFER:
        return this.send(KIND.FILE_END, { transfer: c.transfer, status: 1 });
      case KIND.READY:
        throw new Malformed('READY out of its state');
      default:
        return undefined; // a file record of a transfer that is not running
    }
  }

  unknown(kind) {
    if (this.unknownSeen) return;
    this.unknownSeen = true;
    this.connection.event({ event: 'unknown-kind', kind });
  }

  onMessage(message) {
    const { connection } = this;
    const id = uuidText(message.id);
    const known = connection.seen(id);
    const text = message.payload.toString('utf8');
    const body = Buffer.from(text, 'utf8').equals(message.payload)
      ? { text }
      : { base64: message.payload.toString('base64') };
    if (!known) {
      const { scope, group, mediaType, sentAt } = message;
      connection.event({
        event: 'message',
        id,
        scope,
        group,
        mediaType,
        sentAt,
        size: message.payload.length,
        ...body,
      });
    }
    this.send(KIND.ACK, { acks: [{ id: message.id, status: known ? 1 : 0 }] });
    if (!known) connection.onMessage?.(message);
  }

  onAck({ id, status }) {
    const text = uuidText(id);
    if (!this.waiting.has(text)) return;
    this.waitingBytes -= this.waiting.get(text);
    this.waiting.delete(text);
    this.connection.event({ event: 'ack', id: text, status });
  }

  onClose({ code, reason }) {
    this.closeReceived = true;
    this.connection.event({ event: 'closed', by: 'peer', code, meaning: CODE_NAME[code], reason });
    if (!this.closeSent) this.sendClose(0, '');
    this.finish(true);
  }

  /** The end of TCP: section 5 says when it counts as truncation. */
  ended(insideFrame) {
    if (this.connection.state === 'Unconfirmed' || this.connection.state === 'AwaitReady') {
      this.connection.event({ event: 'failed', how: 'end of TCP', state: this.connection.state });
    } else if (insideFrame || !(this.closeSent || this.closeReceived)) this.connection.event({ event: 'truncated' });
    else if (!this.finished) this.finish(false);
  }

  finish(clean) {
    if (this.finished) return;
    this.finished = true;
    const unacknowledged = this.waiting.size + this.queue.length;
    this.connection.event({ event: 'end', clean, unacknowledged, epoch: this.ratchet.epoch });
    this.connection.over = true;
    this.connection.linger = this.connection.now() + CLOSE_LINGER;
  }

  // Section 4: once the peer is authenticated, its first certificate must be for exactly its key.
  checkCertificate() {
    const { peer } = this.connection;
    if (peer.certificates.length === 0) return;
    let spki;
    try {
      spki = new X509Certificate(peer.certificates[0]).publicKey.export({ type: 'spki', format: 'der' });
    } catch {
      throw new Malformed('the first certificate is not one');
    }
    if (!spki.equals(peer.spki)) throw new Malformed('the first certificate is for another key');
  }

  // Liveness

  heard() {
    this.lastHeard = this.connection.now();
  }

  tick() {
    const { connection } = this;
    const now = connection.now();
    if (this.closeSent) {
      if (this.lingerUntil !== undefined && now >= this.lingerUntil) {
        this.finish(false);
        connection.destroy();
      }
      return;
    }
    if (connection.state !== 'Up') return;
    const silence = now - this.lastHeard;
    if (silence >= IDLE_AFTER) this.close(11, '');
    else if (silence >= PING_AFTER && !(this.pinged?.at > this.lastHeard)) this.ping();
    if (this.ratchet.late()) this.close(9, 'the ratchet took too long');
  }
}
