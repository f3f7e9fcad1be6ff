using System.Net;
using System.Net.Http.Json;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>
/// A provider takes so long that the call's hold expires, becomes a dispute and is decided while the call still runs. What was
/// decided is the price; the caller gets what the provider answers.
/// </summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class SettledElsewhereTests(DatabaseProvider database)
{
    [TestCase("capture", "captured", 1)]
    [TestCase("release", "released", 0)]
    public async Task Call_WhenItsDisputeWasDecidedMeanwhile_AnswersAndLeavesTheDecisionAsItIs(string action, string state, int price)
    {
        await using var spending = await SpendingPlatform.StartAsync(database);
        var (answer, holdId, person) = await AskAsync(spending, Upstream.Ok("Late but whole"), action);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer.Text, Does.Contain("Late but whole"));
        await AssertRecordedAsync(spending, answer, $"settled_elsewhere: hold {holdId} was {state} before the call ended");
        var account = (await Money.StoredAsync(spending.Platform, AccountKey.MonthlyCredits(person.Id, new CalendarMonth(new DateOnly(2025, 3, 1))))).Account;
        Assert.That((account.Held, account.Spent), Is.EqualTo((0L, price * 1_000L)));
        Assert.That(await spending.Platform.QueryAsync(db => db.Set<UsageRecord>().CountAsync()), Is.Zero);
        await Money.AssertBooksBalanceAsync(spending.Platform);
    }

    [Test]
    public async Task Call_WhenTheProviderThenFails_IsRefusedAsItWouldBeAnyway()
    {
        await using var spending = await SpendingPlatform.StartAsync(database);

        var (answer, holdId, _) = await AskAsync(spending, Upstream.Status(500), "capture");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.InternalServerError), answer.Text);
        var error = await AssertRecordedAsync(spending, answer, $"settled_elsewhere: hold {holdId} was captured before the call ended; provider_failed");
        Assert.That(error, Does.Contain("; provider_failed: "));
    }

    [TestCase("capture", HttpStatusCode.Conflict)]
    [TestCase("release", HttpStatusCode.OK)]
    public async Task Repetition_WhenTheDisputeOfItsKeyWasDecidedMeanwhile_FindsNoAnswerKept(string action, HttpStatusCode repeated)
    {
        await using var spending = await SpendingPlatform.StartAsync(database);
        var (answer, _, person) = await AskAsync(spending, Upstream.Ok(), action, key: "once");

        // Tokens live shorter than the call took.
        var again = await AskAsync(spending, await spending.Api.TokenAsync(person.ApiKey), "once");

        Assert.That((answer.Status, again.Status), Is.EqualTo((HttpStatusCode.OK, repeated)), again.Text);
    }

    private static async Task<Answer> AskAsync(SpendingPlatform spending, string token, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/llm/gpt-4o-mini") { Content = JsonContent.Create(new { user_input = "Hello" }) };
        request.Headers.Add("X-Token", token);
        request.Headers.Add("Idempotency-Key", key);
        return await spending.Api.SendAsync(request);
    }

    /// <summary>Asks, and lets an administrator decide over the call's hold before the provider answers.</summary>
    private static async Task<(Answer Answer, Guid HoldId, Person Person)> AskAsync(
        SpendingPlatform spending, UpstreamBehavior behavior, string action, string key = "none")
    {
        var decided = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        spending.Upstream.Behavior = async (http, request) =>
        {
            await decided.Task;
            await behavior(http, request);
        };
        var person = await spending.UserAsync();
        var asking = AskAsync(spending, person.Token, key);
        await spending.Upstream.Asked;

        spending.Platform.Clock.Advance(TimeSpan.FromMinutes(20));
        await spending.Platform.Services.GetRequiredService<IExpiredHolds>().ResolveAsync(CancellationToken.None);
        var hold = await spending.Platform.QueryAsync(db => db.Set<Hold>().AsNoTracking().SingleAsync());
        Assert.That(hold.State, Is.EqualTo(HoldState.Disputed));
        var verdict = await spending.Api.AdministerAsync(
            $"/admin/ledger/disputes/{hold.Id}/resolve", ("action", action), ("reason", "Nobody knew that it still ran"));
        Assert.That(verdict.Status, Is.EqualTo(HttpStatusCode.OK), verdict.Text);

        decided.SetResult();
        return (await asking, hold.Id, person);
    }

    private static async Task<string> AssertRecordedAsync(SpendingPlatform spending, Answer answer, string error)
    {
        var record = await spending.Platform.AuditRecordAsync(answer.RequestId());
        Assert.That(record.Error, Does.StartWith(error));
        Assert.That((record.Status, record.Charged), Is.EqualTo(((int)answer.Status, 0L)));
        return record.Error!;
    }
}
