using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Application.Commerce;
using AiPlatform.Domain.Commerce;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Commerce;
using AiPlatform.WebApi.FunctionalTests.Commerce.Stripe;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Shared.Swagger;

/// <summary>Takes the document at its word: its examples are sent as they stand, and each of its limits is broken.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class DocumentedFieldTests
{
    private DocumentedCalls _calls = null!;
    private LoopbackUpstream _upstream = null!;
    private StripeServer _stripe = null!;
    private TestPlatform _platform = null!;
    private WebApplicationFactory<Program> _host = null!;

    private static IEnumerable<TestCaseData> Examples => DocumentedFields.Routes
        .Select(route => new TestCaseData(route).SetArgDisplayNames(route.ToString()));

    /// <summary>What the document says can be sent again under an Idempotency-Key.</summary>
    private static IEnumerable<TestCaseData> Charged => Documentation.Routes
        .Where(route => route.Operation["parameters"]?.AsArray().Any(parameter => parameter!["name"]!.GetValue<string>() == "Idempotency-Key") is true)
        .Select(route => new TestCaseData(route).SetArgDisplayNames(route.ToString()));

    private static IEnumerable<TestCaseData> BrokenRules => DocumentedFields.Routes
        .SelectMany(route => DocumentedFields.BrokenRules(route).Select(rule =>
            new TestCaseData(route, rule).SetArgDisplayNames(route.ToString(), rule.ToString())));

    private static IEnumerable<TestCaseData> BrokenParameters => Documentation.Routes
        .SelectMany(route => DocumentedFields.BrokenParameters(route).Select(rule =>
            new TestCaseData(route, rule).SetArgDisplayNames(route.ToString(), rule.ToString())));

    private static IEnumerable<TestCaseData> LongestTexts => DocumentedFields.Routes
        .SelectMany(route => DocumentedFields.LongestTexts(route).Select(rule =>
            new TestCaseData(route, rule).SetArgDisplayNames(route.ToString(), rule.ToString())));

    [OneTimeSetUp]
    public async Task StartPlatformAsync()
    {
        // Every example is to succeed, and the Sandbox makes no vectors and is no host of others' models.
        _upstream = await LoopbackUpstream.StartAsync();
        _stripe = await StripeServer.StartAsync();
        _platform = await TestPlatform.StartAsync(
            DatabaseProvider.Sqlite,
            ("Bootstrap:AdminUserName", DocumentedPersonCalls.AdminName),
            ("Bootstrap:AdminPassword", DocumentedPersonCalls.AdminPassword),
            ("Stripe:SecretKey", StripeServer.SecretKey),
            ("Stripe:ApiBase", _stripe.Address),
            ("Providers:OpenRouter:Endpoint", _upstream.Endpoint),
            ("Providers:Vllm:Endpoint", _upstream.Endpoint),
            ("Providers:Vllm:Models:text-embedding-3-small", "small"));

        // And plans are paid for.
        var paid = new PaidPeriod(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        _host = _platform.WithWebHostBuilder(builder => builder.ConfigureTestServices(
            services => services.AddSingleton<IPlanPayments>(new RecordingGateway(paid))));
        _calls = new DocumentedCalls(_platform, new Api(_host.CreateClient()));
    }

    [OneTimeTearDown]
    public async Task StopPlatformAsync()
    {
        await _host.DisposeAsync();
        await _platform.DisposeAsync();
        await _upstream.DisposeAsync();
        await _stripe.DisposeAsync();
    }

    [TestCaseSource(nameof(Examples))]
    public async Task Example_SentAsItStands_Succeeds(DocumentedRoute route)
    {
        var answer = await _calls.SendAsync(route, DocumentedFields.Example(route));

        Assert.That((int)answer.Status, Is.InRange(200, 299), answer.Text);
    }

    [TestCaseSource(nameof(Charged))]
    public async Task ChargedCall_SentTwiceUnderOneKey_IsCarriedOutOnce(DocumentedRoute route)
    {
        using var client = _host.CreateClient();
        client.DefaultRequestHeaders.Add("Idempotency-Key", $"{Unique.Id()}");
        var api = new Api(client);
        using var preparing = _host.CreateClient();
        var calls = new DocumentedCalls(_platform, new Api(preparing), api);

        var first = await (route.Body is null ? SendAsync() : calls.SendAsync(route, DocumentedFields.Example(route)));
        var second = await (route.Body is null ? SendAsync() : calls.SendAgainAsync());

        Assert.That((int)first.Status, Is.InRange(200, 299), first.Text);
        Assert.That(first.Headers.Contains("Idempotency-Replayed"), Is.False);
        Assert.That((second.Status, second.Headers.Contains("Idempotency-Replayed")), Is.EqualTo((first.Status, true)), second.Text);

        Task<Answer> SendAsync() => api.AsAsync(TestPlatform.AdminKey, new HttpMethod(route.Method), route.Path);
    }

    [Test]
    public void ChargedCalls_AreDocumentedAsSuch() => Assert.That(Charged.Count(), Is.GreaterThanOrEqualTo(15));

    [TestCaseSource(nameof(BrokenRules))]
    public async Task Field_WhenItsDocumentedRuleIsBroken_IsRefused(DocumentedRoute route, FieldValue broken)
    {
        var answer = await _calls.SendAsync(route, broken.PutInto(DocumentedFields.Example(route)));

        Assert.That(answer.Status, Is.AnyOf(HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity), answer.Text);
    }

    [TestCaseSource(nameof(BrokenParameters))]
    public async Task Parameter_WhenItsDocumentedRuleIsBroken_IsRefused(DocumentedRoute route, FieldValue broken)
    {
        var answer = await _platform.Api().GetAsync($"{route.Path}?{broken.Field}={broken.Value}", TestPlatform.AdminKey);

        Assert.That(answer.Status, Is.AnyOf(HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity), answer.Text);
    }

    [TestCaseSource(nameof(LongestTexts))]
    public async Task Field_OfItsDocumentedLength_IsNotRefused(DocumentedRoute route, FieldValue longest)
    {
        var answer = await _calls.SendAsync(route, longest.PutInto(DocumentedFields.Example(route)));

        Assert.That(answer.Status, Is.Not.AnyOf(HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity), answer.Text);
    }
}

/// <summary>A field with another value than its example's; without one, the field is left out.</summary>
public sealed record FieldValue(string Field, string Description, JsonNode? Value)
{
    public JsonObject PutInto(JsonObject body)
    {
        if (Value is null)
        {
            body.Remove(Field);
        }
        else
        {
            body[Field] = Value.DeepClone();
        }

        return body;
    }

    public override string ToString() => $"{Field} {Description}";
}

/// <summary>What the document says of the fields of JSON bodies.</summary>
internal static class DocumentedFields
{
    /// <summary>A number: in a body no text, in a query one.</summary>
    private const string AnyText = "a number";

    public static IEnumerable<DocumentedRoute> Routes => Documentation.Routes.Where(route => route.Body is not null);

    /// <summary>The body's own example, or that of each of its fields.</summary>
    public static JsonObject Example(DocumentedRoute route) =>
        route.BodyExample?.DeepClone().AsObject() ?? new JsonObject(Fields(route)
            .Select(field => (field.Name, Value: field.Schema["example"] ?? field.Schema["default"]))
            .Where(field => field.Value is not null)
            .Select(field => KeyValuePair.Create(field.Name, field.Value?.DeepClone())));

    public static IEnumerable<FieldValue> BrokenRules(DocumentedRoute route)
    {
        var required = route.Body!["required"]?.AsArray().Select(name => name!.GetValue<string>()) ?? [];
        return
        [
            .. required.Select(name => new FieldValue(name, "left out", null)),
            .. Fields(route).SelectMany(field => BrokenRules(field.Name, field.Schema)),
        ];
    }

    /// <summary>Of routes that are read by GET: others take parameters besides their bodies, whose rules come first.</summary>
    public static IEnumerable<FieldValue> BrokenParameters(DocumentedRoute route) =>
        from parameter in route.Method == "GET" ? route.Operation["parameters"]?.AsArray() ?? [] : []
        where parameter!["in"]!.GetValue<string>() == "query"
        from rule in BrokenRules(parameter["name"]!.GetValue<string>(), parameter["schema"]!)
        where rule.Description is not AnyText
        select rule;

    public static IEnumerable<FieldValue> LongestTexts(DocumentedRoute route) =>
        from field in Fields(route)
        let longest = field.Schema["maxLength"]?.GetValue<int>()
        where longest is not null
        let example = field.Schema["example"]?.GetValue<string>() ?? "x"
        select new FieldValue(field.Name, $"of {longest} characters", Stretch(example, longest.Value));

    private static IEnumerable<FieldValue> BrokenRules(string name, JsonNode schema)
    {
        yield return schema["type"]!.GetValue<string>() == "string" && schema["format"] is null
            ? new FieldValue(name, AnyText, 12345)
            : new FieldValue(name, "a text", "text");
        if (schema["maxLength"] is { } longest)
        {
            yield return new FieldValue(name, $"longer than {longest}", Stretch("x@example.com", longest.GetValue<int>() + 1));
        }

        if (schema["minLength"] is not null)
        {
            yield return new FieldValue(name, "empty", string.Empty);
        }

        if (schema["minimum"] is { } least)
        {
            yield return new FieldValue(name, $"less than {least}", Number(least) - 1);
        }

        if (schema["maximum"] is { } most)
        {
            yield return new FieldValue(name, $"more than {most}", Number(most) + 1);
        }

        if (schema["enum"] is not null)
        {
            yield return new FieldValue(name, "of no documented value", "something else");
        }
    }

    private static decimal Number(JsonNode value) => decimal.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    /// <summary>Keeps both ends, which make a path a path and an address an address.</summary>
    /// <summary>A longer example of the same kind: an address on the web stays one.</summary>
    private static string Stretch(string example, int length) => example.StartsWith("https://", StringComparison.Ordinal)
        ? $"{example}/".PadRight(length, 'a')
        : example[..1] + new string('a', Math.Max(0, length - example.Length)) + example[1..];

    private static IEnumerable<(string Name, JsonNode Schema)> Fields(DocumentedRoute route) =>
        route.Body!["properties"]!.AsObject().Where(field => field.Value!["type"] is not null).Select(field => (field.Key, field.Value!));
}
