using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>Answers that are readable and hold nothing of what was asked for: they are the provider's failure, and free.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RelayAnswerTests(DatabaseProvider database)
{
    private const long Dollar = 1_000_000_000;

    private SpendingPlatform _platform = null!;

    private Api Api => _platform.Api;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.StartAsync(database, ("Providers:OpenAI:Timeout", "00:00:02"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [TestCase("chat/completions", "{}")]
    [TestCase("chat/completions", """{"choices":[]}""")]
    [TestCase("chat/completions", """{"choices":{"message":"x"},"usage":7}""")]
    [TestCase("completions", """{"data":[1]}""")]
    [TestCase("responses", """{"output":[]}""")]
    [TestCase("embeddings", """{"data":[]}""")]
    [TestCase("images/generations", """{"created":1}""")]
    public async Task Answer_WhenItHoldsNothingAndCountsNothing_IsTheProvidersFailureAndFree(string path, string answer)
    {
        var person = await PersonAsync();

        var reply = await PostAsync(person, path, Mark(Upstream.Raw(answer)));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.BadGateway), reply.Text);
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.Zero);
        Assert.That((await _platform.AccountAsync("user", person.Id, "wallet"))["held"]!.GetValue<long>(), Is.Zero);
    }

    [TestCase("""{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":0}}""", 10 * 150)]
    [TestCase("""{"choices":[{"message":{"role":"assistant","content":""}}],"usage":{"prompt_tokens":10,"completion_tokens":2}}""", (10 * 150) + (2 * 600))]
    public async Task Answer_WhenItIsEmptyAndCounted_IsPassedOnAndPaidByItsCounts(string answer, long cost)
    {
        var person = await PersonAsync();

        var reply = await PostAsync(person, "chat/completions", Mark(Upstream.Raw(answer)));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Text);
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo(cost));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(9)]
    public async Task Images_WhenOtherThanWereAskedForCome_ArePaidAsFarAsTheyCameAndWereAskedFor(int made)
    {
        var person = await PersonAsync();
        var images = string.Join(',', Enumerable.Repeat($$"""{"b64_json":"{{Upstream.Pixel}}"}""", made));

        var reply = await PostAsync(person, "images/generations", Mark(Upstream.Raw($$"""{"created":1,"data":[{{images}}]}""")), ("n", 3));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Text);
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo(Math.Min(made, 3) * 40_000_000L));
        var row = await _platform.Platform.QueryAsync(db => db.Set<UsageRecord>().AsNoTracking().SingleAsync(row => row.UserId == person.Id));
        Assert.That(row.Images, Is.EqualTo(Math.Min(made, 3)));
    }

    [Test]
    public async Task Stream_WhenItSaysNothingButThatItEnds_IsFree()
    {
        var person = await PersonAsync();

        await PostAsync(person, "chat/completions", Mark(UpstreamEvents.Raw("[DONE]")), ("stream", true));

        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.Zero);
    }

    [TestCase(101)]
    [TestCase(302)]
    [TestCase(304)]
    [TestCase(307)]
    [TestCase(402)]
    public async Task Answer_WhenTheProviderSendsElsewhereOrWantsToBePaid_IsTheProvidersFailureAndFree(int status)
    {
        var person = await PersonAsync();
        var marker = Mark((http, _) =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "http://127.0.0.1:1/";
            return Task.CompletedTask;
        });

        var reply = await PostAsync(person, "chat/completions", marker);

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.BadGateway), reply.Text);
        Assert.That(_platform.Upstream.RequestsWith(marker), Has.Count.EqualTo(1));
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.Zero);
    }

    /// <summary>Eight megabytes of lines, each of which would have copied all before it.</summary>
    [Test]
    public async Task Stream_WhenAnEventHasAMillionLines_IsReadOnce()
    {
        var person = await PersonAsync();
        var marker = Mark(async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(string.Concat(Enumerable.Repeat("data: 1\n", 1_000_000)) + "\n", http.RequestAborted);
        });

        var reply = await PostAsync(person, "chat/completions", marker, ("stream", true));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.BadGateway), reply.Text);
    }

    /// <summary>Each read of it comes in time, and the whole never would.</summary>
    [Test]
    public async Task Stream_WhenTheAnswerIsNoneAndComesToNoEnd_HasTheTimeOfAWholeAnswer()
    {
        var person = await PersonAsync();
        var marker = Mark(async (http, _) =>
        {
            http.Response.ContentType = "application/json";
            while (true)
            {
                await http.Response.WriteAsync(" ", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                await Task.Delay(50, http.RequestAborted);
            }
        });

        var reply = await PostAsync(person, "chat/completions", marker, ("stream", true));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.GatewayTimeout), reply.Text);
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.Zero);
    }

    private Task<Answer> PostAsync(Person person, string path, string marker, params (string Name, JsonNode Value)[] fields)
    {
        var body = new JsonObject
        {
            ["model"] = path switch { "embeddings" => "text-embedding-3-small", "images/generations" => "dall-e-3", _ => "gpt-4o-mini" },
            [path switch { "chat/completions" => "messages", "responses" or "embeddings" => "input", _ => "prompt" }] =
                path == "chat/completions" ? new JsonArray(new JsonObject { ["role"] = "user", ["content"] = marker }) : marker,
        };
        foreach (var (name, value) in fields)
        {
            body[name] = value;
        }

        return Api.PostAsync($"/v1/{path}", body, person.ApiKey);
    }

    private string Mark(UpstreamBehavior behavior)
    {
        var marker = $"marker-{Unique.Id():N}";
        _platform.Upstream.When(marker, behavior);
        return marker;
    }

    private async Task<Person> PersonAsync()
    {
        var person = await Api.UserAsync();
        await _platform.FundAsync("user", person.Id, credits: false, wallet: true);
        await _platform.GrantAsync(person.Id, "wallet", Dollar);
        return person;
    }
}
