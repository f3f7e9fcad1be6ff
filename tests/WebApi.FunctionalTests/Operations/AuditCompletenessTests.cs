using System.Net;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

public sealed class AuditCompletenessTests(DatabaseProvider database) : PlatformTests(database)
{
    /// <summary>What says that it is not configured on the platform that tests share.</summary>
    private static readonly string[] Unconfigured = ["identity.start-google-sign-in"];

    [Test]
    public async Task EveryRoute_WhenCalledWithoutCredentials_LeavesOneRecord()
    {
        foreach (var route in ApiRoute.All(Platform))
        {
            var (answer, record) = await CallAsync(route, apiKey: null, token: null);

            using (Assert.EnterMultipleScope())
            {
                AssertTells(record, route, answer);
                Assert.That(route.IsAnonymous || answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, Is.True, $"{route}");
                Assert.That((record.UserId, record.TokenId, record.ApiKeyId), Is.EqualTo(((Guid?)null, (Guid?)null, (Guid?)null)), $"{route}");
            }
        }
    }

    [Test]
    public async Task EveryRoute_WhenCalledByAnAdministratorWithoutABody_LeavesOneRecordThatNamesHim()
    {
        var token = await Api.TokenAsync();
        foreach (var route in ApiRoute.All(Platform).Where(route => !route.IsAnonymous && route.Key != "identity.close-own-account"))
        {
            var (answer, record) = await CallAsync(route, TestPlatform.AdminKey, token);

            using (Assert.EnterMultipleScope())
            {
                AssertTells(record, route, answer);
                Assert.That(record.UserId, Is.Not.Null, $"{route}");
            }
        }
    }

    [TestCase("GET", "/admin/nope", HttpStatusCode.NotFound)]
    [TestCase("GET", "/ADMIN/nope/deeper", HttpStatusCode.NotFound)]
    [TestCase("GET", "/llm/gpt-9", HttpStatusCode.NotFound)]
    [TestCase("POST", "/check-balance", HttpStatusCode.MethodNotAllowed)]
    [TestCase("DELETE", "/llm/gpt-4o", HttpStatusCode.MethodNotAllowed)]
    [TestCase("PROPFIND-BUT-MUCH-LONGER", "/get-token", HttpStatusCode.MethodNotAllowed)]
    public async Task Call_WhenNoRouteServesItUnderAnApiPrefix_LeavesOneRecord(string method, string path, HttpStatusCode status)
    {
        var (answer, record) = await SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer["error"], Is.Not.Null, answer.Text);
        Assert.That((record.Status, record.Path, record.RouteKey), Is.EqualTo(((int)status, path, (string?)null)));
        Assert.That(method, Does.StartWith(record.Method));
    }

    [TestCase("/nope")]
    [TestCase("/administer/users")]
    [TestCase("/")]
    [TestCase("/favicon.ico")]
    public async Task Call_WhenItIsUnderNoApiPrefix_LeavesNoRecord(string path)
    {
        var answer = await Api.GetAsync(path, TestPlatform.AdminKey);

        var requestId = answer.RequestId();
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await Platform.QueryAsync(db => db.Set<AuditRecord>().AnyAsync(record => record.Id == requestId)), Is.False);
    }

    [Test]
    public async Task Call_WhenItsJsonIsUnreadable_LeavesOneRecordWithoutABody()
    {
        var request = Request(HttpMethod.Post, "/admin/add-endpoint", TestPlatform.AdminKey, null);
        request.Content = new StringContent("{\"token\": ");

        var (answer, record) = await SendAsync(request);

        answer.AssertBadRequest("Request body is required");
        Assert.That((record.Status, record.RequestBody, record.RouteKey), Is.EqualTo((400, (string?)null, "operations.add-endpoint")));
        Assert.That(record.Error, Is.EqualTo("body_required: Request body is required"));
    }

    [Test]
    public async Task Call_WhenItSucceeds_KeepsBothBodies()
    {
        var request = Request(HttpMethod.Post, "/llm/gpt-4o-mini", null, (await Api.UserAsync()).Token);
        request.Content = new StringContent("{\"user_input\":\"How far is the moon?\"}");

        var (answer, record) = await SendAsync(request);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(record.RequestBody, Is.EqualTo("{\"user_input\":\"How far is the moon?\"}"));
        Assert.That(record.ResponseBody, Does.Contain("\"message\""));
        Assert.That((record.Charged, record.HoldId.HasValue, record.EndpointId.HasValue), Is.EqualTo((1_000L, true, true)));
        Assert.That(record.ElapsedMilliseconds, Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    public async Task Call_WhenItCarriesAnIdOfItsOwn_KeepsItAndSendsItBack()
    {
        var (answer, record) = await SendAsync(Request(HttpMethod.Get, "/check-balance", TestPlatform.AdminKey, null));

        Assert.That(answer.Headers.GetValues("X-Correlation-ID"), Is.EqualTo(new[] { record.CorrelationId }));
    }

    [Test]
    public async Task Call_WhenItsOwnIdIsLong_KeepsItsStart()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/check-balance");
        request.Headers.Add("X-Correlation-ID", new string('c', 100_000));

        var answer = await Api.SendAsync(request);

        Assert.That((await RecordOfAsync(answer)).CorrelationId, Is.EqualTo(new string('c', 128)));
    }

    [Test]
    public async Task Call_WhenItsUserAgentIsLong_KeepsItsStart()
    {
        var request = Request(HttpMethod.Get, "/check-balance", TestPlatform.AdminKey, null);
        request.Headers.TryAddWithoutValidation("User-Agent", new string('u', 10_000));

        var (_, record) = await SendAsync(request);

        Assert.That(record.UserAgent, Is.EqualTo(new string('u', 500)));
    }

    [TestCase("/admin/%F0%9F%98%80", "/admin/😀")]
    [TestCase("/admin/%ff%fe", "/admin/%ff%fe")]
    public async Task Call_WhenItsPathHasOddBytes_IsRecordedAllTheSame(string path, string kept)
    {
        var (answer, record) = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

        Assert.That((answer.Status, record.Path), Is.EqualTo((HttpStatusCode.NotFound, kept)));
    }

    [Test]
    public async Task Call_WhenItsPathIsLong_KeepsItsStart()
    {
        var path = "/admin/" + new string('p', 20_000);

        var (_, record) = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

        Assert.That(record.Path, Is.EqualTo(path[..500]));
    }

    [Test]
    public async Task Call_WhenTheBodyIsHalfASurrogatePair_IsRecordedAllTheSame()
    {
        var request = Request(HttpMethod.Post, "/admin/add-endpoint", TestPlatform.AdminKey, null);
        request.Content = new StringContent("{\"token\":\"x\",\"a\":\"\\ud800\",\"\\udc00\":[\"\\ud800\"]}");

        var (answer, record) = await SendAsync(request);

        Assert.That((int)answer.Status, Is.InRange(400, 499));
        Assert.That(record.Status, Is.EqualTo((int)answer.Status));
    }

    private static void AssertTells(AuditRecord record, ApiRoute route, Answer answer)
    {
        Assert.That(record.Id, Is.EqualTo(answer.RequestId()), $"{route}");
        Assert.That(record.Status, Is.EqualTo((int)answer.Status), $"{route}");
        Assert.That(record.RouteKey, Is.EqualTo(route.Key), $"{route}");
        Assert.That(record.Method, Is.EqualTo(route.Method.Method), $"{route}");
        Assert.That(record.Path, Is.EqualTo(route.Path), $"{route}");
        Assert.That(record.Charged, Is.Zero, $"{route}");
        Assert.That((int)answer.Status, Unconfigured.Contains(route.Key) ? Is.EqualTo(503) : Is.LessThan(500), $"{route}: {answer.Text}");
        Assert.That(record.Error, (int)answer.Status < 400 ? Is.Null : Is.Not.Empty, $"{route}");
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? apiKey, string? token)
    {
        var request = new HttpRequestMessage(method, path);
        if (apiKey is not null)
        {
            request.Headers.Add("API-Key", apiKey);
        }

        if (token is not null)
        {
            request.Headers.Add("X-Token", token);
        }

        return request;
    }

    private Task<(Answer Answer, AuditRecord Record)> CallAsync(ApiRoute route, string? apiKey, string? token) =>
        SendAsync(Request(route.Method, route.Path, apiKey, token));

    /// <summary>Sends with an id of its own, so that a second record of the call would be found too.</summary>
    private async Task<(Answer Answer, AuditRecord Record)> SendAsync(HttpRequestMessage request)
    {
        var correlationId = Unique.Id().ToString();
        request.Headers.Add("X-Correlation-ID", correlationId);
        var answer = await Api.SendAsync(request);
        var records = await Platform.QueryAsync(db =>
            db.Set<AuditRecord>().AsNoTracking().Where(record => record.CorrelationId == correlationId).ToListAsync());
        Assert.That(records, Has.Count.EqualTo(1), $"{request.Method} {request.RequestUri} answered {answer.Text}");
        return (answer, records[0]);
    }

    private Task<AuditRecord> RecordOfAsync(Answer answer)
    {
        var requestId = answer.RequestId();
        return Platform.QueryAsync(db => db.Set<AuditRecord>().AsNoTracking().SingleAsync(record => record.Id == requestId));
    }
}
