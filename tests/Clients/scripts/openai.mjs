// npm openai: what its documentation shows, against the platform.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { apiKey, baseURL, countingFetch, directive, eventually, exchanges, limitedKey, models, newId, rejectsWith, throughPlatform } from './support.mjs';

const client = new OpenAI({ apiKey, baseURL });
const impatient = new OpenAI({ apiKey, baseURL, maxRetries: 0 });
const model = models.chat;
const say = (content) => [{ role: 'user', content }];
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather in a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
  },
};

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const textOf = (chunks) => chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join('');

test('a chat completion is answered', async () => {
  const answer = await client.chat.completions.create({ model, messages: say(`Good morning ${directive({ prompt: 20, cached: 5 })}`) });
  assert.equal(answer.object, 'chat.completion');
  assert.equal(answer.choices[0].message.content, 'You said: Good morning');
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.equal(answer.usage.prompt_tokens, 20);
  assert.equal(answer.usage.completion_tokens, 4);
  assert.equal(answer.usage.prompt_tokens_details.cached_tokens, 5);
});

test('fields that only the provider knows reach it and come back', async () => {
  const id = newId();
  const answer = await client.chat.completions.create({
    model,
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: `Look ${directive({ id })}` },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' } },
        ],
      },
    ],
    response_format: { type: 'text' },
    logprobs: true,
    top_logprobs: 2,
    reasoning_effort: 'low',
    metadata: { trace: 'abc' },
    seed: 7,
    a_field_of_tomorrow: { deep: [1, 2.5, null, 'x'] },
  });
  assert.equal(answer.system_fingerprint, 'fp_0123456789');
  assert.equal(answer.service_tier, 'default');
  const [{ body }] = await exchanges(id);
  assert.deepEqual(body.a_field_of_tomorrow, { deep: [1, 2.5, null, 'x'] });
  assert.deepEqual(body.metadata, { trace: 'abc' });
  assert.deepEqual([body.logprobs, body.top_logprobs, body.reasoning_effort, body.seed], [true, 2, 'low', 7]);
  assert.equal(body.messages[1].content[1].image_url.detail, 'low');
});

test('the caller’s key does not reach the provider', { skip: !throughPlatform }, async () => {
  const id = newId();
  await client.chat.completions.create({ model, messages: say(`Hello ${directive({ id })}`) });
  const [seen] = await exchanges(id);
  assert.ok(!JSON.stringify(seen).includes(apiKey));
});

test('an answer says what it cost', { skip: !throughPlatform }, async () => {
  const { response } = await client.chat.completions.create({ model, messages: say('Hello') }).withResponse();
  for (const name of ['x-aiplatform-cost', 'x-aiplatform-balance', 'x-aiplatform-provider', 'x-aiplatform-model', 'x-aiplatform-request-id']) {
    assert.ok(response.headers.get(name), `${name} is missing`);
  }
  assert.equal(response.headers.get('x-aiplatform-provider'), 'OpenAI');
  assert.equal(response.headers.get('x-aiplatform-model'), model);
});

test('a stream is relayed piece by piece, with usage where it is asked for', async () => {
  const chunks = await read(await client.chat.completions.create({
    model,
    messages: say(`Count ${directive({ answer: 50, prompt: 30 })}`),
    stream: true,
    stream_options: { include_usage: true },
  }));
  assert.equal(textOf(chunks).split(' ').length, 50);
  assert.ok(chunks.every((chunk) => chunk.object === 'chat.completion.chunk'));
  assert.equal(chunks.filter((chunk) => chunk.choices[0]?.delta?.content).length, 50);
  assert.equal(chunks.find((chunk) => chunk.choices[0]?.finish_reason).choices[0].finish_reason, 'stop');
  const last = chunks.at(-1);
  assert.deepEqual(last.choices, []);
  assert.equal(last.usage.prompt_tokens, 30);
  assert.equal(last.usage.completion_tokens, 50);
});

test('a stream has no usage where nobody asked for it', async () => {
  const chunks = await read(await client.chat.completions.create({ model, messages: say('Hello there'), stream: true }));
  assert.equal(textOf(chunks), 'You said: Hello there');
  assert.ok(chunks.every((chunk) => !chunk.usage && chunk.choices.length === 1), 'a chunk tells usage');
});

test('the first piece of a slow stream is there before the last is written', async () => {
  const id = newId();
  const stream = await client.chat.completions.create({
    model, messages: say(`Slowly ${directive({ id, answer: 5, delay: 200 })}`), stream: true,
  });
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta?.content) break;
  }
  const [seen] = await exchanges(id);
  assert.ok(seen.pieces < 5, `the provider had written ${seen.pieces} of 5 pieces`);
});

test('a client that leaves a stream ends it at the provider', async () => {
  const id = newId();
  const stream = await client.chat.completions.create({
    model, messages: say(`Forever ${directive({ id, fault: 'endless' })}`), stream: true,
  });
  let pieces = 0;
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta?.content && ++pieces === 10) break;
  }
  await eventually(async () => (await exchanges(id))[0].outcome === 'ClientLeft', 'the end at the provider', 1000);
});

test('a tool is called and its answer used', async () => {
  const messages = say('What is the weather in Pretoria?');
  const first = await client.chat.completions.create({ model, messages, tools: [weather] });
  const { message, finish_reason } = first.choices[0];
  assert.equal(finish_reason, 'tool_calls');
  assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), { city: 'Pretoria' });

  messages.push(message, { role: 'tool', tool_call_id: message.tool_calls[0].id, content: '24 degrees' });
  const second = await client.chat.completions.create({ model, messages, tools: [weather] });
  assert.equal(second.choices[0].message.content, 'The answer is 24 degrees');
});

test('the tool runner runs a tool over a stream', async () => {
  const asked = [];
  const runner = client.chat.completions.runTools({
    model,
    stream: true,
    messages: say('What is the weather in Durban?'),
    tools: [{
      type: 'function',
      function: { ...weather.function, parse: JSON.parse, function: ({ city }) => { asked.push(city); return '28 degrees'; } },
    }],
  });
  assert.equal(await runner.finalContent(), 'The answer is 28 degrees');
  assert.deepEqual(asked, ['Durban']);
});

test('max_tokens ends an answer', async () => {
  const answer = await client.chat.completions.create({ model, max_tokens: 3, messages: say(`Talk ${directive({ answer: 10 })}`) });
  assert.equal(answer.choices[0].finish_reason, 'length');
  assert.equal(answer.usage.completion_tokens, 3);
});

test('a text completion is answered, whole and as a stream', async () => {
  const answer = await client.completions.create({ model: models.completions, prompt: 'Once upon a time' });
  assert.equal(answer.object, 'text_completion');
  assert.equal(answer.choices[0].text, 'You said: Once upon a time');
  assert.equal(answer.usage.completion_tokens, 6);

  const chunks = await read(await client.completions.create({ model: models.completions, prompt: 'Once more', stream: true }));
  assert.equal(chunks.map((chunk) => chunk.choices[0]?.text ?? '').join(''), 'You said: Once more');
});

test('texts are embedded, as numbers and in the client’s own encoding', async () => {
  const input = ['a', 'bcd', 'hello world'];
  const packed = await client.embeddings.create({ model: models.embeddings, input });
  const plain = await client.embeddings.create({ model: models.embeddings, input, encoding_format: 'float' });
  assert.deepEqual(packed.data.map((each) => each.index), [0, 1, 2]);
  assert.equal(packed.data[0].embedding.length, 8);
  assert.deepEqual(packed.data.map((each) => Array.from(each.embedding)), plain.data.map((each) => each.embedding));
  assert.ok(plain.usage.prompt_tokens > 0);
});

test('images are made, as data and as links', async () => {
  const asData = await client.images.generate({ model: models.images, prompt: 'A lighthouse', response_format: 'b64_json' });
  assert.ok(Buffer.from(asData.data[0].b64_json, 'base64').subarray(1, 4).equals(Buffer.from('PNG')));
  assert.equal(asData.data[0].revised_prompt, 'A lighthouse');
  const asLink = await client.images.generate({ model: models.images, prompt: 'A lighthouse', size: '1024x1024' });
  assert.match(asLink.data[0].url, /^http/);
});

test('models are listed and found', async () => {
  const found = [];
  for await (const each of client.models.list()) found.push(each.id);
  assert.ok(found.includes(model), `${model} is not among ${found}`);
  assert.equal(new Set(found).size, found.length);
  const one = await client.models.retrieve(model);
  assert.equal(one.id, model);
  assert.equal(one.object, 'model');
});

test('a response is answered', async () => {
  const response = await client.responses.create({ model, instructions: 'Be brief.', input: 'Good evening' });
  assert.equal(response.status, 'completed');
  assert.equal(response.output_text, 'You said: Good evening');
  assert.equal(response.usage.output_tokens, 4);
});

test('a response is streamed', async () => {
  const stream = client.responses.stream({ model, input: [{ role: 'user', content: `Count ${directive({ answer: 20 })}` }] });
  const seen = [];
  for await (const event of stream) seen.push(event);
  assert.equal(seen[0].type, 'response.created');
  assert.equal(seen.at(-1).type, 'response.completed');
  assert.equal(seen.filter((event) => event.type === 'response.output_text.delta').length, 20);
  assert.deepEqual(seen.map((event) => event.sequence_number), seen.map((_, index) => index));
  const final = await stream.finalResponse();
  assert.equal(final.output_text.split(' ').length, 20);
  assert.equal(final.usage.output_tokens, 20);
});

test('a response calls a tool and uses its answer', async () => {
  const { name, description, parameters } = weather.function;
  const tools = [{ type: 'function', name, description, parameters, strict: true }];
  const input = [{ role: 'user', content: 'What is the weather in Cape Town?' }];
  const first = await client.responses.create({ model, input, tools });
  const call = first.output.find((item) => item.type === 'function_call');
  assert.deepEqual(JSON.parse(call.arguments), { city: 'Town' });

  input.push(...first.output, { type: 'function_call_output', call_id: call.call_id, output: '19 degrees' });
  const second = await client.responses.create({ model, input, tools });
  assert.equal(second.output_text, 'The answer is 19 degrees');
});

test('a wrong key is an AuthenticationError', async () => {
  const stranger = new OpenAI({ apiKey: 'sk-unknown', baseURL, maxRetries: 0 });
  await rejectsWith(
    stranger.chat.completions.create({ model, messages: say('Hello') }), OpenAI.AuthenticationError,
    { status: 401, code: 'invalid_api_key' });
});

test('an unknown model is a NotFoundError', async () => {
  await rejectsWith(
    impatient.chat.completions.create({ model: 'no-such-model', messages: say('Hello') }), OpenAI.NotFoundError,
    { status: 404, code: 'model_not_found' });
  if (throughPlatform) {
    await rejectsWith(client.models.retrieve('no-such-model'), OpenAI.NotFoundError, { status: 404, code: 'model_not_found' });
  }
});

test('what the provider finds wrong is a BadRequestError in its own words', async () => {
  const error = await rejectsWith(
    impatient.chat.completions.create({ model, messages: say('Hello'), temperature: 3 }), OpenAI.BadRequestError,
    { status: 400, type: 'invalid_request_error', param: 'temperature', code: 'decimal_above_max_value' });
  assert.match(error.message, /Expected a value <= 2/);
});

test('a missing field is a BadRequestError that names it', async () => {
  await rejectsWith(impatient.chat.completions.create({ model }), OpenAI.BadRequestError, { status: 400, param: 'messages' });
});

test('a model that the key may not use is a PermissionDeniedError', { skip: !throughPlatform }, async () => {
  const limited = new OpenAI({ apiKey: limitedKey, baseURL, maxRetries: 0 });
  await rejectsWith(
    limited.chat.completions.create({ model, messages: say('Hello') }), OpenAI.PermissionDeniedError,
    { status: 403, code: 'model_not_allowed' });
  const answer = await limited.chat.completions.create({ model: 'gpt-4o', messages: say('Hello') });
  assert.equal(answer.choices[0].message.content, 'You said: Hello');
});

test('what the provider forbids is a PermissionDeniedError', { skip: throughPlatform }, async () => {
  await rejectsWith(
    impatient.chat.completions.create({ model, messages: say(`Hello ${directive({ status: 403 })}`) }),
    OpenAI.PermissionDeniedError, { status: 403 });
});

test('the provider’s limit is a RateLimitError, retried by the client first', async () => {
  const fetch = countingFetch();
  const retrying = new OpenAI({ apiKey, baseURL, fetch, maxRetries: 2 });
  const error = await rejectsWith(
    retrying.chat.completions.create({ model, messages: say(`Hello ${directive({ status: 429, 'retry-after': 1 })}`) }),
    OpenAI.RateLimitError, { status: 429 });
  assert.equal(fetch.requests, 3);
  assert.ok(Number(error.headers.get('retry-after')) >= 1);
});

test('a provider that fails is an InternalServerError, retried by the client first', async () => {
  const fetch = countingFetch();
  const retrying = new OpenAI({ apiKey, baseURL, fetch, maxRetries: 1 });
  const error = await rejectsWith(
    retrying.chat.completions.create({ model, messages: say(`Hello ${directive({ status: 500 })}`) }),
    OpenAI.InternalServerError, {});
  assert.ok(error.status >= 500);
  assert.equal(fetch.requests, 2);
});

test('trouble that passes is not seen by the caller', async () => {
  for (const status of [429, 500, 503]) {
    const words = directive({ status, times: 2, id: newId(), 'retry-after': 0 });
    const answer = await client.chat.completions.create({ model, messages: say(`Patience ${words}`) });
    assert.equal(answer.choices[0].message.content, 'You said: Patience');
  }
});

test('a connection that breaks before the answer is tried again', async () => {
  const words = directive({ fault: 'reset-before', times: 1, id: newId() });
  const answer = await client.chat.completions.create({ model, messages: say(`Steady ${words}`) });
  assert.equal(answer.choices[0].message.content, 'You said: Steady');
});

for (const fault of ['cut', 'malformed']) {
  test(`a stream that the provider breaks (${fault}) is an error after its pieces, not silence`, async () => {
    const stream = await impatient.chat.completions.create({
      model, messages: say(`Break ${directive({ fault, answer: 9, after: 4 })}`), stream: true,
    });
    let pieces = 0;
    await assert.rejects(async () => {
      for await (const chunk of stream) pieces += chunk.choices[0]?.delta?.content ? 1 : 0;
    });
    assert.equal(pieces, 4);
  });
}

for (const fault of ['malformed', 'html', 'cut', 'reset-after']) {
  test(`an answer that nobody can read (${fault}) is an error`, { skip: !throughPlatform }, async () => {
    await assert.rejects(
      impatient.chat.completions.create({ model, messages: say(`Spoil ${directive({ fault })}`) }),
      (error) => error instanceof OpenAI.APIError && error.status >= 500);
  });
}
