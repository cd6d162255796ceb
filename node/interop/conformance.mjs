#!/usr/bin/env node
// Dials a node again and again, each time with one thing that is unusual but allowed, or not allowed, and checks the
// answer against the text of the protocol.
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Admin } from './admin.mjs';
import { generateIdentityKey, identityKey } from './crypto.mjs';
import { CASES } from './conformance-cases.mjs';
import { Link, Unmet } from './link.mjs';

const USAGE = `usage: node conformance.mjs HOST PORT [options]
       node conformance.mjs --admin SOCKET [options]

  --admin SOCKET the node is the one with this admin socket; it may still be starting
  --key FILE     identity key (PKCS#8 PEM) that the node trusts; otherwise a key for this run only, which suits a
                 node that trusts whoever comes first
  --suite 1|2    this suite only; otherwise both
  --only TEXT    only cases with this in their name
  --one-address  all from the machine's usual address; otherwise from many addresses of 127.0.0.0/8 in turn, so that
                 the node's quotas of one address do not slow the run
  --json         one JSON object a line

Exit code: 0 all as the text says; 1 something was not; 2 wrong usage.`;

const BUSY = 7;
const BUSY_TRIES = 40;
const BUSY_PAUSE = 250;

class Run {
  constructor(target, key, spread) {
    Object.assign(this, { target, key, spread, address: 0 });
  }

  /** One case in one suite; waits and tries again while the node says that it is busy. */
  async play(one, suite) {
    for (let attempt = 1; ; attempt++) {
      const dials = [];
      const t = {
        suite,
        dial: async (options = {}) => {
          const dial = await Link.dial({ ...this.target, localAddress: this.nextAddress() }, suite, this.key, options);
          dials.push(dial);
          return dial;
        },
      };
      t.up = async (options) => (await t.dial(options)).up();
      try {
        await one.run(t);
        return undefined;
      } catch (e) {
        if (!(e instanceof Unmet)) throw e;
        const busy = dials.some((dial) => dial.saw('rejected', { code: BUSY }));
        if (!busy || attempt === BUSY_TRIES) return e.message;
        await new Promise((done) => setTimeout(done, BUSY_PAUSE));
      } finally {
        dials.forEach((dial) => dial.socket.destroy());
      }
    }
  }

  nextAddress() {
    this.address = (this.address + 1) % 100;
    return this.spread ? `127.0.1.${1 + this.address}` : undefined;
  }
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      admin: { type: 'string' },
      key: { type: 'string' },
      suite: { type: 'string' },
      only: { type: 'string', default: '' },
      'one-address': { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(USAGE);
  const target = await targetOf(values.admin, positionals);
  if (values.suite && !['1', '2'].includes(values.suite)) throw new Error(`--suite ${values.suite}: 1 or 2`);
  const key = values.key ? identityKey(createPrivateKey(readFileSync(values.key, 'utf8'))) : generateIdentityKey(2048);
  const run = new Run(target, key, target.host.startsWith('127.') && !values['one-address']);
  const wanted = CASES.filter((one) => one.name.includes(values.only));
  let failed = 0;
  let played = 0;
  for (const suite of values.suite ? [Number(values.suite)] : [2, 1]) {
    for (const one of wanted) {
      if (one.suite !== undefined && one.suite !== suite) continue;
      const wrong = await run.play(one, suite);
      played++;
      if (wrong !== undefined) failed++;
      if (values.json) console.log(JSON.stringify({ suite, name: one.name, ok: wrong === undefined, wrong }));
      else
        console.log(
          `${wrong === undefined ? 'ok    ' : 'WRONG '} suite ${suite}  ${one.name}${wrong ? `: ${wrong}` : ''}`,
        );
    }
  }
  console.error(`${played - failed} as the text says, ${failed} not`);
  return process.exit(failed > 0 || played === 0 ? 1 : 0);
}

async function targetOf(socket, positionals) {
  if (socket && positionals.length === 0) return Admin.listens(await new Admin(socket).ready());
  const [host, port] = positionals;
  if (socket || positionals.length !== 2 || !/^\d{1,5}$/.test(port)) throw new Error('a host and a port are needed');
  return { host, port: Number(port) };
}

main().catch((e) => {
  console.error(`conformance: ${e.message}\n\n${USAGE}`);
  process.exit(2);
});
