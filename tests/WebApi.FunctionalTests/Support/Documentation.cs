using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>The approved document of the API.</summary>
public static partial class Documentation
{
    private static readonly Lazy<IReadOnlyList<DocumentedRoute>> All = new(() =>
        [.. Read().OrderBy(route => route.Path.Count(character => character is '{'))]);

    public static string ApprovedFile { get; } = Repository.PathOf("docs", "openapi.json");

    public static IReadOnlyList<DocumentedRoute> Routes => All.Value;

    /// <summary>
    /// Fails where a documented route answered an error that its documentation does not list. Every call of every test passes
    /// here, so what the tests know of errors is documented.
    /// </summary>
    public static void AssertLists(HttpMethod method, string path, Answer answer)
    {
        // What a provider says in its own words nobody here can list.
        if ((int)answer.Status < 400 || answer.Headers.Contains("X-AiPlatform-Provider") || Routes.FirstOrDefault(route => route.Method == method.Method && route.Answers(path)) is not { } found)
        {
            return;
        }

        if (found.IsAnswer((int)answer.Status))
        {
            return;
        }

        var documented = found.Refusals((int)answer.Status);
        Assert.That(
            documented.Any(refusal => IsLike(refusal, answer.Json)) || found.Reply((int)answer.Status).SetEquals(answer.Json.AsObject().Select(member => member.Key)),
            Is.True,
            $"{found} does not document {(int)answer.Status} {answer.Text}. Declare it on the request with [Refuses], then: eng/openapi approve");
    }

    private static IEnumerable<DocumentedRoute> Read()
    {
        var document = JsonNode.Parse(File.ReadAllText(ApprovedFile))!;
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                yield return new DocumentedRoute(method.ToUpperInvariant(), path, operation!, document);
            }
        }
    }

    private static bool IsLike(JsonNode documented, JsonNode answered) =>
        documented is JsonObject expected && answered is JsonObject actual
        && expected.Count == actual.Count
        && expected.All(member => (member.Value, actual[member.Key]) switch
        {
            (null, null) => actual.ContainsKey(member.Key),
            (JsonObject inner, { } value) => IsLike(inner, value),
            (JsonArray, JsonArray { Count: 1 } faults) when member.Key is "detail" => IsLikeFault(member.Value![0]!, faults[0]!),
            ({ } text, { } value) => IsLike(text.ToString(), value.ToString()),
            _ => false,
        });

    /// <summary>The documentation shows a field of the body there, even where the call may have it in the query, as a text.</summary>
    private static bool IsLikeFault(JsonNode documented, JsonNode answered)
    {
        var inBody = answered.DeepClone();
        if (documented["loc"]![0]!.GetValue<string>() is "body" && inBody["loc"]![0]!.GetValue<string>() is "query")
        {
            inBody["loc"]![0] = "body";
            inBody["type"] = inBody["type"]!.GetValue<string>().Replace("_parsing", "_type", StringComparison.Ordinal);
            inBody["msg"] = inBody["msg"]!.GetValue<string>().Split(", unable to parse")[0];
        }

        return JsonNode.DeepEquals(documented, inBody);
    }

    /// <summary>The documentation names a value that only a call knows as &lt;id&gt;, a number or a UUID, and all fields that can lack.</summary>
    private static bool IsLike(string documented, string answered)
    {
        const string missing = "Missing required fields: ";
        if (documented.StartsWith(missing, StringComparison.Ordinal) && answered.StartsWith(missing, StringComparison.Ordinal))
        {
            return answered[missing.Length..].Split(", ").All(documented[missing.Length..].Split(", ").Contains);
        }

        var pattern = Unknown().Replace(documented, "\0").Split('\0').Select(Regex.Escape);
        return Regex.IsMatch(answered, $"^{string.Join("(.|\n)*", pattern)}$");
    }

    [GeneratedRegex("<[a-z_]+>|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=at most )1000(?= chunks)", RegexOptions.IgnoreCase)]
    private static partial Regex Unknown();
}

/// <summary>One documented operation.</summary>
public sealed class DocumentedRoute(string method, string path, JsonNode operation, JsonNode document)
{
    private readonly Regex _path = new($"^{Regex.Replace(path, @"\{[^}]+\}", "[^/]+")}$");

    public string Method { get; } = method;

    public string Path { get; } = path;

    public JsonNode Operation { get; } = operation;

    /// <summary>The schema of the JSON body; null where there is none.</summary>
    public JsonNode? BodyExample => Operation["requestBody"]?["content"]?["application/json"]?["example"];

    public JsonNode? Body => Operation["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"]?.GetValue<string>() is { } reference
        ? document["components"]!["schemas"]![reference.Split('/')[^1]]
        : null;

    public bool Answers(string requested) => _path.IsMatch(requested);

    /// <summary>Whether the status has the answer's own form, as an unhealthy report has, and is no refusal.</summary>
    public bool IsAnswer(int status) =>
        Operation["responses"]![status.ToString(CultureInfo.InvariantCulture)]?["content"]?["application/json"] is { } content
        && content["schema"]?["$ref"] is not null && content["examples"] is null;

    /// <summary>The documented bodies of a status.</summary>
    public IEnumerable<JsonNode> Refusals(int status) =>
        Operation["responses"]![status.ToString(CultureInfo.InvariantCulture)]?["content"]?["application/json"]?["examples"]?.AsObject()
            .Select(example => example.Value!["value"]!) ?? [];

    /// <summary>The members of a status that answers with a record of its own instead of an error; none where it does not.</summary>
    public IReadOnlySet<string> Reply(int status) =>
        Operation["responses"]![status.ToString(CultureInfo.InvariantCulture)]?["content"]?["application/json"] is { } content
        && content["examples"] is null
        && content["schema"]?["$ref"]?.GetValue<string>() is { } reference
            ? document["components"]!["schemas"]![reference.Split('/')[^1]]!["properties"]!.AsObject().Select(member => member.Key).ToHashSet()
            : new HashSet<string>();

    public override string ToString() => $"{Method} {Path}";
}
