using System.Net;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Shared;

/// <summary>What only a real server on a real port sees: bytes that are no HTTP, or break off.</summary>
public sealed class ServerTests
{
    private TestPlatform _platform = null!;
    private Uri _address = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _platform = await TestPlatform.ListenAsync(DatabaseProvider.Sqlite);
        _address = _platform.ClientOptions.BaseAddress;
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [Test]
    public async Task Call_WhenItIsWhole_IsServed()
    {
        var answer = await _platform.Api().GetAsync("/check-balance", TestPlatform.AdminKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [Test]
    public async Task Call_WhenItsBodyArrivesInPieces_IsServedWhenItIsWhole()
    {
        using var connection = await Connection.OpenAsync(_address);
        await connection.SendAsync(Post(contentLength: 15));
        foreach (var piece in new[] { "{\"user", "_input", "\":1", "}" })
        {
            await connection.SendAsync(piece[..Math.Min(piece.Length, 15)]);
        }

        Assert.That(await connection.ReadStatusAsync(), Is.AnyOf(400, 401));
    }

    [Test]
    public async Task Call_WhenItsLengthIsShorterThanItsBody_IsRefusedAndTheRestIsNoCall()
    {
        using var connection = await Connection.OpenAsync(_address);

        await connection.SendAsync(Post(contentLength: 5) + "{\"token\":\"a\"}");

        Assert.That(await connection.ReadAllAsync(), Does.StartWith("HTTP/1.1 400").And.Contain("Request body is required"));
    }

    [TestCase("{\"tok")]
    [TestCase("")]
    public async Task Call_WhenTheConnectionIsCutInsideTheBody_LeavesARecordAndNoError(string sent)
    {
        var correlationId = Unique.Id().ToString();
        using (var connection = await Connection.OpenAsync(_address))
        {
            await connection.SendAsync(Post(contentLength: 1_000, $"X-Correlation-ID: {correlationId}", "Expect: 100-continue"));
            Assert.That(await connection.ReadStatusAsync(), Is.EqualTo(100), "The server is reading the body.");
            await connection.SendAsync(sent);
            connection.Cut();
        }

        AuditRecord? record = null;
        await WhenAsync(async () => (record = await RecordAsync(correlationId)) is not null);
        Assert.That(record!.Status, Is.AnyOf(400, 499));
        Assert.That(_platform.Log.Text, Does.Not.Contain("Error AiPlatform").And.Not.Contain("Critical "));
    }

    [Test]
    public async Task Call_WhenItAsksBeforeItSends_IsToldToContinue()
    {
        using var connection = await Connection.OpenAsync(_address);
        await connection.SendAsync(Post(contentLength: 2, "Expect: 100-continue"));

        Assert.That(await connection.ReadStatusAsync(), Is.EqualTo(100));
        await connection.SendAsync("{}");
        Assert.That(await connection.ReadAllAsync(), Does.Contain("HTTP/1.1 400").And.Contain("Request body is required"));
    }

    [Test]
    public async Task Call_WhenItAnnouncesMoreThanIsRead_Is413WithoutSendingIt()
    {
        using var connection = await Connection.OpenAsync(_address);

        await connection.SendAsync(Post(contentLength: 10_000_000_000, "Expect: 100-continue"));

        Assert.That(await connection.ReadStatusAsync(), Is.EqualTo(413));
    }

    [TestCase("5\r\n{\"a\":\r\nzz\r\n")]
    [TestCase("fffffffffffffffff\r\n")]
    [TestCase("-1\r\n")]
    [TestCase("2\r\n{}extra\r\n0\r\n\r\n")]
    public async Task Call_WhenItsChunksAreMalformed_IsRefused(string chunks)
    {
        using var connection = await Connection.OpenAsync(_address);

        await connection.SendAsync(Headers("POST /admin/add-endpoint", $"API-Key: {TestPlatform.AdminKey}", "Transfer-Encoding: chunked") + chunks);

        Assert.That(await connection.ReadStatusAsync(), Is.EqualTo(400));
    }

    [TestCase("Content-Length: 5\r\nContent-Length: 6")]
    [TestCase("Content-Length: five")]
    [TestCase("Content-Length: -5")]
    [TestCase("Content-Length: 99999999999999999999999")]
    [TestCase("Transfer-Encoding: gzip")]
    public async Task Call_WhenItsLengthIsNone_IsRefused(string header)
    {
        using var connection = await Connection.OpenAsync(_address);

        await connection.SendAsync(Headers("POST /admin/add-endpoint", header) + "{\"a\":1}");

        Assert.That(await connection.ReadStatusAsync(), Is.InRange(400, 501).And.Not.EqualTo(500));
    }

    [TestCase("\0\u0001\u0002 garbage\r\n\r\n")]
    [TestCase("GET\r\n\r\n")]
    [TestCase("GET / HTTP/9.9\r\n\r\n")]
    [TestCase("GET /admin/%00 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [TestCase("GET /admin/\0 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [TestCase("GET /check-balance HTTP/1.1\r\n\r\n")]
    [TestCase("GET /check-balance HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [TestCase("GET /check-balance HTTP/1.1\r\nHost: a\r\nAPI-Key: \0\r\n\r\n")]
    [TestCase("GET /check-balance HTTP/1.1\r\nHost: a\r\nNo colon\r\n\r\n")]
    public async Task Bytes_WhenTheyAreNoCall_AreRefusedAndTheServerGoesOn(string bytes)
    {
        using var connection = await Connection.OpenAsync(_address);

        await connection.SendAsync(bytes);

        Assert.That(await connection.ReadStatusAsync(), Is.InRange(400, 505).And.Not.EqualTo(500));
        Assert.That((await _platform.Api().GetAsync("/check-balance", TestPlatform.AdminKey)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("X-Correlation-ID: caf\u00e9")]
    [TestCase("X-Correlation-ID: \u001f")]
    [TestCase("User-Agent: \ud83d\ude00")]
    [TestCase("API-Key: \u00e9\u00e9")]
    [TestCase("Idempotency-Key: \u7f51")]
    public async Task Header_WhenItIsOutsideAscii_NeverFails(string header)
    {
        using var connection = await Connection.OpenAsync(_address);

        await connection.SendAsync(Headers("GET /check-balance", header));

        Assert.That(await connection.ReadStatusAsync(), Is.InRange(400, 499));
    }

    [Test]
    public async Task Header_WhenItIsAHundredKilobytes_Is431()
    {
        using var connection = await Connection.OpenAsync(_address);

        await connection.SendAsync(Headers("GET /check-balance", $"API-Key: {new string('k', 100_000)}"));

        Assert.That(await connection.ReadStatusAsync(), Is.EqualTo(431));
    }

    [Test]
    public async Task Address_WhenItIsAHundredKilobytes_Is414()
    {
        using var connection = await Connection.OpenAsync(_address);

        await connection.SendAsync(Headers($"GET /check-balance?token={new string('t', 100_000)}"));

        Assert.That(await connection.ReadStatusAsync(), Is.EqualTo(414));
    }

    private static string Headers(string line, params string[] headers) =>
        $"{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n";

    private static string Post(long contentLength, params string[] headers) => Headers(
        "POST /admin/add-endpoint", [$"API-Key: {TestPlatform.AdminKey}", $"Content-Length: {contentLength}", .. headers]);

    private static async Task WhenAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds())
        {
            await Task.Delay(10, patience.Token);
        }
    }

    private Task<AuditRecord?> RecordAsync(string correlationId) => _platform.QueryAsync(db =>
        db.Set<AuditRecord>().AsNoTracking().FirstOrDefaultAsync(record => record.CorrelationId == correlationId));
}
