using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Clients.Provider;

/// <summary>
/// A provider on loopback that speaks OpenAI's and Anthropic's formats as the vendors do, misbehaves as a
/// <see cref="Directive"/> in the prompt says, and keeps a log of what it was asked and what it delivered.
/// </summary>
internal sealed class ProviderServer : IAsyncDisposable
{
    /// <summary>The only key that is accepted.</summary>
    public const string Key = "key-of-the-provider";

    private static readonly string[] Known =
    [
        "gpt-4o", "gpt-4o-mini", "o1-mini", "gpt-3.5-turbo-instruct", "text-embedding-3-small", "text-embedding-3-large", "dall-e-3",
        "deepseek-reasoner", "claude-sonnet-4-5", "claude-haiku-4-5",
    ];

    private readonly ConcurrentQueue<Exchange> _log = new();
    private readonly ConcurrentDictionary<string, int> _attempts = new();
    private LoopbackUpstream _host = null!;
    private int _count;

    private ProviderServer()
    {
    }

    /// <summary>Everything it was asked, in order.</summary>
    public IReadOnlyList<Exchange> Log => [.. _log];

    public Uri Address => _host.Address;

    /// <summary>The base address of both formats.</summary>
    public string Endpoint => _host.Endpoint;

    public static async Task<ProviderServer> StartAsync()
    {
        var server = new ProviderServer();
        server._host = await LoopbackUpstream.StartAsync(server.AnswerAsync);
        return server;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static string OperationOf(string path)
    {
        var words = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return words is [.., var parent and ("chat" or "images" or "models" or "control"), var last] ? $"{parent}/{last}" : words[^1];
    }

    private Task AnswerAsync(HttpContext http, UpstreamRequest request)
    {
        var operation = OperationOf(request.Path);
        if (operation == "control/exchanges")
        {
            var id = http.Request.Query["id"].ToString();
            var found = _log.Where(exchange => exchange.Directive.Id == id).Select(exchange => exchange.Describe());
            return http.Response.WriteAsJsonAsync(new JsonArray([.. found]), http.RequestAborted);
        }

        return request.Method == "GET" ? AnswerModelsAsync(http, operation) : AnswerModelCallAsync(http, request, operation);
    }

    private static Task AnswerModelsAsync(HttpContext http, string operation)
    {
        var body = operation == "models" ? OpenAiData.Models(Known) : OpenAiData.Model(operation.Split('/')[^1]);
        return http.Response.WriteAsJsonAsync(body, http.RequestAborted);
    }

    private async Task AnswerModelCallAsync(HttpContext http, UpstreamRequest request, string operation)
    {
        var number = Interlocked.Increment(ref _count);
        var exchange = new Exchange(number, operation, request, EffectiveDirective(request.Text));
        _log.Enqueue(exchange);
        SetHeaders(http, operation, number);
        try
        {
            if ((Refusals.Of(request, operation, Known) ?? Refusals.Of(exchange.Directive)) is { } refusal)
            {
                await refusal.WriteAsync(http, exchange);
                return;
            }

            await new Delivery(http, exchange).SendAsync(Answer(exchange, request.Json.AsObject()));
        }
        catch (OperationCanceledException)
        {
            exchange.Outcome = Outcome.ClientLeft;
            throw;
        }
    }

    /// <summary>Trouble that was ordered for the first requests only is over after these.</summary>
    private Directive EffectiveDirective(string body)
    {
        var directive = Directive.In(body);
        if (directive is not { Id: { } id } || directive.Number("times") is not { } times)
        {
            return directive;
        }

        return _attempts.AddOrUpdate(id, 1, (_, count) => count + 1) <= times ? directive : directive.WithoutTrouble();
    }

    private WireAnswer Answer(Exchange exchange, JsonObject body)
    {
        var (number, directive) = (exchange.Number, exchange.Directive);
        var tellsUsage = body["stream_options"]?["include_usage"]?.GetValue<bool>() is true;
        return exchange.Operation switch
        {
            "chat/completions" => Say(ModelRequest.OfChat(number, body), turn => OpenAiChat.Chat(number, turn, tellsUsage)),
            "completions" => Say(ModelRequest.OfChat(number, body), turn => OpenAiChat.Text(number, turn, tellsUsage)),
            "responses" => Say(ModelRequest.OfResponses(number, body), turn => OpenAiResponses.Of(number, turn, body)),
            "messages" => Say(ModelRequest.OfMessages(number, body), turn => AnthropicMessages.Of(number, turn)),
            "embeddings" => OpenAiData.Embeddings(body, directive),
            "images/generations" => OpenAiData.Images(body, Address.AbsoluteUri),
            var other => throw new InvalidOperationException($"The provider knows no operation {other}."),
        };

        WireAnswer Say(ModelRequest request, Func<Turn, WireAnswer> word)
        {
            var turn = Turn.To(request, directive);
            return word(turn) with { Text = directive.Fault is Faults.Endless ? string.Empty : turn.Text };
        }
    }

    private static void SetHeaders(HttpContext http, string operation, int number)
    {
        var headers = http.Response.Headers;
        if (operation == "messages")
        {
            headers["request-id"] = $"req_{number:D8}";
            headers["anthropic-ratelimit-requests-remaining"] = "999";
            return;
        }

        headers["x-request-id"] = $"req_{number:D8}";
        headers["openai-version"] = "2020-10-01";
        headers["openai-processing-ms"] = "3";
        headers["x-ratelimit-remaining-requests"] = "9999";
    }
}
