using System.Text.Json.Nodes;

namespace AiPlatform.Clients;

/// <summary>The workflows that the surfaces document, run as they stand by the tools that they name.</summary>
public sealed class DocumentedWorkflowTests
{
    [Test]
    public async Task Seed002_ByCurl_SignsInWithCookieAndToken()
    {
        var answers = await Script.CurlAsync("seed-002", Deployment.Platform);

        var id = answers[0]["id"]!.GetValue<int>();
        Assert.That(
            answers[0].ToJsonString(),
            Is.EqualTo($$"""{"id":{{id}},"email":"your-email@example.com","is_active":true,"is_admin":false,"team_id":null,"role":null}"""));
        Assert.That(Members(answers[1]), Is.EqualTo(new[] { "access_token", "token_type" }));
        Assert.That((answers[2].ToJsonString(), answers[3].ToJsonString()), Is.EqualTo((answers[0].ToJsonString(), answers[0].ToJsonString())));
        Assert.That(Members(answers[4]), Is.EquivalentTo(new[] { "id", "name", "token", "user_id", "created_at" }));
        Assert.That(answers[4]["token"]!.GetValue<string>(), Does.StartWith("sk-"));
        Assert.That(Members(answers[5][0]!), Is.EquivalentTo(new[] { "id", "name", "user_id", "created_at" }));
        Assert.That(answers[6].ToJsonString(), Is.EqualTo("""{"message":"Successfully logged out"}"""));
        Assert.That(answers[7].ToJsonString(), Is.EqualTo("""{"detail":"Could not validate credentials"}"""));
    }

    [Test]
    public Task Seed002_ByFetch_SignsInWithCookieAndToken() =>
        Script.RunAsync("seed-002", Deployment.Provider, Deployment.Platform, messagesModel: string.Empty);

    [Test]
    public Task Seed002_ByItsSdkSamples_IdentifiesTheAccountAndSaysWhatIsNotServed() =>
        Script.RunAsync("seed-002-sdk", Deployment.Provider, Deployment.Platform, messagesModel: string.Empty);

    [Test]
    public async Task Seed003_ByCurl_AnswersTheSamplesWordForWord()
    {
        var answers = await Script.CurlAsync("seed-003", Deployment.Platform);

        var balance = answers[0].AsObject();
        balance.Remove("user_id");
        Assert.That(
            balance.ToJsonString(),
            Is.EqualTo("""{"tokens_remaining":10000,"tokens_used":0,"monthly_limit":10000,"subscription_plan":"free","reset_date":null}"""));
        Assert.That((answers[1]["monthly_limit"]!.GetValue<int>(), answers[1]["subscription_plan"]!.GetValue<string>()), Is.EqualTo((10000, "free")));
        Assert.That(answers[2].AsArray(), Is.Empty);
        Assert.That(answers[3]["current_remaining"]!.GetValue<int>(), Is.EqualTo(10000));
        Assert.That(answers[4].ToJsonString(), Is.EqualTo("""{"success":true,"reserved":500,"remaining":9500,"message":"Tokens reserved successfully"}"""));
        Assert.That(answers[5].ToJsonString(), Is.EqualTo("""{"success":true,"consumed":500,"remaining":9500,"total_used":500}"""));
    }

    [Test]
    public async Task Seed004_ByCurl_EndsWithNineConversationsLeft()
    {
        var answers = await Script.CurlAsync("seed-004", Deployment.Platform);

        Assert.That((answers[0]["message"]!.GetValue<string>(), answers[0]["username"]!.GetValue<string>()), Is.EqualTo(("User registered successfully", "testuser")));
        Assert.That(Members(answers[1]), Is.EqualTo(new[] { "access_token", "token_type" }));
        Assert.That(Members(answers[2]), Is.SupersetOf(new[] { "key", "created_at" }));
        Assert.That(answers[3].ToJsonString(), Is.EqualTo("""{"valid":true,"username":"testuser","remaining_conversations":9}"""));
        Assert.That(answers[4].ToJsonString(), Is.EqualTo("""{"valid":true,"username":"testuser","remaining_conversations":8}"""));
        Assert.That(answers[5].ToJsonString(), Is.EqualTo("""{"message":"Message logged successfully"}"""));
        Assert.That((answers[6]["username"]!.GetValue<string>(), answers[6]["limits"]!["conversation_limit"]!.GetValue<int>()), Is.EqualTo(("testuser", 8)));
    }

    private static IEnumerable<string> Members(JsonNode answer) => answer.AsObject().Select(member => member.Key);
}
