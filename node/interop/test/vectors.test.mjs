import { existsSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { cases } from '../vectors.mjs';

const shared = fileURLToPath(new URL('../../protocol/src/test/resources/vectors.json', import.meta.url));
const path = process.env.PSP1_VECTORS ?? shared;

if (existsSync(path)) for (const [what, run] of cases(path)) test(what, run);
else
  test('vectors', () => {
    throw new Error(`no vectors at ${path}: set PSP1_VECTORS to the path of vectors.json`);
  });
