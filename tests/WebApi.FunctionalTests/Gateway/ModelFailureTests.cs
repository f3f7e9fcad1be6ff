using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>A model route whose provider fails, or whose caller leaves: a clear answer, no charge, one record.</summary>
public sealed class ModelFailureTests(DatabaseProvider database) : ProviderPlatformTests(database)
{
    private const string Failed = "The model provider could not answer the request";

    private static readonly Dictionary<string, (UpstreamBehavior Behavior, int Status, string Message)> Failures = new()
    {
        ["refuses the request"] = (Upstream.Status(400), 400, "The model provider rejected the request"),
        ["cannot process the request"] = (Upstream.Status(422), 400, "The model provider rejected the request"),
        ["filters the content"] =
            (Upstream.Status(400, "content_filter"), 400, "The model provider refused the request under its content policy"),
        ["refuses our key"] = (Upstream.Status(401), 500, Failed),
        ["is overloaded"] = (Upstream.Status(429), 500, Failed),
        ["breaks"] = (Upstream.Status(500), 500, Failed),
        ["resets before an answer"] = (Upstream.ResetBeforeHeaders(), 500, Failed),
        ["resets amid the answer"] = (Upstream.ResetMidBody(), 500, Failed),
        ["answers no JSON"] = (Upstream.Raw("<html>"), 500, Failed),
        ["floods"] = (Upstream.Huge(100L * 1024 * 1024), 500, Failed),
    };

    private static IEnumerable<string> FailureNames => Failures.Keys;

    [TestCaseSource(nameof(FailureNames))]
    public async Task Provider_ThatFails_CostsNothingAndShowsNothingOfItself(string failure)
    {
        var (behavior, status, message) = Failures[failure];
        var person = await Api.UserAsync();
        var marker = Marker();
        ModelHost.When(marker, behavior);

        var answer = await Api.PostAsync("/llm/gpt-4o", new { user_input = marker }, token: person.Token);

        var record = await RecordAsync(person, "/llm/gpt-4o");
        var balance = await BalanceAsync(person);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)answer.Status, Is.EqualTo(status));
            Assert.That(answer.Text, Is.EqualTo($$"""{"response":"{{status}}","message":"{{message}}"}"""));
            Assert.That(balance, Is.EqualTo(999));
            Assert.That(record.Status, Is.EqualTo(status));
            Assert.That(record.Charged, Is.Zero);
            Assert.That(record.HoldId, Is.Not.Null);
            Assert.That(Platform.Log.Text, Does.Not.Contain(LoopbackGateway.Key).And.Not.Contain(Upstream.Secret));
        }
    }

    [Test]
    public async Task Provider_ThatSaysWhenToComeBack_IsQuoted()
    {
        var person = await Api.UserAsync();
        var marker = Marker();
        ModelHost.When(marker, Upstream.Status(429, retryAfter: "60"));

        var answer = await Api.PostAsync("/llm/llama", new { user_input = marker }, token: person.Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(answer.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(60)));
        }
    }

    [Test]
    public async Task Caller_WhoLeavesBeforeTheAnswer_IsNotCharged()
    {
        var person = await Api.UserAsync();
        var marker = Marker();
        var asked = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        ModelHost.When(marker, async (http, _) =>
        {
            asked.SetResult();
            await using var leaving = http.RequestAborted.Register(left.SetResult);
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/llm/gpt-4o-mini");
        request.Content = new StringContent($$"""{"user_input":"{{marker}}"}""");
        request.Headers.Add("X-Token", person.Token);
        using var caller = new CancellationTokenSource();

        var asking = Api.Http.SendAsync(request, caller.Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await caller.CancelAsync();

        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var record = await RecordAsync(person, "/llm/gpt-4o-mini");
        var balance = await BalanceAsync(person);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(record.Status, Is.EqualTo(499));
            Assert.That(record.Charged, Is.Zero);
            Assert.That(balance, Is.EqualTo(999));
        }
    }

    [Test]
    public async Task Caller_WhoseCreditsAreSpent_IsRefusedAfterValidationAndBeforeTheProvider()
    {
        var person = await Api.UserAsync(tier: 5);
        for (var call = 0; call < 20; call++)
        {
            await Api.PostAsync("/llm/o1-mini", new { user_input = "x" }, token: person.Token);
        }

        var marker = Marker();
        var wrong = await Api.PostAsync("/llm/o1-mini", new { user_input = marker, temperature = 7 }, token: person.Token);
        var right = await Api.PostAsync("/llm/o1-mini", new { user_input = marker }, token: person.Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(wrong.Status, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(right.Status, Is.EqualTo(HttpStatusCode.PaymentRequired));
            Assert.That(right["error"]!.GetValue<string>(), Is.EqualTo("Insufficient Balance"));
            Assert.That(
                right["message"]!.GetValue<string>(),
                Is.EqualTo("Your API call balance is depleted. Please upgrade your plan for additional calls."));
            Assert.That(ModelHost.RequestsWith(marker), Is.Empty);
        }
    }

    [Test]
    public async Task Route_WhenNobodyServesItsModel_SaysSo()
    {
        await using var platform = await TestPlatform.StartAsync(Database, ("Providers:Sandbox:Enabled", "false"));
        var api = platform.Api();
        var person = await api.UserAsync();

        var model = await api.PostAsync("/llm/gpt-4o", new { user_input = "x" }, token: person.Token);
        var image = await api.PostAsync("/image-generation/dalle3", new { prompt = "x" }, token: person.Token);
        var balance = await api.GetAsync("/check-balance", person.ApiKey);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(model.Status, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(model.Text, Is.EqualTo("""{"response":"500","message":"Model provider is not configured"}"""));
            Assert.That(image.Text, Is.EqualTo(model.Text));
            Assert.That(balance["current_balance"]!.GetValue<long>(), Is.EqualTo(999));
        }
    }
}
