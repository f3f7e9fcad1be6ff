using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>The image route and its alias: what is sent upstream, what is answered and kept, what it costs, what is refused.</summary>
public sealed class ImageRouteTests(DatabaseProvider database) : ProviderPlatformTests(database)
{
    private const string Body = "Request body is required";
    private const string Prompt = "Missing required field: prompt";
    private const string Deployment = "Invalid deployment. Must be one of: dall-e-3, dalle3-hd";
    private const string Size = "Invalid size. Must be one of: 1024x1024, 1792x1024, 1024x1792";
    private const string Quality = "Invalid quality. Must be one of: standard, hd";
    private const string Style = "Invalid style. Must be one of: vivid, natural";

    private static readonly (string Body, string Message)[] Refused =
    [
        ("", Body),
        ("{}", Body),
        ("[1]", Body),
        ("""{"size":"1x1"}""", Prompt),
        ("""{"prompt":""}""", Prompt),
        ("""{"prompt":null,"deployment":"x"}""", Prompt),
        ("""{"prompt":["x"]}""", Prompt),
        ("""{"prompt":"x","deployment":"dall-e-2","size":"x"}""", Deployment),
        ("""{"prompt":"x","deployment":null}""", Deployment),
        ("""{"prompt":"x","size":"512x512","quality":"x"}""", Size),
        ("""{"prompt":"x","size":1024}""", Size),
        ("""{"prompt":"x","quality":"ultra","style":"x"}""", Quality),
        ("""{"prompt":"x","style":"Vivid"}""", Style),
    ];

    [TestCase("/image-generation/dalle3")]
    [TestCase("/image/generate")]
    public async Task Route_WithOnlyAPrompt_SendsTheDefaultsKeepsTheImageAndCharges(string path)
    {
        var person = await Api.UserAsync();
        var marker = Marker();

        var answer = await Api.PostAsync(path, new { prompt = marker }, token: person.Token);

        var url = answer["image_url"]!.GetValue<string>();
        var stored = await Api.Http.GetByteArrayAsync(new Uri(url).PathAndQuery);
        var record = await RecordAsync(person, path);
        var balance = await BalanceAsync(person);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
            Assert.That(answer.Text, Is.EqualTo(
                $$"""
                {"response":"200","message":"Image generated successfully","image_url":"{{url}}","prompt_tokens":125,
                """ + $$"""
                "user_id":"{{person.Id}}","user_name":"{{person.Name}}","user_email":"{{person.Email}}","model":"dall-e-3"}
                """));
            Assert.That(url, Does.Match("/image-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[.]png"));
            Assert.That(stored, Is.EqualTo(Convert.FromBase64String(Upstream.Pixel)));
            Assert.That(ModelHost.RequestsWith(marker).Single().Json.ToJsonString(), Is.EqualTo(JsonNode.Parse(
                $$"""
                {"model":"dall-e-3","prompt":"{{marker}}","n":1,"size":"1024x1024","quality":"standard","style":"vivid",
                "response_format":"b64_json"}
                """)!.ToJsonString()));
            Assert.That(balance, Is.EqualTo(998));
            Assert.That(record.RouteKey, Is.EqualTo("image-generation.dalle3"));
            Assert.That(record.Charged, Is.EqualTo(1000));
            Assert.That(record.ResponseBody, Does.Not.Contain("sig="));
        }
    }

    [Test]
    public async Task Route_WithEveryField_SendsThemAsGiven()
    {
        var person = await Api.UserAsync();
        var marker = Marker();

        var answer = await Api.PostAsync(
            "/image-generation/dalle3",
            new { prompt = marker, deployment = "dalle3-hd", size = "1792x1024", quality = "hd", style = "natural", n = 4 },
            token: person.Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer["model"]!.GetValue<string>(), Is.EqualTo("dalle3-hd"));
            Assert.That(ModelHost.RequestsWith(marker).Single().Json.ToJsonString(), Is.EqualTo(JsonNode.Parse(
                $$"""
                {"model":"dalle3-hd","prompt":"{{marker}}","n":1,"size":"1792x1024","quality":"hd","style":"natural",
                "response_format":"b64_json"}
                """)!.ToJsonString()));
        }
    }

    [Test]
    public async Task Route_WhenTheProviderCountsAsOpenAIDoesForImages_AnswersItsInputTokens()
    {
        var person = await Api.UserAsync();
        var marker = Marker();
        ModelHost.When(marker, Upstream.Spoilt(answer =>
            answer["usage"] = new JsonObject { ["input_tokens"] = 11, ["output_tokens"] = 4, ["total_tokens"] = 15 }));

        var answer = await Api.PostAsync("/image-generation/dalle3", new { prompt = marker }, token: person.Token);

        Assert.That(answer["prompt_tokens"]!.GetValue<int>(), Is.EqualTo(11));
    }

    [Test]
    public async Task Route_WhenTheProviderReportsNoUsage_AnswersZeroTokens()
    {
        var person = await Api.UserAsync();
        var marker = Marker();
        ModelHost.When(marker, Upstream.Spoilt(answer => answer.Remove("usage")));

        var answer = await Api.PostAsync("/image-generation/dalle3", new { prompt = marker }, token: person.Token);

        Assert.That(answer["prompt_tokens"]!.GetValue<int>(), Is.Zero);
    }

    [TestCase("/image-generation/dalle3")]
    [TestCase("/image/generate")]
    public async Task Route_WhenTheBodyIsWrong_RefusesInTheDocumentedWordsAndOrderForFree(string path)
    {
        var person = await Api.UserAsync();

        foreach (var (body, message) in Refused)
        {
            await AssertRefusedFreeAsync(await Api.PostAsync(path, body, token: person.Token), person, message);
        }

        var tooLong = await Api.PostAsync(path, new { prompt = new string('x', 4001) }, token: person.Token);
        await AssertRefusedFreeAsync(tooLong, person, "prompt must be a string of at most 4000 characters");
    }

    [TestCase("/image-generation/dalle3")]
    [TestCase("/image/generate")]
    public async Task Route_WithoutAUsableToken_RefusesThatBeforeAnythingElse(string path)
    {
        var missing = await Api.PostAsync(path, "{}");
        var unknown = await Api.PostAsync(path, "{}", token: "no-such-token");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(missing.Text, Is.EqualTo("""{"error":"Authentication Error","message":"Missing X-Token header"}"""));
            Assert.That(
                unknown.Text, Is.EqualTo("""{"error":"Authentication Error","message":"Invalid token - not found in database"}"""));
        }
    }

    [TestCase(400, "content_policy_violation", 400, "The model provider refused the request under its content policy")]
    [TestCase(401, null, 500, "The model provider could not answer the request")]
    public async Task Provider_ThatFails_CostsNothing(int upstreamStatus, string? code, int status, string message)
    {
        var person = await Api.UserAsync();
        var marker = Marker();
        ModelHost.When(marker, Upstream.Status(upstreamStatus, code));

        var answer = await Api.PostAsync("/image-generation/dalle3", new { prompt = marker }, token: person.Token);

        var record = await RecordAsync(person, "/image-generation/dalle3");
        var balance = await BalanceAsync(person);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Text, Is.EqualTo($$"""{"response":"{{status}}","message":"{{message}}"}"""));
            Assert.That(balance, Is.EqualTo(999));
            Assert.That(record.Charged, Is.Zero);
        }
    }
}
