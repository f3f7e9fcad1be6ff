using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.Application.Gateway;

namespace AiPlatform.Application.UnitTests.Gateway;

/// <summary>The forms in which the Sandbox answers clients of OpenAI's API: in one, or as events.</summary>
public sealed class SandboxFormTests
{
    private const string Chat = """{"model":"gpt-4o","messages":[{"role":"user","content":"Say hello"}]}""";
    private const string Completion = """{"model":"gpt-4o","prompt":"Say hello"}""";
    private const string Response = """{"model":"gpt-4o","input":"Say hello"}""";

    [Test]
    public async Task Chat_AskedToStream_ComesInChunksThatMakeTheWholeAnswer()
    {
        var whole = JsonNode.Parse(await TextAsync(ProviderOperations.ChatCompletions, Chat))!;
        var events = EventsIn(await TextAsync(ProviderOperations.ChatCompletions, With(Chat, "stream", true)));

        var chunks = events[..^1].Select(data => JsonNode.Parse(data)!).ToList();
        var choices = chunks.Select(chunk => chunk["choices"]![0]!).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(events[^1], Is.EqualTo("[DONE]"));
            Assert.That(chunks, Has.Count.GreaterThan(5));
            Assert.That(chunks.Select(chunk => chunk["object"]!.GetValue<string>()), Has.All.EqualTo("chat.completion.chunk"));
            Assert.That(chunks.Select(chunk => chunk["model"]!.GetValue<string>()), Has.All.EqualTo("sandbox-gpt-4o"));
            Assert.That(chunks.Select(chunk => chunk["id"]!.GetValue<string>()).Distinct().Count(), Is.EqualTo(1));
            Assert.That(choices[0]["delta"]!["role"]!.GetValue<string>(), Is.EqualTo("assistant"));
            Assert.That(
                string.Concat(choices.Select(choice => choice["delta"]!["content"]?.GetValue<string>())),
                Is.EqualTo(whole["choices"]![0]!["message"]!["content"]!.GetValue<string>()));
            Assert.That(choices[^1]["finish_reason"]!.GetValue<string>(), Is.EqualTo("stop"));
            Assert.That(chunks.Any(chunk => chunk.AsObject().ContainsKey("usage")), Is.False);
        }
    }

    [TestCase(ProviderOperations.ChatCompletions, Chat)]
    [TestCase(ProviderOperations.Completions, Completion)]
    public async Task Stream_AskedForItsUsage_EndsWithIt(string operation, string body)
    {
        var request = With(With(body, "stream", true), "stream_options", new JsonObject { ["include_usage"] = true });

        var chunks = EventsIn(await TextAsync(operation, request))[..^1].Select(data => JsonNode.Parse(data)!.AsObject()).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(chunks[..^1].All(chunk => chunk.ContainsKey("usage") && chunk["usage"] is null), Is.True);
            Assert.That(chunks[^1]["choices"]!.AsArray(), Is.Empty);
            Assert.That(
                chunks[^1]["usage"]!["total_tokens"]!.GetValue<int>(),
                Is.EqualTo(chunks[^1]["usage"]!["prompt_tokens"]!.GetValue<int>() + chunks[^1]["usage"]!["completion_tokens"]!.GetValue<int>()));
        }
    }

    /// <summary>What a translation makes of a client's request may be deeper than that.</summary>
    [Test]
    public async Task Chat_WithASchemaDeeperThanClientsMaySend_IsAnswered()
    {
        var schema = string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "{}" + new string('}', 70);

        var answer = await TextAsync(ProviderOperations.ChatCompletions, $"{Chat[..^1]},\"tools\":[{schema}]}}");

        Assert.That(answer, Does.Contain("You wrote: Say hello"));
    }

    [Test]
    public async Task Completion_WholeOrStreamed_IsTheSameText()
    {
        var whole = JsonNode.Parse(await TextAsync(ProviderOperations.Completions, Completion))!;
        var events = EventsIn(await TextAsync(ProviderOperations.Completions, With(Completion, "stream", true)));

        var text = whole["choices"]![0]!["text"]!.GetValue<string>();
        var pieces = events[..^1].Select(data => JsonNode.Parse(data)!["choices"]![0]!["text"]!.GetValue<string>()).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(whole["object"]!.GetValue<string>(), Is.EqualTo("text_completion"));
            Assert.That(text, Does.StartWith("[Sandbox] ").And.EndsWith("Say hello"));
            Assert.That(pieces, Has.Count.GreaterThan(5));
            Assert.That(string.Concat(pieces), Is.EqualTo(text));
        }
    }

    [Test]
    public async Task Response_Streamed_TellsOfItselfInTheOrderThatClientsExpect()
    {
        var whole = JsonNode.Parse(await TextAsync(ProviderOperations.Responses, Response))!;
        var events = EventsIn(await TextAsync(ProviderOperations.Responses, With(Response, "stream", true))).Select(data => JsonNode.Parse(data)!).ToList();

        var types = events.Select(step => step["type"]!.GetValue<string>()).ToList();
        var text = whole["output"]![0]!["content"]![0]!["text"]!.GetValue<string>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(types.Distinct(), Is.EqualTo(new[]
            {
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
                "response.output_text.delta", "response.output_text.done", "response.content_part.done",
                "response.output_item.done", "response.completed",
            }));
            Assert.That(events.Select(step => step["sequence_number"]!.GetValue<int>()), Is.EqualTo(Enumerable.Range(0, events.Count)));
            Assert.That(text, Does.StartWith("[Sandbox] ").And.EndsWith("Say hello"));
            Assert.That(
                string.Concat(events.Where(step => step["delta"] is not null).Select(step => step["delta"]!.GetValue<string>())), Is.EqualTo(text));
            Assert.That(whole["status"]!.GetValue<string>(), Is.EqualTo("completed"));
            Assert.That(whole["usage"]!["output_tokens"]!.GetValue<int>(), Is.Positive);
        }
    }

    [Test]
    public async Task ResponseStreamed_AtItsEnd_HoldsTheWholeAnswer()
    {
        var request = With(Response, "stream", true);

        var last = JsonNode.Parse(EventsIn(await TextAsync(ProviderOperations.Responses, request))[^1])!["response"]!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(last["output"]![0]!["content"]![0]!["text"]!.GetValue<string>(), Does.EndWith("Say hello"));
            Assert.That(last["usage"]!["total_tokens"]!.GetValue<int>(), Is.Positive);
        }
    }

    [TestCase(ProviderOperations.ChatCompletions, Chat, "max_tokens")]
    [TestCase(ProviderOperations.ChatCompletions, Chat, "max_completion_tokens")]
    [TestCase(ProviderOperations.Completions, Completion, "max_tokens")]
    public async Task Answer_WithALimit_IsCutThere(string operation, string body, string field)
    {
        var answer = JsonNode.Parse(await TextAsync(operation, With(body, field, 5)))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer["usage"]!["completion_tokens"]!.GetValue<int>(), Is.EqualTo(5));
            Assert.That(answer["choices"]![0]!["finish_reason"]!.GetValue<string>(), Is.EqualTo("length"));
            Assert.That(answer.ToJsonString(), Does.Contain("[Sandbox] No model w\""));
        }
    }

    [Test]
    public async Task Response_WithALimit_IsIncomplete()
    {
        var answer = JsonNode.Parse(await TextAsync(ProviderOperations.Responses, With(Response, "max_output_tokens", 5)))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer["status"]!.GetValue<string>(), Is.EqualTo("incomplete"));
            Assert.That(answer["incomplete_details"]!["reason"]!.GetValue<string>(), Is.EqualTo("max_output_tokens"));
            Assert.That(answer["usage"]!["output_tokens"]!.GetValue<int>(), Is.EqualTo(5));
        }
    }

    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("1.5")]
    [TestCase("\"5\"")]
    [TestCase("99999999999")]
    public async Task Limit_ThatIsNone_IsRefusedNamingTheField(string limit)
    {
        await using var reply = await SendAsync(ProviderOperations.ChatCompletions, With(Chat, "max_tokens", JsonNode.Parse(limit)));

        var body = JsonNode.Parse(await ReadAsync(reply))!;
        Assert.That((reply.Status, body["error"]!["param"]!.GetValue<string>()), Is.EqualTo((400, "max_tokens")));
    }

    [TestCase("""{"messages":[{"role":"user","content":[{"type":"image_url"},{"type":"text","text":"Say hello"}]}]}""", "Say hello")]
    [TestCase("""{"messages":[{"role":"user","content":7}]}""", "")]
    [TestCase("""{"messages":[7]}""", "")]
    [TestCase("""{"messages":{}}""", "")]
    [TestCase("""{"messages":[],"stream":"yes","stream_options":7,"max_tokens":null,"response_format":[]}""", "")]
    public async Task Chat_WithContentOfAnyForm_QuotesItsTextAndNeverFails(string body, string quoted)
    {
        var answer = JsonNode.Parse(await TextAsync(ProviderOperations.ChatCompletions, body))!;

        Assert.That(answer["choices"]![0]!["message"]!["content"]!.GetValue<string>(), Does.EndWith($"You wrote: {quoted}"));
    }

    [TestCase("""{"input":[{"role":"user","content":[{"type":"input_text","text":"Say hello"}]}]}""", "Say hello")]
    [TestCase("""{"input":[{"role":"user","content":"Say hello"}]}""", "Say hello")]
    [TestCase("""{"input":[]}""", "")]
    [TestCase("""{}""", "")]
    public async Task Response_WithInputOfAnyForm_QuotesItsTextAndNeverFails(string body, string quoted)
    {
        var answer = JsonNode.Parse(await TextAsync(ProviderOperations.Responses, body))!;

        Assert.That(answer["output"]![0]!["content"]![0]!["text"]!.GetValue<string>(), Does.EndWith($"You wrote: {quoted}"));
    }

    [TestCase(ProviderOperations.Embeddings)]
    [TestCase(ProviderOperations.Messages)]
    public async Task Operation_ThatTheSandboxHasNot_IsNotFound(string operation)
    {
        await using var reply = await SendAsync(operation, "{}");

        Assert.That(reply.Status, Is.EqualTo(404));
    }

    private static async Task<string> TextAsync(string operation, string body)
    {
        await using var reply = await SendAsync(operation, body);
        Assert.That(reply.Status, Is.EqualTo(200));
        return await ReadAsync(reply);
    }

    private static async Task<ProviderReply> SendAsync(string operation, string body)
    {
        using var gateway = new ConfiguredGateway();
        var sandbox = gateway.ProvidersOf("gpt-4o").Single();
        return await sandbox.SendAsync(new ProviderCall(operation, "gpt-4o", new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(body))), CancellationToken.None);
    }

    private static async Task<string> ReadAsync(ProviderReply reply) =>
        Encoding.UTF8.GetString((await reply.ReadBodyAsync(1024 * 1024, CancellationToken.None)).Span);

    private static string With(string body, string field, JsonNode? value)
    {
        var request = JsonNode.Parse(body)!.AsObject();
        request[field] = value;
        return request.ToJsonString();
    }

    /// <summary>The data of each event, which is whole: it begins a line and ends with an empty one.</summary>
    private static List<string> EventsIn(string stream)
    {
        Assert.That(stream, Does.EndWith("\n\n"));
        return [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(text => text[(text.IndexOf("data: ", StringComparison.Ordinal) + 6)..])];
    }
}
