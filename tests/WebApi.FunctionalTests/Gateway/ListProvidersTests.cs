using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

public sealed class ListProvidersTests(DatabaseProvider database) : ProviderPlatformTests(database)
{
    private const string Route = "/admin/providers";

    [Test]
    public async Task ListProviders_WhenAskedByAnAdministrator_ListsEveryKnownProviderByNameWithoutKeys()
    {
        var answer = await Api.GetAsync(Route, TestPlatform.AdminKey);

        var rows = answer["providers"]!.AsArray();
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rows.Select(row => row!["name"]!.GetValue<string>()), Is.EqualTo(new[]
            {
                "A4F", "AIML", "Anthropic", "AzureOpenAI", "DeepSeek", "Glama", "Llama", "OpenAI", "OpenRouter", "Requesty", "Sandbox",
            }));
            Assert.That(answer["count"]!.GetValue<int>(), Is.EqualTo(rows.Count));
            Assert.That(
                Row(rows, "Anthropic").ToJsonString(),
                Is.EqualTo("""{"name":"Anthropic","kind":"Anthropic","endpoint_host":"api.anthropic.com","configured":false,"health":null}"""));
            Assert.That(
                Row(rows, "Sandbox").ToJsonString(),
                Is.EqualTo("""{"name":"Sandbox","kind":"Sandbox","endpoint_host":null,"configured":true,"health":null}"""));
            Assert.That(answer.Text, Does.Not.Contain(LoopbackGateway.Key));
        }
    }

    [Test]
    public async Task ListProviders_AfterCalls_ShowsWhatBecameOfThem()
    {
        var person = await Api.UserAsync();
        await Api.PostAsync("/llm/llama", new { user_input = Marker() }, token: person.Token);

        var row = Row((await Api.GetAsync(Route, TestPlatform.AdminKey))["providers"]!.AsArray(), "Llama");
        var word = (await Api.GetAsync("/health"))["providers"]!.AsArray();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row["configured"]!.GetValue<bool>(), Is.True);
            Assert.That(row["endpoint_host"]!.GetValue<string>(), Is.EqualTo("127.0.0.1"));
            Assert.That(row["health"]!["status"]!.GetValue<string>(), Is.EqualTo("healthy"));
            Assert.That(row["health"]!["calls"]!.GetValue<int>(), Is.EqualTo(1));
            Assert.That(row["health"]!["last_success"]!.GetValue<string>(), Does.EndWith("Z"));
            Assert.That(row["health"]!["circuits"]![0]!["state"]!.GetValue<string>(), Is.EqualTo("closed"));
            Assert.That(
                word.Select(provider => $"{provider!["name"]} {provider["status"]}"),
                Is.SupersetOf(new[] { "DeepSeek idle", "Llama healthy" }));
        }
    }

    [Test]
    public async Task ListProviders_WhenNoKeyIsSent_Is401() =>
        (await Api.GetAsync(Route)).AssertUnauthenticated("Missing API Key header (API-Key)");

    [Test]
    public async Task ListProviders_WhenTheCallerIsNoAdministrator_Is403() =>
        (await Api.GetAsync(Route, (await Api.UserAsync()).ApiKey)).AssertForbidden("Admin privileges required to view providers");

    private static JsonObject Row(JsonArray rows, string name) =>
        rows.Single(row => row!["name"]!.GetValue<string>() == name)!.AsObject();
}
