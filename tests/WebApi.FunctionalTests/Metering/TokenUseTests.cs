using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>The tokens of a plan: what is left, what is reserved, what is consumed, and what is told of it.</summary>
public sealed class TokenUseTests(DatabaseProvider database) : PlatformTests(database)
{
    private static readonly string[] Routes = ["balance", "limits", "usage", "stats", "reserve", "consume"];

    [Test]
    public async Task Sample_OfTheDocumentation_RunsAsItStands()
    {
        var person = await Api.NewcomerAsync();

        var before = await GetAsync(person, "/tokens/balance");
        var consumed = await PostAsync(person, "/tokens/consume?amount=500&provider=openrouter&model_name=gpt-4o-mini&request_type=chat");
        var after = await GetAsync(person, "/tokens/balance");

        var userId = before["user_id"]!.GetValue<Guid>();
        Assert.That(before.Text, Is.EqualTo(
            $$"""{"user_id":"{{userId}}","tokens_remaining":10000,"tokens_used":0,"monthly_limit":10000,"subscription_plan":"free","reset_date":null}"""));
        Assert.That(consumed.Text, Is.EqualTo("""{"success":true,"consumed":500,"remaining":9500,"total_used":500}"""));
        Assert.That(after.Text, Is.EqualTo(
            $$"""{"user_id":"{{userId}}","tokens_remaining":9500,"tokens_used":500,"monthly_limit":10000,"subscription_plan":"free","reset_date":null}"""));
    }

    [TestCaseSource(nameof(Routes))]
    public async Task Route_WithoutACredentialOrWithAWrongOne_IsRefused(string route)
    {
        var method = route is "reserve" or "consume" ? HttpMethod.Post : HttpMethod.Get;

        var missing = await Api.SendAsync(method, $"/tokens/{route}", null, null, null);
        var wrong = await Api.BearerAsync(method, $"/tokens/{route}", "sk_live_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345");

        missing.AssertDetail(HttpStatusCode.Unauthorized, "Could not validate credentials");
        wrong.AssertDetail(HttpStatusCode.Unauthorized, "Could not validate credentials");
    }

    [Test]
    public async Task Limits_TellTheTokensAndTheRates()
    {
        var person = await Api.NewcomerAsync();
        await ConsumeAsync(person, 1);

        var limits = await GetAsync(person, "/tokens/limits");

        Assert.That(
            (limits["monthly_limit"]!.GetValue<long>(), limits["tokens_remaining"]!.GetValue<long>(), limits["tokens_used"]!.GetValue<long>(), limits["subscription_plan"]!.GetValue<string>()),
            Is.EqualTo((10_000, 9_999, 1, "free")));
        Assert.That(
            limits["rate_limits"]!.AsObject().Select(rate => rate.Key), Is.EqualTo(new[] { "requests_per_minute", "requests_per_hour", "requests_per_day" }));
    }

    [Test]
    public async Task Reserve_HoldsTokensThatNobodyElseCanTake()
    {
        var person = await Api.NewcomerAsync();

        var reserved = await PostAsync(person, "/tokens/reserve?amount=9000");
        var more = await PostAsync(person, "/tokens/reserve", new { amount = 1001 });
        var rest = await PostAsync(person, "/tokens/reserve", new { amount = 1000, provider = "openrouter", model_name = "m", request_type = "chat" });

        Assert.That(reserved.Text, Is.EqualTo("""{"success":true,"reserved":9000,"remaining":1000,"message":"Tokens reserved successfully"}"""));
        more.AssertDetail(HttpStatusCode.Forbidden, "Insufficient tokens available");
        Assert.That(rest["remaining"]!.GetValue<long>(), Is.Zero);
        var balance = await GetAsync(person, "/tokens/balance");
        Assert.That((balance["tokens_remaining"]!.GetValue<long>(), balance["tokens_used"]!.GetValue<long>()), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Consume_TakesTheReservationFirstAndGivesItsRestBack()
    {
        var person = await Api.NewcomerAsync();
        await PostAsync(person, "/tokens/reserve?amount=600");

        var consumed = await ConsumeAsync(person, 400);

        Assert.That(consumed.Text, Is.EqualTo("""{"success":true,"consumed":400,"remaining":9600,"total_used":400}"""));
    }

    [Test]
    public async Task Consume_WhenEverythingIsReserved_TakesTheOldestReservationsAndTheRestDirectly()
    {
        var person = await Api.NewcomerAsync();
        foreach (var amount in (int[])[3000, 4000, 2000])
        {
            await PostAsync(person, $"/tokens/reserve?amount={amount}");
        }

        var two = await ConsumeAsync(person, 3500);
        var all = await ConsumeAsync(person, 6500);

        // The third reservation stays beside the first consumption and pays a part of the second.
        Assert.That(two.Text, Is.EqualTo("""{"success":true,"consumed":3500,"remaining":4500,"total_used":3500}"""));
        Assert.That(all.Text, Is.EqualTo("""{"success":true,"consumed":6500,"remaining":0,"total_used":10000}"""));
        (await ConsumeAsync(person, 1)).AssertDetail(HttpStatusCode.Forbidden, "Insufficient tokens");
    }

    [Test]
    public async Task Consume_WhenItIsRefused_LeavesTheReservations()
    {
        var person = await Api.NewcomerAsync();
        await PostAsync(person, "/tokens/reserve?amount=600");

        (await ConsumeAsync(person, 10_001)).AssertDetail(HttpStatusCode.Forbidden, "Insufficient tokens");

        Assert.That((await GetAsync(person, "/tokens/balance"))["tokens_remaining"]!.GetValue<long>(), Is.EqualTo(9_400));
        Assert.That((await GetAsync(person, "/tokens/usage")).Json.AsArray(), Is.Empty);
    }

    [TestCase("consume", "?amount=0", null, "query.amount", "greater_than_equal", "Input should be greater than or equal to 1")]
    [TestCase("consume", "?amount=-5", null, "query.amount", "greater_than_equal", "Input should be greater than or equal to 1")]
    [TestCase("consume", "?amount=many", null, "query.amount", "int_parsing", "Input should be a valid integer, unable to parse string as an integer")]
    [TestCase("consume", "?amount=99999999999", null, "query.amount", "int_parsing", "Input should be a valid integer, unable to parse string as an integer")]
    [TestCase("consume", "", null, "body.amount", "missing", "Field required")]
    [TestCase("consume", "", """{"amount":"5"}""", "body.amount", "int_type", "Input should be a valid integer")]
    [TestCase("consume", "", """{"amount":1.5}""", "body.amount", "int_type", "Input should be a valid integer")]
    [TestCase("consume", "", """{"amount":1,"input_tokens":-1}""", "body.input_tokens", "greater_than_equal", "Input should be greater than or equal to 0")]
    [TestCase("consume", "?amount=1&output_tokens=x", null, "query.output_tokens", "int_parsing", "Input should be a valid integer, unable to parse string as an integer")]
    [TestCase("consume", "", """{"amount":1,"provider":7}""", "body.provider", "string_type", "Input should be a valid string")]
    [TestCase("consume", "", """{"amount":1,"model_name":"a\nb"}""", "body.model_name", "value_error", "Input should be a string of at most 100 characters without control characters")]
    [TestCase("consume", "", """{"amount":1,"request_metadata":[]}""", "body.request_metadata", "value_error", "Input should be a JSON object of at most 4000 characters")]
    [TestCase("reserve", "", null, "body.amount", "missing", "Field required")]
    [TestCase("reserve", "?amount=0", null, "query.amount", "greater_than_equal", "Input should be greater than or equal to 1")]
    [TestCase("reserve", "", """{"amount":1,"request_type":""" + "\"012345678901234567890123456789012345678901234567891\"}", "body.request_type", "value_error", "Input should be a string of at most 50 characters without control characters")]
    public async Task Call_WithAWrongField_IsRefusedAndTakesNothing(
        string route, string query, string? body, string place, string type, string words)
    {
        var person = await Api.NewcomerAsync();

        (await PostAsync(person, $"/tokens/{route}{query}", body)).AssertFault(place, type, words);

        Assert.That((await GetAsync(person, "/tokens/balance"))["tokens_remaining"]!.GetValue<long>(), Is.EqualTo(10_000));
    }

    [Test]
    public async Task Consume_WithATooLongNote_IsRefused()
    {
        var person = await Api.NewcomerAsync();
        var note = new JsonObject { ["a"] = new string('x', 4000) };

        var inQuery = await PostAsync(person, "/tokens/consume?amount=1", note.ToJsonString());
        var inBody = await PostAsync(person, "/tokens/consume", new JsonObject { ["amount"] = 1, ["request_metadata"] = note }.ToJsonString());

        inQuery.AssertFault("body.request_metadata", "value_error", "Input should be a JSON object of at most 4000 characters");
        inBody.AssertFault("body.request_metadata", "value_error", "Input should be a JSON object of at most 4000 characters");
    }

    [Test]
    public async Task Usage_ListsConsumptionsNewestFirstWithTheirNotes()
    {
        var person = await Api.NewcomerAsync();
        await PostAsync(person, "/tokens/consume", """{"amount":30,"provider":"glama","model_name":"m1","input_tokens":10,"output_tokens":20}""");
        await PostAsync(person, "/tokens/consume?amount=5&model_name=m2&provider=aiml&request_type=embedding", """{"project":"x"}""");
        await PostAsync(person, "/tokens/consume", """{"amount":7,"request_metadata":{"deep":{"er":1}}}""");

        var all = (await GetAsync(person, "/tokens/usage")).Json.AsArray();
        var page = (await GetAsync(person, "/tokens/usage?limit=1&offset=1")).Json.AsArray();

        Assert.That(all.Select(row => row!["tokens_used"]!.GetValue<int>()), Is.EqualTo(new[] { 7, 5, 30 }));
        Assert.That(all[0]!["request_metadata"]!.ToJsonString(), Is.EqualTo("""{"deep":{"er":1}}"""));
        Assert.That(
            all[1]!.AsObject().Where(member => member.Key is not ("id" or "created_at")).Select(member => $"{member.Key}={member.Value?.ToJsonString()}"),
            Is.EqualTo(new[]
            {
                "provider=\"aiml\"", "model_name=\"m2\"", "tokens_used=5", "cost_usd=", "request_type=\"embedding\"", "request_metadata={\"project\":\"x\"}",
            }));
        Assert.That((all[2]!["request_type"]!.GetValue<string>(), all[2]!["request_metadata"]), Is.EqualTo(("chat", (JsonNode?)null)));
        Assert.That(page.Select(row => row!["id"]!.GetValue<Guid>()), Is.EqualTo(new[] { all[1]!["id"]!.GetValue<Guid>() }));
    }

    [TestCase("usage?limit=0", "query.limit", "greater_than_equal", "Input should be greater than or equal to 1")]
    [TestCase("usage?limit=1001", "query.limit", "less_than_equal", "Input should be less than or equal to 1000")]
    [TestCase("usage?limit=x", "query.limit", "int_parsing", "Input should be a valid integer, unable to parse string as an integer")]
    [TestCase("usage?offset=-1", "query.offset", "greater_than_equal", "Input should be greater than or equal to 0")]
    [TestCase("stats?days=0", "query.days", "greater_than_equal", "Input should be greater than or equal to 1")]
    [TestCase("stats?days=366", "query.days", "less_than_equal", "Input should be less than or equal to 365")]
    [TestCase("stats?days=x", "query.days", "int_parsing", "Input should be a valid integer, unable to parse string as an integer")]
    public async Task List_WithAWrongParameter_IsRefused(string query, string place, string type, string words) =>
        (await GetAsync(await Api.NewcomerAsync(), $"/tokens/{query}")).AssertFault(place, type, words);

    [Test]
    public async Task Stats_SumUpByModel()
    {
        var person = await Api.NewcomerAsync();
        var none = await GetAsync(person, "/tokens/stats");
        foreach (var (model, amount) in new[] { ("a", 10), ("b", 5), ("a", 20) })
        {
            await PostAsync(person, $"/tokens/consume?amount={amount}&model_name={model}&provider=x");
        }

        var stats = await GetAsync(person, "/tokens/stats?days=7");

        Assert.That(none.Text, Is.EqualTo(
            """{"period_days":30,"total_tokens_used":0,"total_requests":0,"average_tokens_per_request":0,"model_breakdown":{},"current_remaining":10000}"""));
        Assert.That(stats.Text, Is.EqualTo(
            """{"period_days":7,"total_tokens_used":35,"total_requests":3,"average_tokens_per_request":11.67,"model_breakdown":{"a":{"tokens":30,"requests":2},"b":{"tokens":5,"requests":1}},"current_remaining":9965}"""));
    }

    [Test]
    public async Task Consume_SentTwiceUnderOneIdempotencyKey_IsChargedOnce()
    {
        var person = await Api.NewcomerAsync();
        var key = ("Idempotency-Key", Unique.Id().ToString("N"));

        var first = await Api.BearerAsync(HttpMethod.Post, "/tokens/consume?amount=500", person.AccessToken, null, key);
        var again = await Api.BearerAsync(HttpMethod.Post, "/tokens/consume?amount=500", person.AccessToken, null, key);
        var other = await Api.BearerAsync(HttpMethod.Post, "/tokens/consume?amount=501", person.AccessToken, null, key);

        Assert.That((again.Status, again.Text), Is.EqualTo((HttpStatusCode.OK, first.Text)));
        Assert.That(other.Status, Is.EqualTo(HttpStatusCode.Conflict), other.Text);
        Assert.That((await GetAsync(person, "/tokens/balance"))["tokens_used"]!.GetValue<long>(), Is.EqualTo(500));
    }

    [Test]
    public async Task Reserve_SentTwiceUnderOneIdempotencyKey_SetsAsideOnceWhateverBecomesOfIt()
    {
        var person = await Api.NewcomerAsync();
        var key = ("Idempotency-Key", Unique.Id().ToString("N"));

        var first = await Api.BearerAsync(HttpMethod.Post, "/tokens/reserve?amount=500", person.AccessToken, null, key);
        var again = await Api.BearerAsync(HttpMethod.Post, "/tokens/reserve?amount=500", person.AccessToken, null, key);
        var other = await Api.BearerAsync(HttpMethod.Post, "/tokens/reserve", person.AccessToken, new { amount = 500 }, key);
        var held = (await GetAsync(person, "/tokens/balance"))["tokens_remaining"]!.GetValue<long>();
        await PostAsync(person, "/tokens/consume?amount=500");
        var later = await Api.BearerAsync(HttpMethod.Post, "/tokens/reserve?amount=500", person.AccessToken, null, key);

        Assert.That((again.Status, again.Text, later.Text), Is.EqualTo((HttpStatusCode.OK, first.Text, first.Text)));
        Assert.That(other.Status, Is.EqualTo(HttpStatusCode.Conflict), other.Text);
        Assert.That(held, Is.EqualTo(9500));
        Assert.That((await GetAsync(person, "/tokens/balance"))["tokens_remaining"]!.GetValue<long>(), Is.EqualTo(9500));
    }

    [Test]
    public async Task Reserves_AtOnceUnderOneIdempotencyKey_SetAsideOnce()
    {
        var person = await Api.NewcomerAsync();
        var key = ("Idempotency-Key", Unique.Id().ToString("N"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            Api.BearerAsync(HttpMethod.Post, "/tokens/reserve?amount=500", person.AccessToken, null, key)));

        Assert.That(answers.Select(answer => answer.Status), Has.All.AnyOf(HttpStatusCode.OK, HttpStatusCode.Conflict).And.Some.EqualTo(HttpStatusCode.OK));
        Assert.That((await GetAsync(person, "/tokens/balance"))["tokens_remaining"]!.GetValue<long>(), Is.EqualTo(9500));
    }

    [Test]
    public async Task Consumptions_InParallel_NeverOverspendAndReconcile()
    {
        var person = await Api.NewcomerAsync();
        await PostAsync(person, "/tokens/reserve?amount=2500");

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ConsumeAsync(person, 1000)));

        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.OK), Is.EqualTo(10));
        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.Forbidden), Is.EqualTo(40));
        var userId = (await GetAsync(person, "/tokens/balance"))["user_id"]!.GetValue<Guid>();
        var account = await AccountAsync(userId);
        var (used, entries) = await Platform.QueryAsync(async db => (
            await db.Set<UsageRecord>().Where(usage => usage.UserId == userId).SumAsync(usage => usage.OwnTokens),
            await db.Set<LedgerEntry>().Where(entry => entry.AccountId == account.Id).ToListAsync()));
        Assert.That((account.Granted, account.Held, account.Spent, used), Is.EqualTo((10_000, 0, 10_000, 10_000)));
        Assert.That(
            (entries.Sum(entry => entry.GrantedDelta), entries.Sum(entry => entry.HeldDelta), entries.Sum(entry => entry.SpentDelta)),
            Is.EqualTo((10_000, 0, 10_000)));
    }

    [Test]
    public async Task Consume_IsAuditedWithItsHold()
    {
        var person = await Api.NewcomerAsync();

        var requestId = (await ConsumeAsync(person, 10)).RequestId();

        var (record, hold, usage) = await Platform.QueryAsync(async db => (
            await db.Set<AuditRecord>().SingleAsync(row => row.Id == requestId),
            await db.Set<Hold>().SingleAsync(row => row.RequestId == requestId),
            await db.Set<UsageRecord>().SingleAsync(row => row.RequestId == requestId)));
        Assert.That((record.HoldId, hold.State, usage.OwnTokens), Is.EqualTo(((Guid?)hold.Id, HoldState.Captured, 10)));
    }

    [Test]
    public async Task Reserve_WhenThereAreTooManyReservations_IsRefused()
    {
        var person = await Api.NewcomerAsync();
        for (var count = 0; count < 100; count++)
        {
            Assert.That((await PostAsync(person, "/tokens/reserve?amount=1")).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        (await PostAsync(person, "/tokens/reserve?amount=1")).AssertDetail(
            HttpStatusCode.TooManyRequests, "There are 100 open reservations. Consume them, or wait until they expire.");
        Assert.That((await ConsumeAsync(person, 100))["remaining"]!.GetValue<long>(), Is.EqualTo(9_900));
        Assert.That((await PostAsync(person, "/tokens/reserve?amount=1")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Reserve_WithAKeyThatIsLimited_IsHeldAgainstTheKeyToo()
    {
        var person = await Api.UserAsync();
        var keyId = await Platform.QueryAsync(db => db.Set<Domain.Identity.ApiKey>().Where(key => key.UserId == person.Id).Select(key => key.Id).SingleAsync());
        await Api.PutAsync(
            "/admin/ledger/limits",
            new { token = await Api.TokenAsync(), owner_kind = "api_key", owner_id = keyId, meter = "tokens", amount = 100 },
            TestPlatform.AdminKey);

        var tooMuch = await Api.PostAsync("/tokens/reserve?amount=101", null, person.ApiKey);
        var fits = await Api.PostAsync("/tokens/consume?amount=100", null, person.ApiKey);
        var more = await Api.PostAsync("/tokens/consume?amount=1", null, person.ApiKey);

        tooMuch.AssertDetail(HttpStatusCode.Forbidden, "Insufficient tokens available");
        Assert.That(fits.Text, Is.EqualTo("""{"success":true,"consumed":100,"remaining":9900,"total_used":100}"""));
        more.AssertDetail(HttpStatusCode.Forbidden, "Insufficient tokens");
    }

    [Test]
    public async Task Balance_WhenAnAdministratorLimitsThePerson_IsOfTheLimit()
    {
        var person = await Api.UserAsync();
        await ConsumeAsync(person.ApiKey, 60);
        await Api.PutAsync(
            "/admin/ledger/limits",
            new { token = await Api.TokenAsync(), owner_kind = "user", owner_id = person.Id, meter = "tokens", amount = 100 },
            TestPlatform.AdminKey);

        var balance = await Api.GetAsync("/tokens/balance", person.ApiKey);

        Assert.That(
            (balance["monthly_limit"]!.GetValue<long>(), balance["tokens_remaining"]!.GetValue<long>(), balance["tokens_used"]!.GetValue<long>()),
            Is.EqualTo((100, 40, 60)));
    }

    [Test]
    public async Task Balance_WhenTheLimitIsRemoved_IsOfThePlanAgain()
    {
        var person = await Api.UserAsync();
        var limit = new { token = await Api.TokenAsync(), owner_kind = "user", owner_id = person.Id, meter = "tokens", amount = 100 };
        await Api.PutAsync("/admin/ledger/limits", limit, TestPlatform.AdminKey);
        await ConsumeAsync(person.ApiKey, 60);

        await Api.DeleteAsync("/admin/ledger/limits", new { limit.token, limit.owner_kind, limit.owner_id, limit.meter }, TestPlatform.AdminKey);

        var balance = await Api.GetAsync("/tokens/balance", person.ApiKey);
        Assert.That(
            (balance["monthly_limit"]!.GetValue<long>(), balance["tokens_remaining"]!.GetValue<long>(), balance["tokens_used"]!.GetValue<long>()),
            Is.EqualTo((10_000, 9_940, 60)), balance.Text);
    }

    private Task<Answer> GetAsync(Newcomer person, string path) => Api.BearerAsync(HttpMethod.Get, path, person.AccessToken);

    private Task<Answer> PostAsync(Newcomer person, string path, object? body = null) =>
        Api.BearerAsync(HttpMethod.Post, path, person.AccessToken, body);

    private Task<Answer> ConsumeAsync(Newcomer person, int amount) => ConsumeAsync(person.AccessToken, amount);

    private Task<Answer> ConsumeAsync(string secret, int amount) =>
        Api.BearerAsync(HttpMethod.Post, $"/tokens/consume?amount={amount}&provider=openrouter&model_name=gpt-4o-mini", secret);

    private Task<LedgerAccount> AccountAsync(Guid userId) => Platform.QueryAsync(
        db => db.Set<LedgerAccount>().SingleAsync(account => account.OwnerId == userId && account.Meter == Meter.Tokens));
}
