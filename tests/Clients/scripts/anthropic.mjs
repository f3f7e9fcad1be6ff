// npm @anthropic-ai/sdk: messages, over Anthropic itself and over a provider that speaks OpenAI's format.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { apiKey, baseURL, countingFetch, directive, eventually, exchanges, models, newId, rejectsWith, throughPlatform } from './support.mjs';

// This client adds /v1 itself.
const address = baseURL.replace(/\/v1$/, '');
const client = new Anthropic({ apiKey, baseURL: address });
const impatient = new Anthropic({ apiKey, baseURL: address, maxRetries: 0 });
const say = (content) => [{ role: 'user', content }];
const weather = {
  name: 'get_weather',
  description: 'The weather in a city',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

for (const model of throughPlatform ? [models.messages, models.chat] : [models.messages]) {
  const over = `over ${model}: `;

  test(`${over}a message is answered`, async () => {
    const message = await client.messages.create({
      model, max_tokens: 100, system: 'Be brief.', messages: say(`Good morning ${directive({ prompt: 20 })}`),
    });
    assert.equal(message.type, 'message');
    assert.equal(message.role, 'assistant');
    assert.deepEqual(message.content.map(({ type, text }) => ({ type, text })), [{ type: 'text', text: 'You said: Good morning' }]);
    assert.equal(message.stop_reason, 'end_turn');
    assert.equal(message.usage.input_tokens, 20);
    assert.equal(message.usage.output_tokens, 4);
  });

  test(`${over}a message is streamed`, async () => {
    const stream = client.messages.stream({ model, max_tokens: 100, messages: say(`Count ${directive({ answer: 30, prompt: 15 })}`) });
    const seen = [];
    for await (const event of stream) seen.push(event);
    assert.equal(seen[0].type, 'message_start');
    assert.equal(seen.at(-1).type, 'message_stop');
    assert.equal(seen.filter((event) => event.type === 'content_block_delta').length, 30);
    const message = await stream.finalMessage();
    assert.equal(message.content[0].text.split(' ').length, 30);
    assert.equal(message.stop_reason, 'end_turn');
    assert.equal(message.usage.output_tokens, 30);
  });

  test(`${over}a tool is called and its answer used`, async () => {
    const messages = say('What is the weather in Pretoria?');
    const first = await client.messages.create({ model, max_tokens: 100, messages, tools: [weather] });
    assert.equal(first.stop_reason, 'tool_use');
    const call = first.content.find((block) => block.type === 'tool_use');
    assert.equal(call.name, 'get_weather');
    assert.deepEqual(call.input, { city: 'Pretoria' });

    messages.push(
      { role: 'assistant', content: first.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: '24 degrees' }] });
    const second = await client.messages.create({ model, max_tokens: 100, messages, tools: [weather] });
    assert.equal(second.content[0].text, 'The answer is 24 degrees');
  });

  test(`${over}a tool call is streamed`, async () => {
    const stream = client.messages.stream({ model, max_tokens: 100, messages: say('What is the weather in Durban?'), tools: [weather] });
    const message = await stream.finalMessage();
    assert.equal(message.stop_reason, 'tool_use');
    assert.deepEqual(message.content.find((block) => block.type === 'tool_use').input, { city: 'Durban' });
  });

  test(`${over}max_tokens ends an answer`, async () => {
    const message = await client.messages.create({ model, max_tokens: 3, messages: say(`Talk ${directive({ answer: 10 })}`) });
    assert.equal(message.stop_reason, 'max_tokens');
    assert.equal(message.usage.output_tokens, 3);
  });

  test(`${over}a client that leaves a stream ends it at the provider`, async () => {
    const id = newId();
    const stream = client.messages.stream({ model, max_tokens: 4000, messages: say(`Forever ${directive({ id, fault: 'endless' })}`) });
    let pieces = 0;
    for await (const event of stream) {
      if (event.type === 'content_block_delta' && ++pieces === 10) break;
    }
    await eventually(async () => (await exchanges(id))[0].outcome === 'ClientLeft', 'the end at the provider', 1000);
  });

  test(`${over}a stream that the provider cuts is an error after its pieces, not silence`, async () => {
    const stream = await impatient.messages.create({
      model, max_tokens: 100, messages: say(`Break ${directive({ fault: 'cut', answer: 9, after: 4 })}`), stream: true,
    });
    let pieces = 0;
    await assert.rejects(async () => {
      for await (const event of stream) pieces += event.type === 'content_block_delta' ? 1 : 0;
    });
    assert.equal(pieces, 4);
  });

  test(`${over}the provider’s limit is a RateLimitError, retried by the client first`, async () => {
    const fetch = countingFetch();
    const retrying = new Anthropic({ apiKey, baseURL: address, fetch, maxRetries: 2 });
    const error = await rejectsWith(
      retrying.messages.create({ model, max_tokens: 10, messages: say(`Hello ${directive({ status: 429, 'retry-after': 1 })}`) }),
      Anthropic.RateLimitError, { status: 429 });
    assert.equal(error.error.type, 'error');
    assert.equal(error.error.error.type, 'rate_limit_error');
    assert.equal(fetch.requests, 3);
  });

  test(`${over}trouble that passes is not seen by the caller`, async () => {
    const words = directive({ status: 500, times: 2, id: newId() });
    const message = await client.messages.create({ model, max_tokens: 50, messages: say(`Patience ${words}`) });
    assert.equal(message.content[0].text, 'You said: Patience');
  });

  test(`${over}what the provider finds wrong is a BadRequestError`, async () => {
    const error = await rejectsWith(
      impatient.messages.create({ model, max_tokens: 10, messages: say('Hello'), temperature: 3 }), Anthropic.BadRequestError, { status: 400 });
    assert.equal(error.error.error.type, 'invalid_request_error');
  });
}

test('a missing field is a BadRequestError that names it', async () => {
  const error = await rejectsWith(
    impatient.messages.create({ model: models.messages, messages: say('Hello') }), Anthropic.BadRequestError, { status: 400 });
  assert.match(error.message, /max_tokens/);
});

test('a wrong key is an AuthenticationError', async () => {
  const stranger = new Anthropic({ apiKey: 'sk-ant-unknown', baseURL: address, maxRetries: 0 });
  const error = await rejectsWith(
    stranger.messages.create({ model: models.messages, max_tokens: 10, messages: say('Hello') }), Anthropic.AuthenticationError, { status: 401 });
  assert.equal(error.error.error.type, 'authentication_error');
});

test('an unknown model is a NotFoundError', async () => {
  const error = await rejectsWith(
    impatient.messages.create({ model: 'no-such-model', max_tokens: 10, messages: say('Hello') }), Anthropic.NotFoundError, { status: 404 });
  assert.equal(error.error.error.type, 'not_found_error');
});
