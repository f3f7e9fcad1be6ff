using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Shared;

/// <summary>
/// Whose body is read: nobody's who is not known, and a known caller's for so long. The time is short here, so nothing else takes
/// the processor from those who send in time.
/// </summary>
[NonParallelizable]
public sealed class BodyAdmissionTests
{
    private const int Largest = 16 * 1024 * 1024;

    private static readonly string[] Paths =
    [
        "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/images/generations", "/v1/responses", "/v1/messages",
        "/llm/chat/completions", "/llm/gpt-4o-mini", "/query", "/admin/create-user", "/image-generation/dalle3",
    ];

    private TestPlatform _platform = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await TestPlatform.ListenAsync(DatabaseProvider.Sqlite, ("Bodies:Timeout", "00:00:01"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [Test]
    public async Task Call_WhenNobodyMakesIt_IsRefusedBeforeAnyOfItsBodyIsSent(
        [ValueSource(nameof(Paths))] string path, [Values] bool asks, [Values(null, "sk-nobody")] string? key)
    {
        var correlationId = Unique.Id().ToString();
        using var connection = await Connection.OpenAsync(_platform.Address);

        await connection.SendAsync(Head(
            path,
            $"Content-Length: {Largest}",
            $"X-Correlation-ID: {correlationId}",
            asks ? "Expect: 100-continue" : "Accept: */*",
            key is null ? "Accept-Language: en" : $"Authorization: Bearer {key}"));

        Assert.That(await connection.ReadStatusAsync(), Is.EqualTo(401));
        var record = (await RecordsAsync(correlationId)).Single();
        Assert.That((record.Status, record.RequestBody, record.UserId), Is.EqualTo((401, (string?)null, (Guid?)null)));
        Assert.That(record.Error, Does.Contain(":"), "It is the pipeline's refusal.");
    }

    [Test]
    public async Task Call_WhenNobodyMakesIt_IsRefusedInTheShapeOfItsSurfaceThoughItsBodyIsSent([ValueSource(nameof(Paths))] string path)
    {
        var body = $$"""{"model":"gpt-4o-mini","padding":"{{new string('x', 900_000)}}"}""";

        var answer = await _platform.Api().PostAsync(path, body, "sk-nobody");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Unauthorized), answer.Text);
        Assert.That(answer.Json.AsObject(), Is.Not.Empty);
    }

    [Test]
    public async Task Call_WhenItsCallerIsKnown_IsToldToContinueAndServed()
    {
        const string body = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}""";
        using var connection = await Connection.OpenAsync(_platform.Address);

        await connection.SendAsync(Head("/v1/chat/completions", Key, $"Content-Length: {body.Length}", "Expect: 100-continue"));

        Assert.That(await connection.ReadStatusAsync(), Is.EqualTo(100));
        await connection.SendAsync(body);
        Assert.That(await connection.ReadAllAsync(), Does.Contain("HTTP/1.1 200"));
    }

    [Test]
    public async Task Call_WhenItsBodyIsOfTheLargestSize_IsServed()
    {
        var body = new JsonObject { ["model"] = "no-such-model", ["padding"] = new string('x', Largest - 1_000) };

        var answer = await _platform.Api().PostAsync("/v1/chat/completions", body.ToJsonString(), TestPlatform.AdminKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.NotFound), "It was read, and names no model.");
    }

    [Test]
    public async Task Call_WhenItsCredentialIsRevokedWhileItsBodyComes_IsRefused()
    {
        await using var platform = await TestPlatform.ListenAsync(DatabaseProvider.Sqlite);
        var api = platform.Api();
        var person = await api.UserAsync();
        const string body = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}""";
        using var connection = await Connection.OpenAsync(platform.Address);
        await connection.SendAsync(Head(
            "/v1/chat/completions", $"Authorization: Bearer {person.ApiKey}", $"Content-Length: {body.Length}", "Expect: 100-continue"));
        Assert.That(await connection.ReadStatusAsync(), Is.EqualTo(100), "The credential was looked at.");

        var deactivated = await api.AdministerAsync("/admin/update-user", ("id", person.Id.ToString("D")), ("active", false));
        Assert.That(deactivated.Status, Is.EqualTo(HttpStatusCode.OK), deactivated.Text);
        await Task.Delay(TimeSpan.FromSeconds(1.1));
        await connection.SendAsync(body);

        Assert.That(await connection.ReadAllAsync(), Does.Contain("HTTP/1.1 401"));
    }

    [TestCase("Content-Length: 1000", "{\"model\":")]
    [TestCase("Content-Length: 1000", "")]
    [TestCase("Transfer-Encoding: chunked", "9\r\n{\"model\":\r\n")]
    public async Task Call_WhenItsBodyDoesNotComeInTime_Is408OfItsCaller(string length, string sent)
    {
        var correlationId = Unique.Id().ToString();
        using var connection = await Connection.OpenAsync(_platform.Address);

        await connection.SendAsync(Head("/v1/messages", Key, length, $"X-Correlation-ID: {correlationId}") + sent);

        Assert.That(await connection.ReadAllAsync(), Does.StartWith("HTTP/1.1 408").And.Contain("did not arrive in time").And.Contain("\"type\":\"error\""));
        var record = (await RecordsAsync(correlationId)).Single();
        Assert.That((record.Status, record.UserId), Is.EqualTo((408, (Guid?)await AdministratorAsync())));
    }

    [Test]
    public async Task Failures_WhenBodiesAreNotRead_CountOnceEach()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.Sqlite, ("Identity:FailedAttemptsPerMinute", "3"));
        var statuses = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 4; attempt++)
        {
            statuses.Add((await platform.Api().PostAsync("/v1/chat/completions", "{}", $"sk-nobody-{attempt}")).Status);
        }

        Assert.That(statuses, Is.EqualTo(new[]
        {
            HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests,
        }));
    }

    private static string Key => $"Authorization: Bearer {TestPlatform.AdminKey}";

    private static string Head(string path, params string[] headers) =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n";

    private Task<List<AuditRecord>> RecordsAsync(string correlationId) => _platform.QueryAsync(db =>
        db.Set<AuditRecord>().AsNoTracking().Where(record => record.CorrelationId == correlationId).ToListAsync());

    private async Task<Guid> AdministratorAsync()
    {
        var answer = await _platform.Api().GetAsync("/check-balance", TestPlatform.AdminKey);
        return answer["user_id"]!.GetValue<Guid>();
    }
}
