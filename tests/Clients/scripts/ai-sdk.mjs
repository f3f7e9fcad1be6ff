// npm ai with @ai-sdk/openai-compatible.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APICallError, embedMany, generateText, RetryError, stepCountIs, streamText, tool } from 'ai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { z } from 'zod';
import { apiKey, baseURL, directive, models, newId } from './support.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false;

const provider = createOpenAICompatible({ name: 'platform', apiKey, baseURL, includeUsage: true });
const model = provider(models.chat);

const weather = (asked) => ({
  get_weather: tool({
    description: 'The weather in a city',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => {
      asked.push(city);
      return '24 degrees';
    },
  }),
});

test('generateText answers', async () => {
  const { text, usage, finishReason } = await generateText({ model, prompt: `Good morning ${directive({ prompt: 12 })}` });
  assert.equal(text, 'You said: Good morning');
  assert.equal(finishReason, 'stop');
  assert.equal(usage.inputTokens, 12);
  assert.equal(usage.outputTokens, 4);
});

test('generateText runs a tool and uses its answer', async () => {
  const asked = [];
  const { text, steps } = await generateText({
    model, prompt: 'What is the weather in Pretoria?', tools: weather(asked), stopWhen: stepCountIs(3),
  });
  assert.deepEqual(asked, ['Pretoria']);
  assert.equal(steps.length, 2);
  assert.match(text, /^The answer is .*24 degrees/);
});

test('streamText brings the pieces and the usage', async () => {
  const result = streamText({ model, prompt: `Count ${directive({ answer: 25 })}` });
  const pieces = [];
  for await (const piece of result.textStream) pieces.push(piece);
  assert.equal(pieces.length, 25);
  assert.equal((await result.usage).outputTokens, 25);
  assert.equal(await result.finishReason, 'stop');
});

test('streamText runs a tool and uses its answer', async () => {
  const asked = [];
  const result = streamText({
    model, prompt: 'What is the weather in Durban?', tools: weather(asked), stopWhen: stepCountIs(3),
  });
  assert.match(await result.text, /^The answer is .*24 degrees/);
  assert.deepEqual(asked, ['Durban']);
});

test('embedMany embeds', async () => {
  const { embeddings, usage } = await embedMany({ model: provider.embeddingModel(models.embeddings), values: ['a', 'bcd'] });
  assert.deepEqual(embeddings.map((each) => each.length), [8, 8]);
  assert.ok(usage.tokens > 0);
});

test('trouble that passes is retried', async () => {
  const words = directive({ status: 503, times: 1, id: newId() });
  const { text } = await generateText({ model, prompt: `Patience ${words}` });
  assert.equal(text, 'You said: Patience');
});

test('a limit that does not pass is an error with its status', async () => {
  await assert.rejects(
    generateText({ model, prompt: `Hello ${directive({ status: 429, 'retry-after': 0 })}`, maxRetries: 1 }),
    (error) => RetryError.isInstance(error) && APICallError.isInstance(error.lastError) && error.lastError.statusCode === 429);
});

test('what the provider finds wrong is an error with its words', async () => {
  await assert.rejects(
    generateText({ model, prompt: 'Hello', temperature: 3 }),
    (error) => APICallError.isInstance(error) && error.statusCode === 400 && /Expected a value <= 2/.test(error.message));
});

test('a stream that the provider cuts is an error, not silence', async () => {
  const errors = [];
  const result = streamText({
    model, prompt: `Break ${directive({ fault: 'cut', answer: 9, after: 4 })}`, onError: ({ error }) => errors.push(error),
  });
  let text = '';
  try {
    for await (const piece of result.textStream) text += piece;
  } catch (error) {
    // A connection that breaks ends the loop; an event that says so reaches onError.
    errors.push(error);
  }
  assert.equal(text, 'Word word2 word3 word4');
  assert.ok(errors.length > 0, 'the stream ended as if it were whole');
});
