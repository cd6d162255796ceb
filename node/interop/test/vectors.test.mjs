import { existsSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { cases } from '../vectors.mjs';

const resources = fileURLToPath(new URL('../../protocol/src/test/resources/', import.meta.url));
const path = process.env.PSP1_VECTORS ?? resources + inResources();

if (existsSync(path)) for (const [what, run] of cases(path)) test(what, run);
else {
  test('vectors', () => {
    throw new Error(`no vectors at ${path}: set PSP1_VECTORS to the path of vectors.json`);
  });
}

function inResources() {
  const files = existsSync(resources) ? readdirSync(resources, { recursive: true }) : [];
  return files.find((file) => file.endsWith('vectors.json')) ?? 'vectors.json';
}
