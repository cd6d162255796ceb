// PSP/1 section 6: the ratchet of one session.
import { decapsulate, encapsulate, expand, extract, label, trafficKey, xwingKeyPair } from './crypto.mjs';
import { KIND, Malformed } from './wire.mjs';

const DUE_BYTES = 2 ** 30;
const DUE_RECORDS = 2 ** 24;
const DUE_AGE = 120_000;
const DUE_AGE_RESPONDER_RANDOM = 30_000;
const DEADLINE = 30_000;

export class Ratchet {
  constructor(records, secret) {
    this.records = records;
    this.connection = records.connection;
    this.secret = secret; // ratchet_epoch
    this.epoch = 0;
    this.underWay = undefined;
    this.ageLimit = DUE_AGE + (this.connection.initiator ? 0 : Math.random() * DUE_AGE_RESPONDER_RANDOM);
  }

  due() {
    const { bytes, records, since } = this.records.sending;
    return bytes >= DUE_BYTES || records >= DUE_RECORDS || this.connection.now() - since >= this.ageLimit;
  }

  late() {
    return this.underWay && this.connection.now() >= this.underWay.since + DEADLINE;
  }

  start() {
    if (this.underWay) return false;
    const { secretKey, publicKey } = xwingKeyPair(this.connection.random);
    this.underWay = { epoch: this.epoch + 1, secretKey, starter: true, since: this.connection.now() };
    this.records.send(KIND.RATCHET, { epoch: this.underWay.epoch, e: publicKey });
    return true;
  }

  /**
   * The kinds that move the receive direction. They count even after this side's CLOSE: the peer's ACKs and its CLOSE
   * come under the new key.
   */
  static moves(kind) {
    return kind === KIND.RATCHET_REPLY || kind === KIND.RATCHET_DONE;
  }

  on(kind, content) {
    if (kind === KIND.RATCHET) this.onRatchet(content);
    else if (kind === KIND.RATCHET_REPLY) this.onReply(content);
    else this.onDone(content);
  }

  onRatchet({ epoch, e }) {
    if (epoch !== this.epoch + 1) throw new Malformed(`RATCHET to epoch ${epoch} after ${this.epoch}`);
    if (this.underWay) {
      if (!this.underWay.starter || this.underWay.crossed) throw new Malformed('a second RATCHET');
      if (this.connection.initiator) {
        this.underWay.crossed = true;
        return;
      }
    }
    const { ct, ss } = orMalformed('the key of RATCHET', () => encapsulate(e, this.connection.random));
    this.records.send(KIND.RATCHET_REPLY, { epoch, ct });
    this.underWay = { epoch, starter: false, keys: this.nextKeys(ss), since: this.connection.now() };
    this.move('sending', this.underWay.keys);
  }

  onReply({ epoch, ct }) {
    if (!this.underWay?.starter || this.underWay.epoch !== epoch) throw new Malformed('RATCHET_REPLY was not due');
    const ss = orMalformed('the ciphertext of RATCHET_REPLY', () => decapsulate(ct, this.underWay.secretKey));
    const keys = this.nextKeys(ss);
    this.move('receiving', keys);
    if (!this.records.closeSent) this.records.send(KIND.RATCHET_DONE, { epoch });
    this.move('sending', keys);
    this.done('us');
  }

  onDone({ epoch }) {
    const due = this.underWay && !this.underWay.starter && this.underWay.epoch === epoch;
    if (!due) throw new Malformed('RATCHET_DONE was not due');
    this.move('receiving', this.underWay.keys);
    this.done('peer');
  }

  move(direction, keys) {
    const { records } = this;
    records[direction].move(keys[records.ways[direction]], this.epoch, this.connection.now());
  }

  done(by) {
    this.underWay = undefined;
    this.connection.event({ event: 'ratcheted', epoch: this.epoch, by });
  }

  nextKeys(ss) {
    const prk = extract(this.secret, ss);
    this.secret = expand(prk, label('psp1 ratchet'), 32);
    this.epoch++;
    const of = (way) => trafficKey(expand(prk, label(`psp1 ${way}`), 32), this.records.suite);
    return { i2r: of('i2r'), r2i: of('r2i') };
  }
}

function orMalformed(what, compute) {
  try {
    return compute();
  } catch {
    throw new Malformed(`${what} fails its checks`);
  }
}
