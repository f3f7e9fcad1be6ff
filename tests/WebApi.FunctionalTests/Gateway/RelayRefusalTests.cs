using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>Requests to OpenAI's API that no provider gets to see, and what their refusals name.</summary>
public sealed class RelayRefusalTests(DatabaseProvider database) : PlatformTests(database)
{
    [TestCase("""{"messages":[]}""", "model")]
    [TestCase("""{"model":7}""", "model")]
    [TestCase("""{"model":""}""", "model")]
    [TestCase("""{"model":"gpt-4o-mini","stream":"yes"}""", "stream")]
    [TestCase("""{"model":"gpt-4o-mini","max_tokens":0}""", "max_tokens")]
    [TestCase("""{"model":"gpt-4o-mini","max_tokens":"7"}""", "max_tokens")]
    [TestCase("""{"model":"gpt-4o-mini","max_completion_tokens":-1}""", "max_completion_tokens")]
    [TestCase("""{"model":"gpt-4o-mini","n":129}""", "n")]
    [TestCase("""{"model":"gpt-4o-mini","n":0}""", "n")]
    public async Task Chat_WhenAFieldThatIsReadIsWrong_NamesIt(string body, string field)
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync("/v1/chat/completions", body, person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(answer["error"]!["param"]!.GetValue<string>(), Is.EqualTo(field));
        Assert.That(answer["error"]!["type"]!.GetValue<string>(), Is.EqualTo("invalid_request_error"));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("""{"model":"gpt-4o-mini","model":"gpt-4o"}""")]
    public async Task Chat_WhenTheBodyIsNoJsonObject_IsRefused(string body)
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync("/v1/chat/completions", body, person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(answer["error"]!["code"]!.GetValue<string>(), Is.EqualTo("body_required"));
    }

    [Test]
    public async Task Chat_WhenTheModelIsUnknown_IsNotFound()
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync("/v1/chat/completions", """{"model":"gpt-17","messages":[{"role":"user","content":"x"}]}""", person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.NotFound), answer.Text);
        Assert.That(answer["error"]!["code"]!.GetValue<string>(), Is.EqualTo("model_not_found"));
    }

    [Test]
    public async Task Completions_WhenThereAreMoreTextsThanAreGoneOnWith_AreRefused()
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync(
            "/v1/completions", new { model = "gpt-4o-mini", prompt = Enumerable.Repeat("x", 2_049) }, person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(answer["error"]!["param"]!.GetValue<string>(), Is.EqualTo("prompt"));
    }
}
