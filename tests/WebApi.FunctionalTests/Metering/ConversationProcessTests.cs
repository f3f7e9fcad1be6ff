using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>Two processes of the operating system on one PostgreSQL, as an operator runs replicas.</summary>
public sealed partial class ConversationProcessTests
{
    private readonly List<ServerProcess> _processes = [];
    private readonly List<HttpClient> _clients = [];
    private TestDatabase _database = null!;
    private string _folder = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        _folder = Directory.CreateTempSubdirectory("aiplatform-replicas-").FullName;
        for (var number = 0; number < 2; number++)
        {
            _processes.Add(Start());
        }

        foreach (var process in _processes)
        {
            var banner = await process.ReadUntilAsync("Is it well?");
            process.IgnoreOutput();
            _clients.Add(new HttpClient { BaseAddress = new Uri(ListeningAddress().Match(banner).Value) });
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _clients.ForEach(client => client.Dispose());
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task VerifyKey_FiftyTimesAtOnceOnTwoProcesses_TakesExactlyTheTenThatThereAre()
    {
        var key = await RegisterAsync(_clients[0]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => VerifyAsync(_clients[number % 2], key)));

        var left = answers.Where(answer => answer.Status is HttpStatusCode.OK).Select(answer => answer.Body["remaining_conversations"]!.GetValue<int>());
        Assert.That(left.Order(), Is.EqualTo(Enumerable.Range(0, 10)));
        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.TooManyRequests), Is.EqualTo(40));
        Assert.That(
            answers.Where(answer => answer.Status is HttpStatusCode.TooManyRequests).Select(answer => answer.Body["detail"]!.GetValue<string>()),
            Has.All.EqualTo("Conversation limit exceeded. Limit resets every 24 hours."));
    }

    private ServerProcess Start() => ServerProcess.Start(
        _folder,
        "Development",
        "--Urls=http://127.0.0.1:0",
        "--Database:Provider=PostgreSql",
        $"--ConnectionStrings:Default={_database.ConnectionString}",
        $"--Bootstrap:AdminApiKey={TestPlatform.AdminKey}",
        "--Security:Pepper=a-pepper-that-both-processes-know-0123456789",
        "--RateLimits:ConversationsPerMinute=1000");

    private static async Task<string> RegisterAsync(HttpClient client)
    {
        var name = $"c{Unique.Id():N}"[..30];
        using var response = await client.PostAsJsonAsync("/api/v1/auth/register", new
        {
            username = name,
            name = "John Doe",
            email = $"{name}@example.com",
            password = "password123",
            confirm_password = "password123",
        });
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!["api_key"]!.GetValue<string>();
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> VerifyAsync(HttpClient client, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/verify-key");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await client.SendAsync(request);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>())!);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex ListeningAddress();
}
