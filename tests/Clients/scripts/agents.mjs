// npm @openai/agents: an agent with one tool, run to its end, over responses and over chat completions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from '@openai/agents';
import { z } from 'zod';
import { apiKey, baseURL, models } from './support.mjs';

setTracingDisabled(true);

for (const useResponses of [true, false]) {
  const over = useResponses ? 'responses: ' : 'chat: ';
  const runner = new Runner({
    modelProvider: new OpenAIProvider({ apiKey, baseURL, useResponses }),
    tracingDisabled: true,
  });

  const newAgent = (asked) => new Agent({
    name: 'Weather agent',
    instructions: 'Answer questions about the weather.',
    model: models.chat,
    tools: [tool({
      name: 'get_weather',
      description: 'The weather in a city',
      parameters: z.object({ city: z.string() }),
      execute: async ({ city }) => {
        asked.push(city);
        return '24 degrees';
      },
    })],
  });

  test(`${over}an agent asks its tool and answers`, async () => {
    const asked = [];
    const result = await runner.run(newAgent(asked), 'What is the weather in Pretoria?');
    assert.deepEqual(asked, ['Pretoria']);
    assert.equal(result.finalOutput, 'The answer is 24 degrees');
    assert.equal(result.rawResponses.length, 2);
    assert.ok(result.rawResponses.every((each) => each.usage.outputTokens > 0));
  });

  test(`${over}an agent streams to its end`, async () => {
    const asked = [];
    const result = await runner.run(newAgent(asked), 'What is the weather in Durban?', { stream: true });
    let text = '';
    for await (const piece of result.toTextStream()) text += piece;
    await result.completed;
    assert.deepEqual(asked, ['Durban']);
    assert.equal(text, 'The answer is 24 degrees');
    assert.equal(result.finalOutput, 'The answer is 24 degrees');
  });
}
