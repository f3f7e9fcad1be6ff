using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>A route on which a client asks a model, and the one account of the client's that pays for what the answer takes.</summary>
/// <param name="Path">The route.</param>
/// <param name="Model">A model that it serves.</param>
/// <param name="Meter">What pays.</param>
/// <param name="PromptRate">What a token of the prompt takes, in the meter's smallest unit.</param>
/// <param name="AnswerRate">What a token of the answer takes.</param>
internal sealed record ModelSurface(string Path, string Model, string Meter, int PromptRate, int AnswerRate)
{
    private const long Dollar = 1_000_000_000;

    /// <summary>The first and the last speak as the provider does, which has no Responses API; before the others lies a translation.</summary>
    private static readonly ModelSurface[] All =
    [
        new("/v1/chat/completions", "gpt-4o-mini", "wallet", 150, 600),
        new("/v1/messages", "gpt-4o-mini", "wallet", 150, 600),
        new("/v1/responses", "gpt-4o-mini", "wallet", 150, 600),
        new("/llm/chat/completions", "glama/a/model", "tokens", 1, 1),
    ];

    /// <summary>Every route that there is one of.</summary>
    public static IEnumerable<string> Paths => All.Select(surface => surface.Path);

    public static ModelSurface Of(string path) => All.Single(surface => surface.Path == path);

    /// <summary>A user whom <see cref="Meter"/> pays.</summary>
    public async Task<Person> PersonAsync(SpendingPlatform platform)
    {
        var person = await platform.UserAsync();
        if (Meter == "wallet")
        {
            await platform.FundAsync("user", person.Id, credits: false, wallet: true);
            await platform.GrantAsync(person.Id, "wallet", Dollar);
        }

        return person;
    }

    /// <summary>A request with a text.</summary>
    public string Body(string text, bool isStream)
    {
        var body = new JsonObject { ["model"] = Model, ["stream"] = isStream };
        if (Path == "/v1/responses")
        {
            body["input"] = text;
        }
        else
        {
            (body["messages"], body["max_tokens"]) = (new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }), 1_000);
        }

        return body.ToJsonString();
    }

    /// <summary>The request over HTTP.</summary>
    public HttpRequestMessage Request(Person person, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("x-api-key", person.ApiKey);
        return request;
    }

    /// <summary>Sends the request over a connection whose answer nobody reads.</summary>
    public async Task<TcpClient> SendUnreadAsync(SpendingPlatform platform, Person person, string body)
    {
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(IPAddress.Loopback, platform.Platform.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {person.ApiKey}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        return client;
    }

    /// <summary>What is charged where nobody counted: the bytes of the request, and the tokens of what was delivered.</summary>
    public long CostOf(string body, int answerTokens) => (PromptRate * PromptTokensOf(body)) + (AnswerRate * (long)answerTokens);

    /// <summary>The tokens of a request where nobody counted: one for four bytes.</summary>
    public static long PromptTokensOf(string body) => (Encoding.UTF8.GetByteCount(body) + 3) / 4;
}
