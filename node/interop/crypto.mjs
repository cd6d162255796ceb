// PSP/1 sections 2 and 4: the primitives, bound to their libraries. Nothing here is a primitive of our own.
import * as nodeCrypto from 'node:crypto';
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { expand as hkdfExpand, extract as hkdfExtract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';

export const XWING_KEY = 1216;
export const XWING_CIPHERTEXT = 1120;
const XWING_SEED = 32;
const XWING_ENCAPSULATION_SEED = 64;
const WRAPPED_SECRET = 32;
const PEER_ID_TEXT = /^[a-z2-7]{51}[aq]$/; // 52 characters; 4 unused bits are zero, so the last one is a or q
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

export const SUITES = {
  1: { id: 1, name: 'A256CBC-HS512', keyBytes: 64, overhead: (p) => 48 + 16 * (Math.floor(p / 16) + 1) - p },
  2: { id: 2, name: 'A256GCM', keyBytes: 32, overhead: () => 16 },
};

/** The random values of a peer, drawn in the order of their use; tests put their own in its place. */
export const systemRandom = {
  bytes: (length) => nodeCrypto.randomBytes(length),
  wrap: (key, secret) =>
    nodeCrypto.publicEncrypt({ key, padding: nodeCrypto.constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, secret),
};

export const H = (bytes) => Buffer.from(sha256(bytes));
export const extract = (salt, ikm) => Buffer.from(hkdfExtract(sha256, ikm, salt));
export const expand = (prk, info, length) => Buffer.from(hkdfExpand(sha256, prk, info, length));
export const label = (text, suite) =>
  suite === undefined ? Buffer.from(text, 'ascii') : Buffer.concat([Buffer.from(text, 'ascii'), Buffer.of(suite)]);
export const trafficKey = (secret, suite) => expand(secret, label('psp1 key', suite), SUITES[suite].keyBytes);
export const equal = (a, b) => a.length === b.length && nodeCrypto.timingSafeEqual(a, b);

// X-Wing. Every failure of the library, a low-order X25519 point and a bad ML-KEM modulus among them, is a throw.

export function xwingKeyPair(random) {
  const seed = random.bytes(XWING_SEED, 'xwing seed');
  return { secretKey: seed, publicKey: Buffer.from(ml_kem768_x25519.keygen(seed).publicKey) };
}

export function encapsulate(publicKey, random) {
  const seed = random.bytes(XWING_ENCAPSULATION_SEED, 'xwing eseed');
  const { cipherText, sharedSecret } = ml_kem768_x25519.encapsulate(publicKey, seed);
  return { ct: Buffer.from(cipherText), ss: Buffer.from(sharedSecret) };
}

export const decapsulate = (ct, secretKey) => Buffer.from(ml_kem768_x25519.decapsulate(ct, secretKey));

// RSA

/** The identity key of a peer: RSA of 2,048 to 4,096 bits, e = 65537, with its PeerId. */
export function identityKey(privateKey) {
  const spki = Buffer.from(nodeCrypto.createPublicKey(privateKey).export({ type: 'spki', format: 'der' }));
  return { privateKey, ...parseSpki(spki) };
}

export const generateIdentityKey = (bits = 3072) =>
  identityKey(nodeCrypto.generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: 65537 }).privateKey);

/** Takes exactly the one DER encoding of a permitted key; throws otherwise. */
export function parseSpki(spki) {
  const publicKey = nodeCrypto.createPublicKey({ key: spki, format: 'der', type: 'spki' });
  if (publicKey.asymmetricKeyType !== 'rsa') throw new Error('not an RSA key');
  const jwk = publicKey.export({ format: 'jwk' });
  const modulusBytes = Buffer.from(jwk.n, 'base64url');
  const modulus = BigInt('0x' + modulusBytes.toString('hex'));
  const bits = modulus.toString(2).length;
  if (BigInt('0x' + Buffer.from(jwk.e, 'base64url').toString('hex')) !== 65537n) throw new Error('e is not 65537');
  if (bits < 2048 || bits > 4096 || modulus % 2n !== 1n) throw new Error(`RSA modulus of ${bits} bits`);
  if (!encodeSpki(modulusBytes).equals(spki)) throw new Error('SubjectPublicKeyInfo is not in its one encoding');
  const peerId = H(spki);
  return { spki: Buffer.from(spki), publicKey, modulus, wrapBytes: modulusBytes.length, peerId };
}

function encodeSpki(modulus) {
  const unsigned = modulus[0] & 0x80 ? Buffer.concat([Buffer.of(0), modulus]) : modulus;
  const rsaKey = der(0x30, der(0x02, unsigned), Buffer.from('0203010001', 'hex'));
  return der(0x30, Buffer.from('300d06092a864886f70d0101010500', 'hex'), der(0x03, Buffer.of(0), rsaKey));
}

function der(tag, ...parts) {
  const body = Buffer.concat(parts);
  const n = body.length;
  const length = n < 0x80 ? [n] : n < 0x100 ? [0x81, n] : [0x82, n >> 8, n & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), body]);
}

export const wrap = (key, secret, random) => random.wrap(key.publicKey, secret);

/**
 * The secret inside a wrap or, if it cannot be had for whatever reason, 32 random bytes: the caller cannot tell and
 * need not (section 4, implicit rejection). The RSA operation runs in every case.
 */
export function unwrap(key, wrapped, random) {
  const substitute = random.bytes(WRAPPED_SECRET, 'implicit rejection');
  const fits = wrapped.length === key.wrapBytes && BigInt('0x0' + wrapped.toString('hex')) < key.modulus;
  const input = fits ? wrapped : Buffer.concat([Buffer.of(0), nodeCrypto.randomBytes(key.wrapBytes - 1)]);
  let secret = substitute;
  try {
    const result = nodeCrypto.privateDecrypt(
      { key: key.privateKey, padding: nodeCrypto.constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      input,
    );
    if (fits && result.length === WRAPPED_SECRET) secret = result;
  } catch {
    // the substitute stays
  }
  return secret;
}

export function peerIdText(peerId) {
  let bits = 0n;
  for (const byte of peerId) bits = (bits << 8n) | BigInt(byte);
  bits <<= 4n;
  let text = '';
  for (let shift = 255n; shift >= 0n; shift -= 5n) text += BASE32[Number((bits >> shift) & 31n)];
  return text;
}

export function parsePeerId(text) {
  if (!PEER_ID_TEXT.test(text)) throw new Error('a PeerId is 52 characters a-z, 2-7, the last one a or q');
  let bits = 0n;
  for (const character of text) bits = (bits << 5n) | BigInt(BASE32.indexOf(character));
  return Buffer.from((bits >> 4n).toString(16).padStart(64, '0'), 'hex');
}

// Suites

const u64 = (n) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(n));
  return bytes;
};

export function seal(suite, key, n, ad, plaintext, random) {
  return suite === 1 ? sealCbc(key, n, ad, plaintext, random) : sealGcm(key, n, ad, plaintext);
}

/** Throws, for whatever reason, if it does not open. */
export function open(suite, key, n, ad, sealed) {
  return suite === 1 ? openCbc(key, n, ad, sealed) : openGcm(key, n, ad, sealed);
}

function sealCbc(key, n, ad, plaintext, random) {
  const iv = random.bytes(16, 'cbc iv');
  const cipher = nodeCrypto.createCipheriv('aes-256-cbc', key.subarray(32), iv);
  const body = Buffer.concat([iv, cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([body, cbcTag(key.subarray(0, 32), Buffer.concat([ad, u64(n)]), body)]);
}

function openCbc(key, n, ad, sealed) {
  if (sealed.length < 64 || sealed.length % 16 !== 0) throw new Error('does not open');
  const body = sealed.subarray(0, sealed.length - 32);
  const tag = cbcTag(key.subarray(0, 32), Buffer.concat([ad, u64(n)]), body);
  if (!equal(tag, sealed.subarray(sealed.length - 32))) throw new Error('does not open');
  const decipher = nodeCrypto.createDecipheriv('aes-256-cbc', key.subarray(32), body.subarray(0, 16));
  return Buffer.concat([decipher.update(body.subarray(16)), decipher.final()]);
}

/** RFC 7518 section 5.2.2.1: AL is the length of the AAD in bits. Exported for the vector of its appendix B.3. */
export function cbcTag(macKey, aad, ivAndCiphertext) {
  const mac = nodeCrypto.createHmac('sha512', macKey);
  return mac
    .update(aad)
    .update(ivAndCiphertext)
    .update(u64(aad.length * 8))
    .digest()
    .subarray(0, 32);
}

const gcmNonce = (n) => Buffer.concat([Buffer.alloc(4), u64(n)]);

function sealGcm(key, n, ad, plaintext) {
  const cipher = nodeCrypto.createCipheriv('aes-256-gcm', key, gcmNonce(n), { authTagLength: 16 });
  cipher.setAAD(ad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function openGcm(key, n, ad, sealed) {
  if (sealed.length < 16) throw new Error('does not open');
  const decipher = nodeCrypto.createDecipheriv('aes-256-gcm', key, gcmNonce(n), { authTagLength: 16 });
  decipher.setAAD(ad);
  decipher.setAuthTag(sealed.subarray(sealed.length - 16));
  return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - 16)), decipher.final()]);
}
