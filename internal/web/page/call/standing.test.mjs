// Which answers of the hall say that a call is no more.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { standing } from './standing.ts';

const asked = (answer) => {
  globalThis.fetch = answer;
  return standing('/calls/a-call/state');
};
const says = (status, data) => asked(async () => new Response(JSON.stringify(data), { status }));

test('it stands as the hall says', async () => {
  assert.deepEqual(await says(200, { state: 'ringing' }), { state: 'ringing' });
});

test('what is not there, or not for who asks, is no more', async () => {
  for (const status of [401, 403, 404, 410]) assert.equal(await says(status, { message: 'This call is over.' }), null);
});

test('too much asked, trouble of the hall and a line that is away say nothing', async () => {
  for (const status of [409, 429, 500, 502, 503]) await assert.rejects(says(status, { message: 'Wait a minute.' }), new Error(String(status)));
  await assert.rejects(says(404, {}));
  await assert.rejects(asked(async () => new Response('<h1>no</h1>', { status: 404 })));
  await assert.rejects(asked(() => Promise.reject(new TypeError('fetch'))));
});
