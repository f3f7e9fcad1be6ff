using System.Net;
using System.Net.Sockets;
using System.Text;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>
/// Bodies lie in memory that calls take turns in. Each call's provider must see the bytes of its client, and its client those of the
/// provider, whatever other calls are under way, fail or are left.
/// </summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class LargeBodyTests(DatabaseProvider database)
{
    private const string Path = "/v1/chat/completions";
    private const int Callers = 12;

    /// <summary>Around the sizes in which memory is set aside, and above what is set aside at all.</summary>
    private static readonly int[] Lengths =
        [10, 4_000, 65_300, 65_500, 66_000, 500_000, 1_048_300, 1_048_600, 1_500_000, 2_097_000, 4_194_200, 4_500_000];

    private SpendingPlatform _platform = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _platform = await SpendingPlatform.ListenAsync(database);
        _platform.Upstream.When("echoed", Echo);
        _platform.Upstream.When("refused", Upstream.Status(400));
        _platform.Upstream.When("failed", Upstream.ResetMidBody());
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [Test]
    public async Task Bodies_WhenManyCallsAreUnderWayAtOnce_AreThoseOfTheirOwnCall()
    {
        var person = await _platform.UserAsync();
        using var http = new HttpClient { BaseAddress = _platform.Platform.Address };
        using var over = new CancellationTokenSource();
        var disturbing = Task.WhenAll(Enumerable.Range(0, 4).Select(seed => DisturbAsync(http, person, seed, over.Token)));

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var turn = 0; turn < Lengths.Length; turn++)
            {
                await AssertEchoedAsync(http, person, Body("echoed", (caller * 100) + turn, Lengths[(caller + turn) % Lengths.Length]));
            }
        }));

        await over.CancelAsync();
        await disturbing;
    }

    private static async Task AssertEchoedAsync(HttpClient http, Person person, byte[] body)
    {
        using var response = await http.SendAsync(Request(person, body));
        var answer = await response.Content.ReadAsByteArrayAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, 500))));
        Assert.That(answer.AsSpan().SequenceEqual(EchoOf(body)), Is.True, $"a request of {body.Length} bytes, an answer of {answer.Length}");
    }

    /// <summary>Calls that end in every other way: the client leaves while it sends or reads, the provider refuses or breaks off.</summary>
    private async Task DisturbAsync(HttpClient http, Person person, int seed, CancellationToken over)
    {
        for (var turn = 0; !over.IsCancellationRequested; turn++)
        {
            var length = Lengths[(seed + turn) % Lengths.Length];
            switch ((seed + turn) % 4)
            {
                case 0:
                    await LeaveAsync(person, Body("echoed", turn, length), sent: length / 2, taken: 0);
                    break;
                case 1:
                    await LeaveAsync(person, Body("echoed", turn, length), sent: int.MaxValue, taken: 1);
                    break;
                case 2:
                    await AskAsync(http, person, Body("refused", turn, length));
                    break;
                default:
                    await AskAsync(http, person, Body("failed", turn, length));
                    break;
            }
        }
    }

    private static async Task AskAsync(HttpClient http, Person person, byte[] body)
    {
        using var response = await http.SendAsync(Request(person, body));
        Assert.That((int)response.StatusCode, Is.AnyOf(400, 502, 504));
    }

    /// <summary>Sends some of a request, takes some of its answer, and closes the connection.</summary>
    private async Task LeaveAsync(Person person, byte[] body, int sent, int taken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _platform.Platform.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {person.ApiKey}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"));
        await stream.WriteAsync(body.AsMemory(0, Math.Min(sent, body.Length)));
        await stream.ReadExactlyAsync(new byte[taken]);
        client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
    }

    private static HttpRequestMessage Request(Person person, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("x-api-key", person.ApiKey);
        return request;
    }

    /// <summary>A request of which no part of a few bytes is like that of another seed.</summary>
    private static byte[] Body(string marker, int seed, int length)
    {
        var text = new StringBuilder(length);
        var random = new Random(seed);
        while (text.Length < length)
        {
            text.Append(random.NextInt64()).Append(seed % 2 == 0 ? "é\\n" : " 水 ");
        }

        return Encoding.UTF8.GetBytes($$"""{ "user":"{{marker}}", "model":"gpt-4o-mini" , "messages":[{"role":"user","content":"{{text}}"}] }""");
    }

    private static Task Echo(HttpContext http, UpstreamRequest request)
    {
        http.Response.ContentType = "application/json";
        return http.Response.Body.WriteAsync(EchoOf(request.Body), http.RequestAborted).AsTask();
    }

    private static byte[] EchoOf(byte[] body) =>
        [.. """{"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":1,"completion_tokens":1},"echo":"""u8, .. body, .. "}"u8];
}
