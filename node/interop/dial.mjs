// One connection to a node under test, which may misbehave on purpose, and all that came back.
import net from 'node:net';
import { Connection } from './psp1.mjs';
import { FRAME_NAME, encode } from './wire.mjs';

const PATIENCE = 10_000;

/** The node did not do what the text says. */
export class Unmet extends Error {}

export class Dial {
  /**
   * Options beside those of Connection: `spoil(frame, index)` makes what is sent of each outgoing frame (0 HELLO,
   * 1 IDENTIFY, 2 READY, ...; undefined sends nothing); `raw` bytes are sent in place of everything.
   */
  static async open(target, suite, key, { spoil = (frame) => frame, raw, ...options }) {
    const socket = net.connect({ ...target, allowHalfOpen: true, noDelay: true });
    const dial = new Dial(socket);
    let index = 0;
    dial.connection = new Connection({
      role: 'i',
      key,
      suites: [suite],
      name: 'conformance',
      write: (bytes) => {
        const sent = spoil(bytes, index++);
        if (sent) dial.write(sent);
      },
      halfClose: () => socket.end(),
      destroy: () => {},
      event: (event) => dial.note(event),
      ...options,
    });
    Object.assign(dial.connection, options.override);
    await new Promise((done, failed) =>
      socket.once('connect', done).once('error', (e) => failed(new Unmet(e.message))),
    );
    if (raw) dial.write(raw);
    else dial.connection.start();
    return dial;
  }

  constructor(socket) {
    Object.assign(this, { socket, events: [], frames: [], waiters: new Set(), clear: Buffer.alloc(0), closed: false });
    socket.on('data', (bytes) => this.read(bytes));
    socket.on('end', () => this.note({ event: 'end of TCP' }));
    socket.on('error', (e) => this.note({ event: 'end of TCP', error: e.code }));
  }

  read(bytes) {
    this.clear = Buffer.concat([this.clear, bytes]);
    while (this.clear.length >= 4 && this.clear.length >= 4 + this.clear.readUIntBE(1, 3)) {
      const frame = this.clear.subarray(0, 4 + this.clear.readUIntBE(1, 3));
      this.clear = this.clear.subarray(frame.length);
      this.frames.push(frame);
      this.note({ event: 'frame', type: FRAME_NAME[frame[0]] ?? frame[0] });
    }
    this.connection.receive(bytes);
  }

  note(event) {
    this.events.push(event);
    this.waiters.forEach((check) => check());
  }

  saw(name, fields = {}) {
    return this.events.find((event) => Object.entries({ event: name, ...fields }).every(([k, v]) => event[k] === v));
  }

  /** Waits for an event; `count` of them if given. */
  async see(name, fields = {}, count = 1) {
    const matches = (event) => Object.entries({ event: name, ...fields }).every(([k, v]) => event[k] === v);
    return this.until(
      () => this.events.filter(matches).length >= count && this.events.filter(matches)[count - 1],
      `${count > 1 ? `${count} times ` : ''}${name} ${JSON.stringify(fields)}`,
    );
  }

  async until(condition, what) {
    return new Promise((done, failed) => {
      const finish = (settle, value) => {
        clearTimeout(timer);
        this.waiters.delete(check);
        settle(value);
      };
      const check = () => {
        const value = condition();
        if (value) finish(done, value);
      };
      const timer = setTimeout(() => {
        const seen = this.events.map(({ event, code, type }) =>
          [event, type ?? code].filter((x) => x !== undefined).join(' '),
        );
        finish(failed, new Unmet(`waited ${PATIENCE / 1000} s for ${what}; saw ${seen.join(', ') || 'nothing'}`));
      }, PATIENCE);
      this.waiters.add(check);
      check();
    });
  }

  async up() {
    await this.until(
      () => this.saw('up') || this.saw('end of TCP') || this.saw('rejected') || this.saw('closed'),
      'a session',
    );
    if (!this.saw('up')) throw new Unmet(`no session: ${JSON.stringify(this.events.slice(0, 6), plain)}`);
    return this;
  }

  get records() {
    return this.connection.records;
  }

  write(bytes) {
    if (!this.socket.destroyed && this.socket.writable) this.socket.write(bytes);
  }

  /** Seals and sends one record of any content; `change` alters the sealed frame. */
  record(kind, content, change = (frame) => frame) {
    this.write(change(this.records.seal(Buffer.concat([Buffer.from(kind === undefined ? [] : [kind]), content]))));
  }

  send(kind, content) {
    this.record(kind, encode[kind](content));
  }

  /** The session is alive: a PING comes back. */
  async alive() {
    const data = Buffer.from(`${Date.now() % 1e8}`.padStart(8, '0'));
    this.records.pinged = undefined;
    const before = this.events.filter((event) => event.event === 'pong').length;
    this.records.ping(data);
    await this.see('pong', {}, before + 1);
  }

  async rejected(code) {
    await this.until(() => this.saw('rejected') || this.saw('end of TCP'), `REJECT ${code}`);
    const event = this.saw('rejected');
    if (event?.code !== code)
      throw new Unmet(`expected REJECT ${code}, got ${JSON.stringify(event ?? 'the end of TCP')}`);
    await this.ended();
  }

  async alerted(code) {
    await this.until(() => this.saw('alerted') || this.saw('end of TCP'), `ALERT ${code}`);
    const event = this.saw('alerted');
    if (event?.code !== code)
      throw new Unmet(`expected ALERT ${code}, got ${JSON.stringify(event ?? 'the end of TCP')}`);
    await this.ended();
  }

  async closedWith(code) {
    await this.until(() => this.saw('closed', { by: 'peer' }) || this.saw('end of TCP'), `CLOSE ${code}`);
    const event = this.saw('closed', { by: 'peer' });
    if (event?.code !== code)
      throw new Unmet(`expected CLOSE ${code}, got ${JSON.stringify(event ?? 'the end of TCP')}`);
    await this.ended();
  }

  async ended() {
    await this.see('end of TCP');
  }

  /** TCP ends, and no frame comes after those that were there before `act`. */
  async endsWithoutAnswer(act) {
    const before = this.frames.length;
    act();
    await this.ended();
    const more = this.frames.slice(before).map((frame) => FRAME_NAME[frame[0]]);
    if (more.length > 0) throw new Unmet(`expected no answer, got ${more.join(', ')}`);
    if (this.saw('closed')) throw new Unmet('expected no CLOSE');
  }
}

const plain = (key, value) => (typeof value === 'bigint' ? Number(value) : value);
