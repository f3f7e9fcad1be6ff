using System.Net;
using System.Text;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Gateway;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>Calls that carry an Idempotency-Key, against providers that count what reaches them.</summary>
public sealed class IdempotencyTests(DatabaseProvider database) : ProviderPlatformTests(database)
{
    private const string Gpt = "/llm/gpt-4o-mini";

    [Test]
    public async Task Call_WhenSentAgain_HasTheSameAnswerAndIsNeitherCarriedOutNorChargedAgain()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());

        var first = await AskAsync(person, marker, key);
        var second = await AskAsync(person, marker, key);

        Assert.That((first.Status, second.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)), second.Text);
        Assert.That(second.Text, Is.EqualTo(first.Text));
        Assert.That(second.Headers.GetValues("X-Model-Provider"), Is.EqualTo(first.Headers.GetValues("X-Model-Provider")));
        Assert.That((IsReplay(first), IsReplay(second)), Is.EqualTo((false, true)));
        Assert.That(ModelHost.RequestsWith(marker), Has.Count.EqualTo(1));
        Assert.That(await BalanceAsync(person), Is.EqualTo(998));
    }

    [Test]
    public async Task Replay_LeavesARecordOfItsOwnThatNamesTheFirstCallAndNoCharge()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());
        var first = await AskAsync(person, marker, key);

        var second = await AskAsync(person, marker, key);

        var record = await Platform.AuditRecordAsync(second.RequestId());
        Assert.That((record.Status, record.Charged, record.HoldId, record.ReplayOf), Is.EqualTo((200, 0L, (Guid?)null, (Guid?)first.RequestId())));
        Assert.That((await Platform.AuditRecordAsync(first.RequestId())).ReplayOf, Is.Null);
        var shown = await Api.GetAsync($"/admin/audit/{second.RequestId()}", TestPlatform.AdminKey);
        Assert.That(shown["replay_of"]!.GetValue<Guid>(), Is.EqualTo(first.RequestId()));
    }

    [Test]
    public async Task Call_WhenTheKeyWasSentWithAnotherBody_Is409()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());
        await AskAsync(person, marker, key);

        AssertConflict(await AskAsync(person, $"{marker}!", key), Reused);

        Assert.That(await BalanceAsync(person), Is.EqualTo(998));
    }

    [Test]
    public async Task Call_WhenTheKeyWasSentOnAnotherRoute_Is409()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());
        await AskAsync(person, marker, key);

        AssertConflict(await AskAsync(person, marker, key, "/llm/gpt-4o"), Reused);

        Assert.That(await BalanceAsync(person), Is.EqualTo(998));
    }

    [Test]
    public async Task Call_WhenAnotherAccountHasTheSameKey_IsCarriedOut()
    {
        var (one, other, marker, key) = (await Api.UserAsync(), await Api.UserAsync(), Marker(), Key());
        await AskAsync(one, marker, key);

        var answer = await AskAsync(other, marker, key);

        Assert.That((answer.Status, IsReplay(answer)), Is.EqualTo((HttpStatusCode.OK, false)));
        Assert.That(await BalanceAsync(other), Is.EqualTo(998));
    }

    [Test]
    public async Task Call_WhenItsKeyDiffersOnlyInLetterCase_IsAnotherCall()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), $"Key-{Key()}");
        await AskAsync(person, marker, key);

        Assert.That(IsReplay(await AskAsync(person, marker, key.ToUpperInvariant())), Is.False);
        Assert.That(await BalanceAsync(person), Is.EqualTo(997));
    }

    [Test]
    public async Task Call_WhenTheFirstStillRuns_Is409AndSaysWhenToComeBack()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());
        var (arrived, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        ModelHost.When(marker, async (http, request) =>
        {
            arrived.TrySetResult();
            await answer.Task;
            await Upstream.Ok()(http, request);
        });
        var first = AskAsync(person, marker, key);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var second = await AskAsync(person, marker, key);
        answer.SetResult();

        AssertConflict(second, InProgress);
        Assert.That(second.Headers.GetValues("Retry-After"), Is.EqualTo(new[] { "1" }));
        Assert.That((await first).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(IsReplay(await AskAsync(person, marker, key)), Is.True);
        Assert.That(await BalanceAsync(person), Is.EqualTo(998));
    }

    [Test]
    public async Task Calls_WhenManyComeAtOnceWithOneKey_AreCarriedOutOnceAndChargedOnce()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(person, marker, key)));

        Assert.That(ModelHost.RequestsWith(marker), Has.Count.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.OK && !IsReplay(answer)), Is.EqualTo(1));
        Assert.That(answers.Where(answer => answer.Status is not HttpStatusCode.OK).Select(answer => answer.Status), Has.All.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await BalanceAsync(person), Is.EqualTo(998));
    }

    [Test]
    public async Task Call_WhenTheFirstFailed_IsANewAttempt()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());
        ModelHost.When(marker, Upstream.Status(400));
        var first = await AskAsync(person, marker, key);
        ModelHost.When(marker, Upstream.Ok());

        var second = await AskAsync(person, marker, key);

        Assert.That((first.Status, second.Status, IsReplay(second)), Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.OK, false)));
        Assert.That(IsReplay(await AskAsync(person, marker, key)), Is.True);
        Assert.That(await BalanceAsync(person), Is.EqualTo(998));
    }

    [Test]
    public async Task Call_WhenTheFirstFailedAndTheBodyIsAnother_IsANewAttemptToo()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());
        ModelHost.When(marker, Upstream.Status(400));
        await AskAsync(person, marker, key);

        Assert.That((await AskAsync(person, Marker(), key)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Replay_WhenTheBalanceIsSpentMeanwhile_IsGivenAllTheSame()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());
        await AskAsync(person, marker, key);
        await Api.PostAsync("/admin/update-balance", new { user_id = person.Id, new_balance = 0 }, TestPlatform.AdminKey, await Api.TokenAsync());

        Assert.That((await AskAsync(person, Marker(), Key())).Status, Is.EqualTo(HttpStatusCode.PaymentRequired));
        Assert.That(IsReplay(await AskAsync(person, marker, key)), Is.True);
    }

    [Test]
    public async Task Call_WhenFundsLack_DoesNotTakeTheKey()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());
        await Api.PostAsync("/admin/update-balance", new { user_id = person.Id, new_balance = 0 }, TestPlatform.AdminKey, await Api.TokenAsync());
        await AskAsync(person, marker, key);
        await Api.PostAsync("/admin/update-balance", new { user_id = person.Id, new_balance = 1 }, TestPlatform.AdminKey, await Api.TokenAsync());

        Assert.That((await AskAsync(person, marker, key)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Call_WhenTheFirstIsDisputed_Is409UntilTheDisputeEnds()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());
        var hold = await DisputedAsync(person, marker, key);

        AssertConflict(await AskAsync(person, marker, key), Disputed);
        await ResolveAsync(hold, "release");

        Assert.That((await AskAsync(person, marker, key)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await BalanceAsync(person), Is.EqualTo(998));
    }

    [Test]
    public async Task Call_WhenTheDisputeOfTheFirstEndedWithACharge_Is409BecauseThereIsNoAnswer()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());
        await ResolveAsync(await DisputedAsync(person, marker, key), "capture");

        AssertConflict(await AskAsync(person, marker, key), NotKept);

        Assert.That(await BalanceAsync(person), Is.EqualTo(998));
    }

    [Test]
    public async Task Answer_WhenItIsLargerThanAnyKept_IsGivenOnceAndNotKept()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());
        ModelHost.When(marker, Upstream.Ok(new string('x', (1024 * 1024) + 1)));

        var first = await AskAsync(person, marker, key);

        Assert.That(first.Status, Is.EqualTo(HttpStatusCode.OK), first.Text[..Math.Min(200, first.Text.Length)]);
        AssertConflict(await AskAsync(person, marker, key), NotKept);
        Assert.That(await BalanceAsync(person), Is.EqualTo(998));
    }

    [Test]
    public async Task Image_WhenAskedForAgain_HasTheSameLinkAndIsNotDrawnAgain()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());

        var answers = new[]
        {
            await SendAsync("/image-generation/dalle3", person, $$"""{"prompt":"{{marker}}"}""", key),
            await SendAsync("/image/generate", person, $$"""{"prompt":"{{marker}}"}""", key),
        };

        Assert.That(answers[1].Text, Is.EqualTo(answers[0].Text));
        Assert.That(answers[1]["image_url"]!.GetValue<string>(), Does.Contain("sig="));
        Assert.That(ModelHost.RequestsWith(marker), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Database_WhenAnAnswerIsKept_HoldsNeitherTheKeyNorTheBodyNorTheAnswer()
    {
        var (person, marker, key) = (await Api.UserAsync(), Marker(), Key());
        ModelHost.When(marker, Upstream.Ok($"answer to {marker}"));
        await AskAsync(person, marker, key);

        var kept = await Platform.QueryAsync(db => db.Set<IdempotentCall>().AsNoTracking().SingleAsync(call => call.UserId == person.Id));

        Assert.That(kept.Answer, Has.Length.GreaterThan(100));
        var bytes = Encoding.Latin1.GetString([.. kept.Id.ToByteArray(), .. kept.Fingerprint, .. kept.Answer!]);
        Assert.That(bytes, Does.Not.Contain(marker).And.Not.Contain(key).And.Not.Contain("Message"));
    }

    [Test]
    public async Task Answer_WhenItsRowIsExchangedForAnothers_IsNotGiven()
    {
        var (one, other, marker, key) = (await Api.UserAsync(), await Api.UserAsync(), Marker(), Key());
        await AskAsync(one, marker, key);
        await AskAsync(other, marker, key);
        await Platform.QueryAsync(async db =>
        {
            var stolen = await db.Set<IdempotentCall>().Where(call => call.UserId == one.Id).Select(call => call.Answer).SingleAsync();
            return await db.Set<IdempotentCall>().Where(call => call.UserId == other.Id)
                .ExecuteUpdateAsync(change => change.SetProperty(call => call.Answer, stolen));
        });

        AssertConflict(await AskAsync(other, marker, key), NotKept);
    }

    [Test]
    public async Task Call_WithoutAKey_TakesNone()
    {
        var person = await Api.UserAsync();
        await Api.PostAsync(Gpt, new { user_input = Marker() }, token: person.Token);

        Assert.That(await Platform.QueryAsync(db => db.Set<IdempotentCall>().AnyAsync(call => call.UserId == person.Id)), Is.False);
    }

    [Test]
    public async Task Route_ThatIsNotPaidFor_DoesNotLookAtTheKey()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/check-balance");
        request.Headers.Add("API-Key", TestPlatform.AdminKey);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", new string('k', 300));

        Assert.That((await Api.SendAsync(request)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("\u00e9")]
    [TestCase("\u007f")]
    [TestCase("tab\tin it")]
    [TestCase("a", "b")]
    [TestCase("same", "same")]
    public async Task Key_WhenItIsNone_Is400(params string[] keys)
    {
        var person = await Api.UserAsync();

        var answer = await SendAsync(Gpt, person, """{"user_input":"Hello"}""", keys);

        AssertConflict(answer, Invalid, HttpStatusCode.BadRequest);
        Assert.That(await BalanceAsync(person), Is.EqualTo(999));
    }

    [TestCase(255, HttpStatusCode.OK)]
    [TestCase(256, HttpStatusCode.BadRequest)]
    public async Task Key_OfItsGreatestLength_IsTakenAndNoLongerOne(int length, HttpStatusCode status)
    {
        var person = await Api.UserAsync();

        Assert.That((await AskAsync(person, Marker(), Key().PadRight(length, 'k'))).Status, Is.EqualTo(status));
    }

    private const string Reused = "This Idempotency-Key was sent before with another body or on another route. Use a new key for a new call.";

    private const string InProgress = "The call with this Idempotency-Key still runs. Send it again shortly for its answer.";

    private const string Invalid = "Idempotency-Key must be one text of 1 to 255 printable ASCII characters";

    private const string Disputed =
        "The outcome of the call with this Idempotency-Key is unknown until an administrator resolves its dispute. A new key makes a new call.";

    private const string NotKept =
        "The call with this Idempotency-Key was charged, but its answer is not kept: it was too large, or the call was settled without one. " +
        "A new key makes a new call.";

    private static string Key() => $"{Unique.Id():N}";

    private static bool IsReplay(Answer answer) =>
        answer.Headers.TryGetValues("Idempotency-Replayed", out var values) && values.Single() == "true";

    private static void AssertConflict(Answer answer, string message, HttpStatusCode status = HttpStatusCode.Conflict)
    {
        Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
        Assert.That(answer.Text, Is.EqualTo($$"""{"response":"{{(int)status}}","message":"{{message}}"}"""));
        Assert.That(IsReplay(answer), Is.False);
    }

    private Task<Answer> AskAsync(Person person, string text, string key, string path = Gpt) =>
        SendAsync(path, person, $$"""{"user_input":"{{text}}"}""", key);

    private async Task<Answer> SendAsync(string path, Person person, string body, params string[] keys)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Token", person.Token);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", keys);
        return await Api.SendAsync(request);
    }

    /// <summary>A call whose process died after it was sent: nobody closed it.</summary>
    private async Task<Guid> DisputedAsync(Person person, string marker, string key)
    {
        await AskAsync(person, marker, key);
        var hold = await Platform.QueryAsync(db => db.Set<Hold>().AsNoTracking().SingleAsync(hold => hold.UserId == person.Id));
        await Platform.QueryAsync(async db =>
        {
            // As if the second commit had never been: the hold is open, the answer is not kept.
            var accountId = hold.Lines.Count > 0 ? hold.Lines[0].AccountId : await db.Set<LedgerEntry>()
                .Where(entry => entry.HoldId == hold.Id).Select(entry => entry.AccountId).FirstAsync();
            await db.Set<LedgerEntry>().Where(entry => entry.HoldId == hold.Id && entry.Kind == EntryKind.Capture).ExecuteDeleteAsync();
            await db.Set<LedgerAccount>().Where(account => account.Id == accountId).ExecuteUpdateAsync(change => change
                .SetProperty(account => account.Held, 1_000).SetProperty(account => account.Spent, 0).SetProperty(account => account.EntryCount, 2));
            await db.Set<IdempotentCall>().Where(call => call.HoldId == hold.Id)
                .ExecuteUpdateAsync(change => change.SetProperty(call => call.Answer, (byte[]?)null));
            return await db.Set<Hold>().Where(row => row.Id == hold.Id).ExecuteUpdateAsync(change => change
                .SetProperty(row => row.State, HoldState.Disputed).SetProperty(row => row.SettledAt, (DateTimeOffset?)null));
        });
        return hold.Id;
    }

    private async Task ResolveAsync(Guid holdId, string action)
    {
        var answer = await Api.AdministerAsync($"/admin/ledger/disputes/{holdId}/resolve", ("action", action), ("reason", "A test"));
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }
}
