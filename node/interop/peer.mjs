#!/usr/bin/env node
// A PSP/1 peer for the command line. Test code: it trusts whoever it is told to, and keeps nothing.
import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import readline from 'node:readline';
import { parseArgs } from 'node:util';
import { generateIdentityKey, identityKey, parsePeerId, peerIdText } from './crypto.mjs';
import { Connection } from './psp1.mjs';

const USAGE = `usage: node peer.mjs listen PORT [options]
       node peer.mjs dial HOST PORT [options]

  --host ADDRESS    listen here instead of 127.0.0.1 (PORT 0: any free port)
  --expect PEERID   refuse a responder or initiator with another PeerId
  --suite 1|2       offer and accept this suite only (1 A256CBC-HS512, 2 A256GCM); otherwise 2, then 1
  --key FILE        identity key, PKCS#8 PEM; made if missing; without it a key for this run only
  --bits N          size of a key that is made: 2048 to 4096 (3072)
  --name TEXT       display name; --advertise HOST:PORT the address shown to the peer
  --send TEXT       send this message once the session is up; may be repeated; - reads standard input
  --type MEDIATYPE  of what is sent (text/plain)
  --echo            send every message back
  --ratchet         start a ratchet once the session is up
  --max-plaintext N the longest record plaintext that is taken: 16384 to 8388608 (1048576)
  --refuse 4|5|6    let nobody in: close every session with this code
  --stay SECONDS    a dial stays up that long after its work is done (0)
  --once            a listener ends after its first session
  --commands        take lines from standard input: send TEXT, ping, ratchet, close [CODE], quit;
                    they act on the newest session, and a dial stays up until told otherwise
  --timeout SECONDS end with exit code 3 after that time (none)
  --json            one JSON object a line instead of words

Exit code: 0 everything sent was acknowledged and every session ended with CLOSE; 1 a session or handshake failed;
2 wrong usage; 3 timed out.`;

const TICK = 100;

async function main() {
  const { values: options, positionals } = parse();
  const key = loadKey(options);
  const peer = new Peer(options, key);
  if (options.commands) readCommands(peer);
  if (options.timeout) setTimeout(() => peer.exit(3, 'timed out'), Number(options.timeout) * 1000).unref();
  const [verb, ...rest] = positionals;
  if (verb === 'listen' && rest.length === 1) peer.listen(options.host ?? '127.0.0.1', port(rest[0], 0));
  else if (verb === 'dial' && rest.length === 2) peer.dial(rest[0], port(rest[1], 1));
  else
    throw new Error(verb ? `'${positionals.join(' ')}' is neither 'listen PORT' nor 'dial HOST PORT'` : 'no command');
}

class Peer {
  constructor(options, key) {
    this.options = options;
    this.key = key;
    this.connections = new Set();
    this.seen = new Set();
    this.failed = false;
    setInterval(() => this.connections.forEach((connection) => connection.tick()), TICK).unref();
  }

  listen(host, wanted) {
    this.server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.open('r', socket));
    this.server.on('error', (e) => this.exit(1, e.message));
    this.server.listen(wanted, host, () => {
      this.print({ event: 'listening', host, port: this.server.address().port, peerId: peerIdText(this.key.peerId) });
    });
  }

  dial(host, wanted) {
    const socket = net.connect({ host, port: wanted, allowHalfOpen: true, noDelay: true });
    this.print({ event: 'dialing', host, port: wanted, peerId: peerIdText(this.key.peerId) });
    this.open('i', socket);
  }

  open(role, socket) {
    const { options } = this;
    const expect = options.expect && parsePeerId(options.expect);
    const connection = new Connection({
      role,
      key: this.key,
      suites: options.suite ? [Number(options.suite)] : [2, 1],
      name: options.name ?? 'interop',
      address: options.advertise,
      expect: role === 'i' ? expect : undefined,
      maxPlaintext: Number(options['max-plaintext'] ?? 1_048_576),
      admit: (peer) => Number(options.refuse ?? (expect && !expect.equals(peer.peerId) ? 4 : 0)),
      seen: (id) => this.known(`${peerIdText(connection.peer.peerId)} ${id}`),
      write: (bytes) => socket.writable && socket.write(bytes),
      halfClose: () => socket.end(),
      destroy: () => socket.destroy(),
      event: (event) => this.onEvent(connection, event),
    });
    connection.onMessage = (message) => {
      if (options.echo)
        connection.records.message({ payload: Buffer.from(message.payload), mediaType: message.mediaType });
    };
    this.connections.add(connection);
    socket.on('data', (bytes) => connection.receive(bytes));
    socket.on('end', () => connection.end());
    socket.on('error', (e) => {
      this.print({ event: 'socket', reason: e.code });
      connection.end();
    });
    socket.on('close', () => {
      if (!connection.over) connection.end();
      this.connections.delete(connection);
      if (!this.server || options.once) this.exit(this.failed ? 1 : 0);
    });
    if (role === 'i') socket.on('connect', () => connection.start());
  }

  known(key) {
    return this.seen.has(key) || !this.seen.add(key);
  }

  onEvent(connection, event) {
    this.print(event);
    const { options } = this;
    switch (event.event) {
      case 'session':
        this.newest = connection;
        break;
      case 'up':
        connection.due = { acks: options.send.length, ratchet: Boolean(options.ratchet) };
        // After the event's own call stack: the record that brought the session up is not yet handled to its end.
        setImmediate(() => this.begin(connection));
        break;
      case 'ack':
        if (event.status > 1) this.failed = true;
        connection.due.acks--;
        this.endIfDone(connection);
        break;
      case 'ratcheted':
        if (event.by === 'us') connection.due.ratchet = false;
        this.endIfDone(connection);
        break;
      case 'closed':
        if (event.by === 'peer' && event.code !== 0 && event.code !== 8) this.failed = true;
        break;
      case 'end':
        if (!event.clean || event.unacknowledged > 0) this.failed = true;
        break;
      case 'failed':
      case 'rejected':
      case 'alerted':
      case 'tampering':
      case 'truncated':
      case 'malformed':
        this.failed = true;
        break;
      default:
    }
  }

  begin(connection) {
    const { options } = this;
    for (const text of options.send) {
      const payload = text === '-' ? readFileSync(0) : Buffer.from(text, 'utf8');
      const id = connection.records.message({ payload, mediaType: options.type ?? 'text/plain' });
      this.print({ event: 'sent', id, size: payload.length });
    }
    if (options.ratchet) connection.records.startRatchet();
    this.endIfDone(connection);
  }

  /** A dial ends by itself once what it was started for is done. */
  endIfDone(connection) {
    const { acks, ratchet } = connection.due;
    if (this.server || this.options.commands || acks > 0 || ratchet || connection.ending) return;
    connection.ending = true;
    setTimeout(() => connection.over || connection.records.close(0), Number(this.options.stay ?? 0) * 1000);
  }

  command(line) {
    const [, verb, rest] = /^(\S+)\s?(.*)$/u.exec(line) ?? [];
    const records = this.newest?.over === false ? this.newest.records : undefined;
    if (verb === 'quit') return this.exit(this.failed ? 1 : 0);
    if (!['send', 'ping', 'ratchet', 'close'].includes(verb))
      return this.print({ event: 'error', reason: `unknown command '${verb}'` });
    if (!records) return this.print({ event: 'error', reason: `${verb}: no session is up` });
    if (verb === 'send') {
      const payload = Buffer.from(rest, 'utf8');
      this.print({
        event: 'sent',
        id: records.message({ payload, mediaType: this.options.type }),
        size: payload.length,
      });
    } else if (verb === 'ping') records.ping();
    else if (verb === 'ratchet') this.print({ event: 'ratchet', started: records.startRatchet() });
    else records.close(Number(rest || 0));
    return undefined;
  }

  print(event) {
    const plain = (key, value) => (typeof value === 'bigint' ? Number(value) : value);
    if (this.options.json) console.log(JSON.stringify(event, plain));
    else {
      const { event: name, ...fields } = event;
      const words = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
      console.log([name, ...words.map(([field, value]) => `${field}=${JSON.stringify(value, plain)}`)].join(' '));
    }
  }

  exit(code, reason) {
    if (reason) this.print({ event: 'exit', code, reason });
    process.exit(code);
  }
}

function readCommands(peer) {
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', (line) => peer.command(line));
  lines.on('close', () => peer.command('quit'));
}

function parse() {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  const parsed = parseArgs({
    allowPositionals: true,
    options: {
      host: text,
      expect: text,
      suite: text,
      key: text,
      bits: text,
      name: text,
      advertise: text,
      send: { type: 'string', multiple: true, default: [] },
      type: text,
      refuse: text,
      stay: text,
      timeout: text,
      'max-plaintext': text,
      echo: flag,
      ratchet: flag,
      once: flag,
      commands: flag,
      json: flag,
      help: { type: 'boolean', short: 'h' },
    },
  });
  const { values } = parsed;
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  oneOf(values, 'suite', ['1', '2']);
  oneOf(values, 'refuse', ['4', '5', '6']);
  if (values.expect) parsePeerId(values.expect);
  for (const option of ['stay', 'timeout']) {
    if (values[option] && !(Number(values[option]) >= 0))
      throw new Error(`--${option} ${values[option]}: not a number of seconds`);
  }
  const most = values['max-plaintext'];
  if (most && !(/^\d+$/.test(most) && Number(most) >= 16_384 && Number(most) <= 8_388_608)) {
    throw new Error(`--max-plaintext ${most}: from 16384 to 8388608`);
  }
  if (values.bits && !(Number(values.bits) >= 2048 && Number(values.bits) <= 4096)) {
    throw new Error(`--bits ${values.bits}: from 2048 to 4096`);
  }
  return parsed;
}

function oneOf(values, option, allowed) {
  if (values[option] && !allowed.includes(values[option])) {
    throw new Error(`--${option} ${values[option]}: one of ${allowed.join(', ')}`);
  }
}

function port(text, least) {
  if (!/^\d{1,5}$/.test(text) || Number(text) < least || Number(text) > 65535) {
    throw new Error(`'${text}' is not a port: ${least} to 65535`);
  }
  return Number(text);
}

function loadKey({ key: file, bits }) {
  if (!file) return generateIdentityKey(Number(bits ?? 3072));
  let pem;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (e) {
    if (e.code !== 'ENOENT') throw new Error(`--key ${file}: ${e.message}`);
    const made = generateIdentityKey(Number(bits ?? 3072));
    writeFileSync(file, made.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
    return made;
  }
  try {
    return identityKey(createPrivateKey(pem));
  } catch (e) {
    throw new Error(`--key ${file}: ${e.message}`);
  }
}

function usageError(message) {
  console.error(`peer: ${message}\n\n${USAGE}`);
  process.exit(2);
}

main().catch((e) => usageError(e.message));
