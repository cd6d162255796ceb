// The admin socket of a node: HTTP over a unix domain socket, as a test needs it.
import http from 'node:http';
import readline from 'node:readline';
import { Unmet } from './link.mjs';

const PATIENCE = 20_000;
const STARTING = 30_000;
const VERSION = { 'Parley-Api-Version': '1' };

export class Admin {
  constructor(socketPath) {
    this.socketPath = socketPath;
    this.events = [];
    this.waiters = new Set();
  }

  /** Resolves to {status, body}; the body is parsed JSON, or undefined. */
  request(method, path, body) {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const headers = { ...VERSION, Accept: 'application/json, application/problem+json' };
    if (json) Object.assign(headers, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) });
    return new Promise((done, failed) => {
      const request = http.request({ socketPath: this.socketPath, method, path, headers }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          done({ status: response.statusCode, body: text === '' ? undefined : JSON.parse(text) });
        });
      });
      request.on('error', (e) => failed(new Unmet(`${method} ${path}: ${e.message}`)));
      request.end(json);
    });
  }

  /** The status of the node, once it answers and is ready. */
  async ready() {
    const until = Date.now() + STARTING;
    for (;;) {
      try {
        const status = await this.ok('GET', '/v1/status');
        if (status.ready) return status;
        throw new Unmet('the node is not ready');
      } catch (e) {
        if (!(e instanceof Unmet) || Date.now() > until) throw e;
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  }

  /** {host, port} out of the status. */
  static listens({ listen }) {
    const at = listen.lastIndexOf(':');
    return { host: listen.slice(0, at), port: Number(listen.slice(at + 1)) };
  }

  async ok(method, path, body) {
    const reply = await this.request(method, path, body);
    if (reply.status >= 300) throw new Unmet(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  async problem(method, path, body, ...codes) {
    const reply = await this.request(method, path, body);
    if (reply.status < 400 || !codes.includes(reply.body?.code)) {
      throw new Unmet(
        `${method} ${path}: expected ${codes.join(' or ')}, got ${reply.status} ${JSON.stringify(reply.body)}`,
      );
    }
  }

  /** Follows GET /v1/events; resolves once the subscription is in place. */
  async follow() {
    const options = {
      socketPath: this.socketPath,
      path: '/v1/events',
      headers: { ...VERSION, Accept: 'application/x-ndjson' },
    };
    this.stream = http.get(options, (response) => {
      readline.createInterface({ input: response }).on('line', (line) => {
        this.events.push(JSON.parse(line));
        this.waiters.forEach((check) => check());
      });
    });
    this.stream.on('error', () => {}); // destroyed at the end
    await this.event('heartbeat', () => true);
  }

  event(type, matches) {
    return new Promise((done, failed) => {
      const finish = (settle, value) => {
        clearTimeout(timer);
        this.waiters.delete(check);
        settle(value);
      };
      const check = () => {
        const event = this.events.find((candidate) => candidate.type === type && matches(candidate));
        if (event) finish(done, event);
      };
      const timer = setTimeout(() => {
        const seen = this.events
          .slice(-20)
          .map((event) => event.type)
          .join(', ');
        finish(failed, new Unmet(`waited ${PATIENCE / 1000} s for the event ${type}; saw ${seen}`));
      }, PATIENCE);
      this.waiters.add(check);
      check();
    });
  }

  /** Asks again and again until the answer suits. */
  async eventually(path, suits, what) {
    const until = Date.now() + PATIENCE;
    for (;;) {
      const body = await this.ok('GET', path);
      if (suits(body)) return body;
      if (Date.now() > until) throw new Unmet(`waited ${PATIENCE / 1000} s for ${what}: ${JSON.stringify(body)}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  close() {
    this.stream?.destroy();
  }
}
