using System.Net;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>
/// Tests against a platform whose providers are one server on loopback. Each test marks its prompts, and with them its
/// requests upstream.
/// </summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public abstract class ProviderPlatformTests(DatabaseProvider database)
{
    protected DatabaseProvider Database { get; } = database;

    protected TestPlatform Platform { get; private set; } = null!;

    protected LoopbackUpstream ModelHost { get; private set; } = null!;

    protected Api Api { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        ModelHost = await LoopbackUpstream.StartAsync();
        Platform = await TestPlatform.StartAsync(
            Database,
            ("Providers:AzureOpenAI:Endpoint", ModelHost.Address.AbsoluteUri),
            ("Providers:AzureOpenAI:ApiKey", LoopbackGateway.Key),
            ("Providers:DeepSeek:Endpoint", ModelHost.Endpoint),
            ("Providers:DeepSeek:ApiKey", LoopbackGateway.Key),
            ("Providers:Llama:Endpoint", ModelHost.Endpoint),
            ("Providers:Llama:ApiKey", LoopbackGateway.Key));
        Api = Platform.Api();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await Platform.DisposeAsync();
        await ModelHost.DisposeAsync();
    }

    /// <summary>A text that no other test sends.</summary>
    protected static string Marker() => $"marker-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";

    protected async Task<long> BalanceAsync(Person person)
    {
        var answer = await Api.GetAsync("/check-balance", person.ApiKey);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        return answer["current_balance"]!.GetValue<long>();
    }

    /// <summary>The one record of a person's calls of a path, once it is written.</summary>
    protected async Task<AuditRecord> RecordAsync(Person person, string path)
    {
        for (var patience = 0; patience < 200; patience++)
        {
            var records = await Platform.QueryAsync(db => db.Set<AuditRecord>().AsNoTracking()
                .Where(record => record.UserId == person.Id && record.Path == path).ToListAsync());
            if (records.Count > 0)
            {
                return records.Single();
            }

            await Task.Delay(50);
        }

        throw new AssertionException($"No record of {path} was written.");
    }

    /// <summary>That the call was refused in these words, cost nothing, and reached nobody.</summary>
    protected async Task AssertRefusedFreeAsync(Answer answer, Person person, string expected)
    {
        var balance = await BalanceAsync(person);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(answer.Text, Is.EqualTo($$"""{"response":"400","message":"{{expected}}"}"""));
            Assert.That(balance, Is.EqualTo(999));
        }
    }
}
