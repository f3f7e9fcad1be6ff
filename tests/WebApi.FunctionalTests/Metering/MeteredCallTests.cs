using System.Net;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

public sealed class MeteredCallTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string Depleted = "Your API call balance is depleted. Please upgrade your plan for additional calls.";

    [Test]
    public async Task Calls_WhenFiftyCompeteForABalanceOfTen_AreServedTenTimesAndRefusedForty()
    {
        var person = await Api.UserAsync();
        await SetBalanceAsync(person, 10);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AskAsync(person)));

        var refused = answers.Where(answer => answer.Status is HttpStatusCode.PaymentRequired).ToList();
        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.OK), Is.EqualTo(10));
        Assert.That(refused, Has.Count.EqualTo(40));
        refused[0].AssertRefused(HttpStatusCode.PaymentRequired, "Insufficient Balance", Depleted);
        Assert.That(await BalanceAsync(person), Is.Zero);
        var captures = await EntriesOfAsync(person, EntryKind.Capture);
        Assert.That(captures.Sum(entry => entry.SpentDelta), Is.EqualTo(MeterUnits.FromCredits(10)));
        Assert.That(
            captures.Select(entry => entry.RequestId),
            Is.EquivalentTo(answers.Where(answer => answer.Status is HttpStatusCode.OK).Select(answer => answer.RequestId())));
        Assert.That(await ChargesAsync(refused), Has.All.Zero);
    }

    [Test]
    public async Task Calls_WhenManyAreTheFirstOfAMonth_OpenOneAccountWithOneGrant()
    {
        var person = await Api.UserAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            number % 2 == 0 ? Api.GetAsync("/check-balance", person.ApiKey) : AskAsync(person)));

        Assert.That(answers.Select(answer => answer.Status), Has.All.EqualTo(HttpStatusCode.OK));
        Assert.That(await EntriesOfAsync(person, EntryKind.Grant), Has.Count.EqualTo(1));
        Assert.That(await BalanceAsync(person), Is.EqualTo(989));
    }

    [TestCase("/llm/deepseek-r1", 1)]
    [TestCase("/llm/llama", 2)]
    [TestCase("/llm/gpt-4o-mini", 1)]
    [TestCase("/llm/gpt-4o", 2)]
    [TestCase("/llm/o1-mini", 5)]
    [TestCase("/LLM/GPT-4o/", 2)]
    public async Task Call_WhenItSucceeds_CostsWhatTheCatalogueSays(string path, int cost)
    {
        var person = await Api.UserAsync();

        var answer = await AskAsync(person, path);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(await BalanceAsync(person), Is.EqualTo(999 - cost));
        Assert.That(await ChargesAsync([answer]), Is.EqualTo(new[] { MeterUnits.FromCredits(cost) }));
    }

    [Test]
    public async Task Call_WhenTheBalanceIsOneShort_Is402AndTakesNothing()
    {
        var person = await Api.UserAsync();
        await SetBalanceAsync(person, 4);

        (await AskAsync(person, "/llm/o1-mini")).AssertRefused(HttpStatusCode.PaymentRequired, "Insufficient Balance", Depleted);

        Assert.That(await BalanceAsync(person), Is.EqualTo(4));
        Assert.That(await EntriesOfAsync(person, EntryKind.Hold), Is.Empty);
    }

    [Test]
    public async Task Call_WhenItsBodyIsRefused_HoldsNothing()
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync("/llm/gpt-4o", new { temperature = 5 }, token: person.Token);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await EntriesOfAsync(person, EntryKind.Hold), Is.Empty);
    }

    [Test]
    public async Task Balance_WhenTheTierChangesWithinTheMonth_StaysWhatItWas()
    {
        var person = await Api.UserAsync(tier: 1);
        await AskAsync(person);

        await Platform.QueryAsync(async db =>
        {
            (await db.Set<User>().SingleAsync(user => user.Id == person.Id)).MoveToTier(2, TimeProvider.System.GetUtcNow());
            return await db.SaveChangesAsync();
        });
        Platform.Services.GetRequiredService<IReadCache>().Forget();

        var answer = await Api.GetAsync("/check-balance", person.ApiKey);
        Assert.That(answer["scope"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(answer["tier_description"]!.GetValue<string>(), Is.EqualTo("Production Tier 3 - Basic"));
        Assert.That(answer["current_balance"]!.GetValue<long>(), Is.EqualTo(998));
    }

    private Task<Answer> AskAsync(Person person, string path = "/llm/gpt-4o-mini") =>
        Api.PostAsync(path, new { user_input = "Hello" }, token: person.Token);

    private async Task<long> BalanceAsync(Person person) =>
        (await Api.GetAsync("/check-balance", person.ApiKey))["current_balance"]!.GetValue<long>();

    private async Task SetBalanceAsync(Person person, int balance)
    {
        var answer = await Api.PostAsync(
            "/admin/update-balance", new { user_id = person.Id, new_balance = balance }, TestPlatform.AdminKey, await Api.TokenAsync());
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    private Task<List<LedgerEntry>> EntriesOfAsync(Person person, EntryKind kind) => Platform.QueryAsync(db => (
        from entry in db.Set<LedgerEntry>().AsNoTracking()
        join account in db.Set<LedgerAccount>() on entry.AccountId equals account.Id
        where account.OwnerId == person.Id && entry.Kind == kind
        select entry).ToListAsync());

    private Task<List<long>> ChargesAsync(IEnumerable<Answer> answers)
    {
        var ids = answers.Select(answer => answer.RequestId()).ToList();
        return Platform.QueryAsync(db =>
            db.Set<AuditRecord>().Where(record => ids.Contains(record.Id)).Select(record => record.Charged).ToListAsync());
    }
}
