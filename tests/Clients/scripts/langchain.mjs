// npm @langchain/openai.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { z } from 'zod';
import { apiKey, baseURL, directive, models, newId } from './support.mjs';

const configuration = { baseURL };
const newModel = (more) => new ChatOpenAI({ model: models.chat, apiKey, configuration, ...more });
const weather = tool(async ({ city }) => `24 degrees in ${city}`, {
  name: 'get_weather',
  description: 'The weather in a city',
  schema: z.object({ city: z.string() }),
});

for (const useResponsesApi of [false, true]) {
  const over = useResponsesApi ? 'responses: ' : 'chat: ';

  test(`${over}invoke answers`, async () => {
    const answer = await newModel({ useResponsesApi }).invoke(`Good morning ${directive({ prompt: 12 })}`);
    assert.equal(answer.text, 'You said: Good morning');
    assert.equal(answer.usage_metadata.input_tokens, 12);
    assert.equal(answer.usage_metadata.output_tokens, 4);
  });

  test(`${over}stream brings the pieces`, async () => {
    const pieces = [];
    let usage;
    for await (const chunk of await newModel({ useResponsesApi }).stream(`Count ${directive({ answer: 25 })}`)) {
      if (chunk.text) pieces.push(chunk.text);
      usage = chunk.usage_metadata ?? usage;
    }
    assert.equal(pieces.length, 25);
    assert.equal(usage.output_tokens, 25);
  });

  test(`${over}a tool is called and its answer used`, async () => {
    const bound = newModel({ useResponsesApi }).bindTools([weather]);
    const messages = [new HumanMessage('What is the weather in Pretoria?')];
    const first = await bound.invoke(messages);
    assert.deepEqual(first.tool_calls.map(({ name, args }) => ({ name, args })), [{ name: 'get_weather', args: { city: 'Pretoria' } }]);

    const result = await weather.invoke(first.tool_calls[0]);
    assert.ok(result instanceof ToolMessage);
    const second = await bound.invoke([...messages, first, result]);
    assert.equal(second.text, 'The answer is 24 degrees in Pretoria');
  });
}

test('texts are embedded', async () => {
  const embeddings = new OpenAIEmbeddings({ model: models.embeddings, apiKey, configuration });
  const vectors = await embeddings.embedDocuments(['a', 'bcd', 'hello world']);
  assert.deepEqual(vectors.map((vector) => vector.length), [8, 8, 8]);
  assert.deepEqual(await embeddings.embedQuery('bcd'), vectors[1]);
});

test('trouble that passes is retried', async () => {
  const words = directive({ status: 500, times: 1, id: newId() });
  assert.equal((await newModel({ maxRetries: 2 }).invoke(`Patience ${words}`)).text, 'You said: Patience');
});

test('a limit that does not pass is an error with its status', async () => {
  await assert.rejects(newModel({ maxRetries: 0 }).invoke(`Hello ${directive({ status: 429 })}`), { status: 429 });
});

test('what the provider finds wrong is an error with its words', async () => {
  await assert.rejects(newModel({ temperature: 3, maxRetries: 0 }).invoke('Hello'), { status: 400, message: /Expected a value <= 2/ });
});
