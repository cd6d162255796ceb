// One connection to a node under test, which may misbehave on purpose, and all that came back.
import net from 'node:net';
import { Connection } from './psp1.mjs';
import { FRAME_NAME, encode } from './wire.mjs';

const SHOWN = 20; // events in a message of what was seen instead
const PATIENCE = 15_000; // longer than the handshake deadline of 10 s

/** The node did not do what the text says. */
export class Unmet extends Error {}

export class Link {
  /**
   * Dials the node and begins. Options beside those of Connection: `spoil(frame, index)` makes what is sent of each
   * outgoing frame (of an initiator: 0 HELLO, 1 IDENTIFY, 2 READY; of a responder: 0 ACCEPT, 1 CONFIRM; undefined sends
   * nothing); `raw` bytes are sent in place of everything; `override` replaces members of the connection.
   */
  static async dial(target, suite, key, { raw, ...options }) {
    const socket = net.connect({ ...target, allowHalfOpen: true, noDelay: true });
    const link = new Link(socket, 'i', suite, key, options);
    await new Promise((done, failed) => {
      socket.once('connect', done).once('error', (e) => failed(new Unmet(`the node's port: ${e.message}`)));
    });
    if (raw) link.write(raw);
    else link.connection.start();
    return link;
  }

  /** Listens on a free port of 127.0.0.1; `links` resolve in the order in which the node comes. */
  static async listen(suite, key, options = {}) {
    const links = [];
    const waiting = [];
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      const link = new Link(socket, 'r', suite, key, options);
      if (waiting.length > 0) waiting.shift()(link);
      else links.push(link);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    return {
      port: server.address().port,
      next: () => (links.length > 0 ? Promise.resolve(links.shift()) : new Promise((done) => waiting.push(done))),
      close: () => server.close(),
    };
  }

  constructor(socket, role, suite, key, { spoil = (frame) => frame, override, ...options }) {
    Object.assign(this, { socket, events: [], frames: [], waiters: new Set(), clear: Buffer.alloc(0) });
    let index = 0;
    this.connection = new Connection({
      role,
      key,
      suites: [suite],
      name: 'conformance',
      write: (bytes) => this.write(spoil(bytes, index++)),
      halfClose: () => socket.end(),
      destroy: () => {},
      event: (event) => this.note(event),
      ...options,
    });
    Object.assign(this.connection, override);
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
        const seen = this.events
          .slice(-SHOWN)
          .map(({ event, code, type }) => [event, type ?? code].filter((x) => x !== undefined).join(' '));
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
    if (bytes && this.socket.writable) this.socket.write(bytes);
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

  rejected(code) {
    return this.endedBy('rejected', code);
  }

  alerted(code) {
    return this.endedBy('alerted', code);
  }

  closedWith(code) {
    return this.endedBy('closed', code, { by: 'peer' });
  }

  async endedBy(name, code, fields) {
    await this.until(() => this.saw(name, fields) || this.saw('end of TCP'), `${name} with code ${code}`);
    const event = this.saw(name, fields);
    if (event?.code !== code) {
      throw new Unmet(`expected ${name} with code ${code}, got ${JSON.stringify(event ?? 'the end of TCP')}`);
    }
    await this.ended();
  }

  async ended() {
    await this.see('end of TCP');
  }

  /**
   * TCP ends, and nothing answers `act`: no frame comes but records that open, as a peer sends some of its own accord when a session
   * is new, and none of these is a PONG or CLOSE.
   */
  async endsWithoutAnswer(act) {
    const before = this.frames.length;
    const pongs = () => this.events.filter((event) => event.event === 'pong').length;
    const pongsBefore = pongs();
    act();
    await this.ended();
    const more = this.frames
      .slice(before)
      .map((frame) => FRAME_NAME[frame[0]])
      .filter((name) => name !== 'RECORD');
    if (more.length > 0) throw new Unmet(`expected no answer, got ${more.join(', ')}`);
    if (this.events.some((event) => event.event === 'failed' && event.how !== 'end of TCP')) {
      throw new Unmet('expected no record that does not open');
    }
    if (pongs() !== pongsBefore) throw new Unmet('expected no PONG');
    if (this.saw('closed')) throw new Unmet('expected no CLOSE');
  }
}

const plain = (key, value) => (typeof value === 'bigint' ? Number(value) : value);
