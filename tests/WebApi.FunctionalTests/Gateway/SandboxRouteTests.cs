using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>A platform without any provider: a first call succeeds, is paid for, and says what answered it.</summary>
public sealed class SandboxRouteTests(DatabaseProvider database) : PlatformTests(database)
{
    [TestCase("/llm/deepseek-r1", 1, "sandbox-deepseek-r1")]
    [TestCase("/llm/llama", 2, "sandbox-llama-3.1-405b")]
    [TestCase("/llm/gpt-4o-mini", 1, "gpt-4o-mini")]
    [TestCase("/llm/gpt-4o", 2, "gpt-4o")]
    [TestCase("/llm/o1-mini", 5, "o1-mini")]
    public async Task ModelRoute_WithoutAProvider_IsAnsweredByTheSandboxAndSaysSo(string path, int cost, string model)
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync(path, new { user_input = "What is a ledger?" }, token: person.Token);

        var balance = await Api.GetAsync("/check-balance", person.ApiKey);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
            Assert.That(answer["message"]!.GetValue<string>(), Does.StartWith("[Sandbox] ").And.Contain("What is a ledger?"));
            Assert.That(answer["model"]!.GetValue<string>(), Is.EqualTo(model));
            Assert.That(answer.Headers.GetValues("X-Model-Provider"), Is.EqualTo(new[] { "Sandbox" }));
            Assert.That(answer["total_tokens"]!.GetValue<int>(), Is.Positive);
            Assert.That(balance["current_balance"]!.GetValue<long>(), Is.EqualTo(999 - cost));
        }
    }

    [Test]
    public async Task ImageRoute_WithoutAProvider_IsAnsweredByTheSandboxWithARealPng()
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync("/image/generate", new { prompt = "A lighthouse" }, token: person.Token);

        var image = await Api.Http.GetByteArrayAsync(new Uri(answer["image_url"]!.GetValue<string>()).PathAndQuery);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Headers.GetValues("X-Model-Provider"), Is.EqualTo(new[] { "Sandbox" }));
            Assert.That(image[..8], Is.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }));
        }
    }
}
