using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>The five model routes: what is sent upstream, what is answered, what it costs, what is refused.</summary>
public sealed class ModelRouteTests(DatabaseProvider database) : ProviderPlatformTests(database)
{
    private const string Input = "Missing required fields: user_input";
    private const string Temperature = "Temperature must be between 0 and 1";
    private const string SystemPrompt = "system_prompt must be a string of at most 100000 characters";
    private const string MaxTokens = "max_tokens must be a positive integer";
    private const string JsonOutput = "json_output must be true or false";
    private const string Body = "Request body is required";

    private static readonly ModelRouteCase[] Routes =
    [
        new("deepseek-r1", 1, "deepseek-reasoner-2024-08-06", "DeepSeek", "/v1/chat/completions",
            """
            {"model":"deepseek-reasoner","messages":[{"role":"system","content":"You are a helpful AI assistant"},
            {"role":"user","content":"INPUT"}],"temperature":0.5,"max_tokens":2048}
            """),
        new("llama", 2, "Meta-Llama-3.1-405B-Instruct-2024-08-06", "Llama", "/v1/chat/completions",
            """
            {"model":"Meta-Llama-3.1-405B-Instruct","messages":[{"role":"system","content":"You are a helpful AI assistant"},
            {"role":"user","content":"INPUT"}],"temperature":0.8,"top_p":0.1,"presence_penalty":0,"frequency_penalty":0,
            "max_tokens":2048}
            """),
        new("gpt-4o-mini", 1, "gpt-4o-mini", "AzureOpenAI", "/openai/v1/chat/completions",
            """
            {"model":"gpt-4o-mini","messages":[{"role":"system","content":"You are a helpful AI assistant"},
            {"role":"user","content":"Provided text: INPUT"}],"temperature":0.5,"response_format":{"type":"text"}}
            """),
        new("gpt-4o", 2, "gpt-4o", "AzureOpenAI", "/openai/v1/chat/completions",
            """
            {"model":"gpt-4o","messages":[{"role":"system","content":"You are a helpful AI assistant"},
            {"role":"user","content":"Provided text: INPUT"}],"temperature":0.5,"response_format":{"type":"text"}}
            """),
        new("o1-mini", 5, "o1-mini", "AzureOpenAI", "/openai/v1/chat/completions",
            """
            {"model":"o1-mini","messages":[
            {"role":"user","content":"You are a helpful AI assistant\n\nProvided text: INPUT"}],"response_format":{"type":"text"}}
            """),
    ];

    /// <summary>Bodies that every route refuses, and its words.</summary>
    private static readonly (string Body, string Message)[] Refused =
    [
        ("", Body),
        ("{}", Body),
        ("[]", Body),
        ("\"text\"", Body),
        ("{\"user_input\":", Body),
        ("""{"user_input":"a","user_input":"b"}""", Body),
        ("""{"system_prompt":"x"}""", Input),
        ("""{"user_input":null}""", Input),
        ("""{"user_input":""}""", Input),
        ("""{"user_input":7}""", Input),
        ("""{"user_input":"\ud800"}""", Input),
        ("""{"user_input":7,"temperature":7}""", Input),
        ("""{"user_input":"x","system_prompt":["x"]}""", SystemPrompt),
        ("""{"user_input":"x","system_prompt":null,"temperature":7}""", SystemPrompt),
        ("""{"user_input":"x","temperature":1.1}""", Temperature),
        ("""{"user_input":"x","temperature":-0.1}""", Temperature),
        ("""{"user_input":"x","temperature":"hot"}""", Temperature),
        ("""{"user_input":"x","temperature":true}""", Temperature),
        ("""{"user_input":"x","temperature":1e999}""", Temperature),
        ("""{"user_input":"x","temperature":7,"max_tokens":0}""", Temperature),
        ("""{"user_input":"x","max_tokens":0}""", MaxTokens),
        ("""{"user_input":"x","max_tokens":-1}""", MaxTokens),
        ("""{"user_input":"x","max_tokens":8193}""", MaxTokens),
        ("""{"user_input":"x","max_tokens":1.5}""", MaxTokens),
        ("""{"user_input":"x","max_tokens":"7"}""", MaxTokens),
        ("""{"user_input":"x","max_tokens":0,"json_output":"yes"}""", MaxTokens),
        ("""{"user_input":"x","json_output":"yes"}""", JsonOutput),
    ];

    private static readonly (string Body, string Message)[] RefusedByLlama =
    [
        ("""{"user_input":"x","top_p":1.1}""", "top_p must be between 0 and 1"),
        ("""{"user_input":"x","top_p":"x","presence_penalty":3}""", "top_p must be between 0 and 1"),
        ("""{"user_input":"x","presence_penalty":-2.1}""", "presence_penalty must be between -2 and 2"),
        ("""{"user_input":"x","presence_penalty":3,"frequency_penalty":3}""", "presence_penalty must be between -2 and 2"),
        ("""{"user_input":"x","frequency_penalty":2.1,"max_tokens":0}""", "frequency_penalty must be between -2 and 2"),
    ];

    [TestCaseSource(nameof(Routes))]
    public async Task Route_WithOnlyAnInput_SendsItsPromptAnswersAndCharges(ModelRouteCase route)
    {
        var person = await Api.UserAsync();
        var marker = Marker();

        var answer = await Api.PostAsync(route.Path, new { user_input = marker }, token: person.Token);

        var sent = ModelHost.RequestsWith(marker).Single();
        var record = await RecordAsync(person, route.Path);
        var balance = await BalanceAsync(person);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
            Assert.That(answer.Headers.GetValues("X-Model-Provider"), Is.EqualTo(new[] { route.Provider }));
            Assert.That(answer.Text, Is.EqualTo(ExpectedAnswer(person, route.Model)));
            Assert.That(sent.Path, Is.EqualTo(route.UpstreamPath));
            Assert.That(sent.Json.ToJsonString(), Is.EqualTo(JsonNode.Parse(route.Sent.Replace("INPUT", marker))!.ToJsonString()));
            Assert.That(balance, Is.EqualTo(999 - route.Cost));
            Assert.That(record.Status, Is.EqualTo(200));
            Assert.That(record.Charged, Is.EqualTo(route.Cost * 1000));
        }
    }

    [TestCaseSource(nameof(Routes))]
    public async Task Route_WhenTheBodyIsWrong_RefusesInTheDocumentedWordsAndOrderForFree(ModelRouteCase route)
    {
        var person = await Api.UserAsync();

        foreach (var (body, message) in route.Path == "/llm/llama" ? [.. Refused, .. RefusedByLlama] : Refused)
        {
            await AssertRefusedFreeAsync(await Api.PostAsync(route.Path, body, token: person.Token), person, message);
        }
    }

    [TestCaseSource(nameof(Routes))]
    public async Task Route_WithoutAUsableToken_RefusesThatBeforeAnythingElse(ModelRouteCase route)
    {
        var missing = await Api.PostAsync(route.Path, "{}");
        var unknown = await Api.PostAsync(route.Path, "{}", token: "no-such-token");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(missing.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(missing.Text, Is.EqualTo("""{"error":"Authentication Error","message":"Missing X-Token header"}"""));
            Assert.That(unknown.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(
                unknown.Text, Is.EqualTo("""{"error":"Authentication Error","message":"Invalid token - not found in database"}"""));
        }
    }

    [Test]
    public async Task Llama_WithEveryField_SendsThemAsGiven()
    {
        var person = await Api.UserAsync();
        var marker = Marker();

        await Api.PostAsync(
            "/llm/llama",
            $$"""
            {"user_input":"{{marker}}","system_prompt":"","temperature":1,"top_p":0.9,"presence_penalty":-2,"frequency_penalty":2,
            "max_tokens":8192,"json_output":true,"stream":true,"model":"gpt-4o"}
            """,
            token: person.Token);

        Assert.That(ModelHost.RequestsWith(marker).Single().Json.ToJsonString(), Is.EqualTo(JsonNode.Parse(
            $$"""
            {"model":"Meta-Llama-3.1-405B-Instruct","messages":[{"role":"user","content":"{{marker}}"}],"temperature":1,"top_p":0.9,
            "presence_penalty":-2,"frequency_penalty":2,"max_tokens":8192,"response_format":{"type":"json_object"}
            }
            """)!.ToJsonString()));
    }

    [Test]
    public async Task O1Mini_WithATemperature_ChecksItAndDoesNotSendIt()
    {
        var person = await Api.UserAsync();
        var marker = Marker();

        var answer = await Api.PostAsync("/llm/o1-mini", new { user_input = marker, temperature = 0.9, top_p = 7 }, token: person.Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(
                ModelHost.RequestsWith(marker).Single().Json.AsObject().Select(member => member.Key),
                Is.EqualTo(new[] { "model", "messages", "response_format" }));
        }
    }

    [Test]
    public async Task Route_WithTheLongestInput_PassesItWhole()
    {
        var person = await Api.UserAsync();
        var marker = Marker();
        var input = marker + new string('é', 100_000 - marker.Length);

        var longest = await Api.PostAsync("/llm/gpt-4o-mini", new { user_input = input }, token: person.Token);
        var longer = await Api.PostAsync("/llm/gpt-4o-mini", new { user_input = input + "x" }, token: person.Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(longest.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(
                ModelHost.RequestsWith(marker).Single().Json["messages"]![1]!["content"]!.GetValue<string>(),
                Is.EqualTo("Provided text: " + input));
            Assert.That(longer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(longer["message"]!.GetValue<string>(), Is.EqualTo("user_input must be a string of at most 100000 characters"));
        }
    }

    [Test]
    public async Task Route_WhenTheProviderNamesNoModel_ReportsTheDocumentedName()
    {
        var person = await Api.UserAsync();
        var marker = Marker();
        ModelHost.When(marker, Upstream.Spoilt(answer => answer.Remove("model")));

        var deepSeek = await Api.PostAsync("/llm/deepseek-r1", new { user_input = marker }, token: person.Token);
        var llama = await Api.PostAsync("/llm/llama", new { user_input = marker }, token: person.Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(deepSeek["model"]!.GetValue<string>(), Is.EqualTo("deepseek-r1-aiapi"));
            Assert.That(llama["model"]!.GetValue<string>(), Is.EqualTo("llama-3-1-405b"));
        }
    }

    private static string ExpectedAnswer(Person person, string model) =>
        $$"""
        {"response":"200","message":"A fine answer","user_id":"{{person.Id}}","user_name":"{{person.Name}}","user_email":"{{person.Email}}",
        """ + $$"""
        "model":"{{model}}","prompt_tokens":125,"completion_tokens":84,"total_tokens":209,"cached_tokens":0,
        """ + """
        "input_tokens":125,"output_tokens":209}
        """;
}

/// <summary>A model route and what it is to do with nothing but an input.</summary>
public sealed record ModelRouteCase(string Name, int Cost, string Model, string Provider, string UpstreamPath, string Sent)
{
    public string Path => $"/llm/{Name}";

    public override string ToString() => Name;
}
