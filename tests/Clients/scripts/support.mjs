// What the scripts share: where they call, what they ask the provider to do, and what it saw.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

const required = (name) => process.env[name] ?? assert.fail(`${name} is not set`);

/** The address that a user would put into `baseURL`, with /v1. */
export const baseURL = required('BASE_URL');
export const apiKey = required('API_KEY');

/** A key that may use gpt-4o only. */
export const limitedKey = required('LIMITED_KEY');

/** Whether the platform stands between the client and the provider. */
export const throughPlatform = required('THROUGH') === 'platform';

const provider = required('PROVIDER_URL');

export const models = {
  chat: 'gpt-4o-mini',
  completions: 'gpt-4o-mini',
  embeddings: 'text-embedding-3-small',
  images: 'dall-e-3',
  messages: required('MESSAGES_MODEL'),
};

/** A name that no other exchange has. */
export const newId = () => randomUUID();

/** Words that tell the provider what to do, to be put anywhere into a prompt: directive({ status: 429, times: 2 }). */
export const directive = (words) =>
  `((upstream ${Object.entries(words).map(([name, value]) => `${name}=${value}`).join(' ')}))`;

/** The exchanges with an id, as the provider saw them. */
export async function exchanges(id) {
  const response = await fetch(new URL(`control/exchanges?id=${id}`, provider));
  return response.json();
}

/** Waits until a condition holds; fails after the given time. */
export async function eventually(condition, what, milliseconds = 5000) {
  const deadline = performance.now() + milliseconds;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, `${what} did not happen within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A fetch that notes each request, so that a client's own retries can be counted. */
export function countingFetch() {
  const counting = async (...args) => {
    counting.requests += 1;
    const response = await fetch(...args);
    counting.statuses.push(response.status);
    return response;
  };
  counting.requests = 0;
  counting.statuses = [];
  return counting;
}

/** Asserts that an error is of the class and shape that its client documents. */
export async function rejectsWith(promise, type, expected) {
  const error = await promise.then(() => assert.fail(`expected ${type.name}, but the call succeeded`), (thrown) => thrown);
  assert.ok(error instanceof type, `expected ${type.name}, got ${error?.constructor?.name}: ${error?.message}`);
  for (const [name, value] of Object.entries(expected)) {
    assert.deepEqual(error[name], value, `${name} of ${type.name}: ${error.message}`);
  }
  return error;
}
