// PSP/1 sections 3 to 5: the byte layouts of frames, identities, parameters and record contents.
import { XWING_CIPHERTEXT, XWING_KEY, parseSpki } from './crypto.mjs';

export const FRAME = { HELLO: 1, ACCEPT: 2, IDENTIFY: 3, CONFIRM: 4, ALERT: 0x0e, REJECT: 0x0f, RECORD: 0x10 };
export const FRAME_HEADER = 4;
export const FRAME_NAME = Object.fromEntries(Object.entries(FRAME).map(([name, type]) => [type, name]));

/** Least and most bytes of a body; those of RECORD depend on suite and state. */
export const FRAME_SIZE = {
  [FRAME.HELLO]: [1219, 1226],
  [FRAME.ACCEPT]: [1138, 16384],
  [FRAME.IDENTIFY]: [35, 16384],
  [FRAME.CONFIRM]: [38, 16384],
  [FRAME.ALERT]: [17, 1024],
  [FRAME.REJECT]: [1, 256],
};
export const RECORD_BEFORE_READY = 128;
export const RECORD_OVERHEAD = 96;
export const recordLeast = (suite) => (suite === 1 ? 64 : 17);

export const KIND = {
  READY: 0x00,
  MESSAGE: 0x01,
  ACK: 0x02,
  PING: 0x03,
  PONG: 0x04,
  RATCHET: 0x05,
  RATCHET_REPLY: 0x06,
  RATCHET_DONE: 0x07,
  CLOSE: 0x08,
  FILE_OFFER: 0x10,
  FILE_ACCEPT: 0x11,
  FILE_CHUNK: 0x12,
  FILE_PROGRESS: 0x13,
  FILE_END: 0x14,
};
export const KIND_NAME = Object.fromEntries(Object.entries(KIND).map(([name, kind]) => [kind, name]));

export const CODE = {
  normal: 0,
  'no common version or suite': 1,
  malformed: 2,
  'handshake failed': 3,
  'not trusted': 4,
  'awaiting approval': 5,
  blocked: 6,
  busy: 7,
  'shutting down': 8,
  'timed out': 9,
  'connected to self': 10,
  idle: 11,
  'another session stays': 12,
};
export const CODE_NAME = Object.fromEntries(Object.entries(CODE).map(([name, code]) => [code, name]));

const IDENTITY_BLOCK = 1024;
const IDENTITY_MOST = 14336;
const NAME_MOST = 64;
const CERTIFICATES_MOST = 8;
const MAX_PLAINTEXT = [16384, 8388608];
const WINDOW_LEAST = 16384;
const CHUNK_MOST = 65536;
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u;

/** What the bytes of a peer do that the layouts do not allow. */
export class Malformed extends Error {}

/** Ends the connection with this code; `how` is REJECT, ALERT or nothing at all. */
export class Failure extends Error {
  constructor(code, how, message) {
    super(message);
    this.code = code;
    this.how = how;
  }
}

export const u16 = (n) => Buffer.of(n >> 8, n & 0xff);
const u32 = (n) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n);
  return bytes;
};
const u64 = (n) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(n));
  return bytes;
};

export const frameHeader = (type, length) => Buffer.of(type, length >> 16, (length >> 8) & 0xff, length & 0xff);
export const frame = (type, body) => Buffer.concat([frameHeader(type, body.length), body]);

/** Reads fields from the front; past the end it throws. */
export class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  take(n) {
    if (n > this.bytes.length - this.at) throw new Malformed('a field past the end');
    this.at += n;
    return this.bytes.subarray(this.at - n, this.at);
  }
  u8() {
    return this.take(1)[0];
  }
  u16() {
    return this.take(2).readUInt16BE();
  }
  u32() {
    return this.take(4).readUInt32BE();
  }
  u64() {
    return this.take(8).readBigUInt64BE();
  }
  rest() {
    return this.take(this.bytes.length - this.at);
  }
  left() {
    return this.bytes.length - this.at;
  }
  end() {
    if (this.left() > 0) throw new Malformed('bytes left over');
  }
}

export function utf8(bytes, what) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Malformed(`${what} is not UTF-8`);
  }
}

function printable(bytes, what) {
  const text = utf8(bytes, what);
  if (FORBIDDEN.test(text)) throw new Malformed(`${what} has a control or format character`);
  return text;
}

/** A reason is a claim of the peer: whatever cannot be printed is replaced. */
export const shownReason = (bytes) =>
  Buffer.from(bytes)
    .toString('utf8')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu, '\ufffd');

// Identity

export function encodeIdentity({ spki, name = '', address = '', certificates = [] }) {
  const nameBytes = Buffer.from(name, 'utf8');
  const addressBytes = Buffer.from(address, 'utf8');
  const encode = (chain) => {
    const parts = [u16(spki.length), spki, Buffer.of(nameBytes.length), nameBytes];
    parts.push(Buffer.of(addressBytes.length), addressBytes, Buffer.of(chain.length));
    for (const certificate of chain) parts.push(u16(certificate.length), certificate);
    const used = Buffer.concat(parts);
    const padding = (IDENTITY_BLOCK - ((used.length + 2) % IDENTITY_BLOCK)) % IDENTITY_BLOCK;
    return Buffer.concat([used, u16(padding), Buffer.alloc(padding)]);
  };
  const whole = encode(certificates);
  return whole.length <= IDENTITY_MOST ? whole : encode([]);
}

export function decodeIdentity(bytes) {
  if (bytes.length === 0 || bytes.length % IDENTITY_BLOCK !== 0 || bytes.length > IDENTITY_MOST) {
    throw new Malformed(`an identity of ${bytes.length} bytes`);
  }
  const reader = new Reader(bytes);
  const spki = reader.take(reader.u16());
  const nameBytes = reader.take(reader.u8());
  if (nameBytes.length > NAME_MOST) throw new Malformed('a display name of more than 64 bytes');
  const name = printable(nameBytes, 'the display name');
  const address = listenAddress(reader.take(reader.u8()));
  const count = reader.u8();
  if (count > CERTIFICATES_MOST) throw new Malformed('more than 8 certificates');
  const certificates = [];
  for (let i = 0; i < count; i++) certificates.push(Buffer.from(reader.take(reader.u16())));
  if (reader.take(reader.u16()).some((byte) => byte !== 0)) throw new Malformed('padding that is not zero');
  reader.end();
  let key;
  try {
    key = parseSpki(spki);
  } catch (e) {
    throw new Malformed(`the public key: ${e.message}`);
  }
  return { ...key, name, address, certificates };
}

function listenAddress(bytes) {
  const text = printable(bytes, 'the advertised address');
  if (text === '') return text;
  const match = /^(?:\[[0-9A-Fa-f:.]+\]|[^\s:\[\]]+):([0-9]{1,5})$/u.exec(text);
  if (!match || Number(match[1]) < 1 || Number(match[1]) > 65535) throw new Malformed('the address is not host:port');
  return text;
}

export const encodeParams = (maxPlaintext) => u32(maxPlaintext);

export function decodeParams(bytes) {
  const reader = new Reader(bytes);
  const maxPlaintext = reader.u32();
  reader.end();
  if (maxPlaintext < MAX_PLAINTEXT[0] || maxPlaintext > MAX_PLAINTEXT[1])
    throw new Malformed('max_plaintext out of range');
  return maxPlaintext;
}

// Record contents: one encode and one decode for each kind. Decoding throws Malformed; an unknown kind is undefined.

export const encode = {
  [KIND.READY]: (c) => encodeParams(c.maxPlaintext),
  [KIND.MESSAGE]: (c) => {
    const group = Buffer.from(c.group ?? '', 'utf8');
    const mediaType = Buffer.from(c.mediaType ?? '', 'latin1');
    const head = [c.id, u64(c.sentAt), Buffer.of(c.scope ?? 0), Buffer.of(group.length), group];
    return Buffer.concat([...head, Buffer.of(mediaType.length), mediaType, c.payload]);
  },
  [KIND.ACK]: (c) => Buffer.concat(c.acks.flatMap((ack) => [ack.id, Buffer.of(ack.status)])),
  [KIND.PING]: (c) => c.data,
  [KIND.PONG]: (c) => c.data,
  [KIND.RATCHET]: (c) => Buffer.concat([u32(c.epoch), c.e]),
  [KIND.RATCHET_REPLY]: (c) => Buffer.concat([u32(c.epoch), c.ct]),
  [KIND.RATCHET_DONE]: (c) => u32(c.epoch),
  [KIND.CLOSE]: (c) => Buffer.concat([Buffer.of(c.code), Buffer.from(c.reason ?? '', 'utf8')]),
  [KIND.FILE_OFFER]: (c) => {
    const name = Buffer.from(c.name, 'utf8');
    const mediaType = Buffer.from(c.mediaType, 'latin1');
    const head = [c.transfer, u64(c.size), c.sha256, Buffer.of(name.length), name];
    return Buffer.concat([...head, Buffer.of(mediaType.length), mediaType]);
  },
  [KIND.FILE_ACCEPT]: (c) => Buffer.concat([c.transfer, u64(c.offset), u32(c.window)]),
  [KIND.FILE_CHUNK]: (c) => Buffer.concat([c.transfer, u64(c.offset), c.data]),
  [KIND.FILE_PROGRESS]: (c) => Buffer.concat([c.transfer, u64(c.received)]),
  [KIND.FILE_END]: (c) => Buffer.concat([c.transfer, Buffer.of(c.status)]),
};

export const decode = {
  [KIND.READY]: (r) => ({ maxPlaintext: decodeParams(r.rest()) }),
  [KIND.MESSAGE]: (r) => {
    const id = messageId(r);
    const sentAt = r.u64();
    const scope = atMost(r.u8(), 2, 'scope');
    const group = printable(r.take(r.u8()), 'the group name');
    if ((group !== '') !== (scope === 2)) throw new Malformed('group name and scope do not agree');
    return { id, sentAt, scope, group, mediaType: mediaType(r), payload: r.rest() };
  },
  [KIND.ACK]: (r) => {
    const acks = [];
    do acks.push({ id: r.take(16), status: atMost(r.take(1)[0], 3, 'ack status') });
    while (r.left() > 0);
    return { acks };
  },
  [KIND.PING]: (r) => ({ data: r.take(8) }),
  [KIND.PONG]: (r) => ({ data: r.take(8) }),
  [KIND.RATCHET]: (r) => ({ epoch: r.u32(), e: r.take(XWING_KEY) }),
  [KIND.RATCHET_REPLY]: (r) => ({ epoch: r.u32(), ct: r.take(XWING_CIPHERTEXT) }),
  [KIND.RATCHET_DONE]: (r) => ({ epoch: r.u32() }),
  [KIND.CLOSE]: (r) => ({ code: r.u8(), reason: reasonOf(r) }),
  [KIND.FILE_OFFER]: (r) => {
    const head = { transfer: r.take(16), size: r.u64(), sha256: r.take(32) };
    const name = printable(r.take(r.u8()), 'the file name');
    if (name === '') throw new Malformed('a file without a name');
    return { ...head, name, mediaType: mediaType(r) };
  },
  [KIND.FILE_ACCEPT]: (r) => {
    const accept = { transfer: r.take(16), offset: r.u64(), window: r.u32() };
    if (accept.window < WINDOW_LEAST) throw new Malformed('a window below 16,384');
    return accept;
  },
  [KIND.FILE_CHUNK]: (r) => {
    const chunk = { transfer: r.take(16), offset: r.u64(), data: r.rest() };
    if (chunk.data.length > CHUNK_MOST) throw new Malformed('a chunk of more than 65,536 bytes');
    return chunk;
  },
  [KIND.FILE_PROGRESS]: (r) => ({ transfer: r.take(16), received: r.u64() }),
  [KIND.FILE_END]: (r) => ({ transfer: r.take(16), status: atMost(r.u8(), 5, 'file status') }),
};

export function decodeContent(kind, content) {
  const layout = decode[kind];
  if (!layout) return undefined;
  const reader = new Reader(content);
  const decoded = layout(reader);
  reader.end();
  return decoded;
}

function messageId(reader) {
  const id = reader.take(16);
  if (id[6] >> 4 !== 7 || id[8] >> 6 !== 2) throw new Malformed('the id is not a UUIDv7');
  return id;
}

function mediaType(reader) {
  const text = reader.take(reader.u8()).toString('latin1');
  if (!/^[\x20-\x7e]*$/.test(text)) throw new Malformed('the media type is not printable ASCII');
  return text;
}

function reasonOf(reader) {
  if (reader.left() > 255) throw new Malformed('a reason of more than 255 bytes');
  return shownReason(reader.rest());
}

function atMost(value, most, what) {
  if (value > most) throw new Malformed(`${what} ${value}`);
  return value;
}

/** RFC 9562 section 5.7, with time in ms since 1970. */
export function uuidv7(now, random) {
  const id = Buffer.alloc(16);
  id.writeUIntBE(now, 0, 6);
  random.bytes(10, 'message id').copy(id, 6);
  id[6] = (id[6] & 0x0f) | 0x70;
  id[8] = (id[8] & 0x3f) | 0x80;
  return id;
}

export const uuidText = (id) => id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** True if a name from a peer could leave its folder or be unusable on some file system. */
export const namesAPath = (name) => /^\.{1,2}$|[/\\:]|[. ]$/.test(name);
