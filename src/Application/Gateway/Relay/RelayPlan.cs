using System.Buffers.Text;
using System.Text.Json;
using AiPlatform.Application.Gateway.Translation;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>What is sent to which route for one request of a client.</summary>
/// <param name="request">The Request.</param>
/// <param name="body">Its body.</param>
/// <param name="model">The model that it names.</param>
/// <param name="now">The time of the call.</param>
/// <param name="answerLimit">Most tokens of all its answers together that the hold pays; <see langword="null"/> where nothing depends on it.</param>
internal sealed class RelayPlan(RelayCommand request, ReadOnlyMemory<byte> body, CatalogueModel model, DateTimeOffset now, int? answerLimit)
{
    private static readonly ReadOnlyMemory<byte> True = "true"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> UsageAskedFor = """{"include_usage":true}"""u8.ToArray();

    private readonly Dictionary<ServingRoute, ITranslation?> _translations = [];

    private readonly Lazy<PromptMeasure> _measure = new(() => PromptMeasure.Of(body.Span));

    /// <summary>The Request.</summary>
    public RelayCommand Request { get; } = request;

    /// <summary>The model.</summary>
    public CatalogueModel Model { get; } = model;

    /// <summary>How long the prompt is.</summary>
    public PromptMeasure Measure => _measure.Value;

    /// <summary>Whether the client asked for the usage of a stream, where that is something to ask for.</summary>
    public bool WantsUsage => Request.Operation is not (RelayedOperation.ChatCompletions or RelayedOperation.Completions)
        || IsTrue(JsonMembers.Find(JsonMembers.Find(body, "stream_options"), "include_usage"));

    /// <summary>The request in the form of a route; <see langword="null"/> where the route has none for it.</summary>
    /// <param name="route">The route.</param>
    public ProviderCall? CallFor(ServingRoute route)
    {
        if (!Translations.TryFind(Request.Rules.Operation, route.Provider, now, WantsUsage, out var translation))
        {
            return null;
        }

        _translations[route] = translation;

        var limit = Limit(translation);
        var asClient = JsonMembers.Set(body.Span, [new("model", Text(route.UpstreamModel)), .. ClientLimits(limit)]);
        var operation = translation?.ProviderOperation ?? Request.Rules.Operation;
        var asProvider = translation is null ? asClient : WithLimit(translation.Request(asClient), operation, limit);
        return new ProviderCall(operation, route.UpstreamModel, WithUsage(asProvider, operation))
        {
            IsStream = Request.IsStream,
            Headers = Request.Headers,
        };
    }

    /// <summary>The translation through which a route was asked; <see langword="null"/> where it speaks as the client does.</summary>
    /// <param name="route">The route.</param>
    public ITranslation? TranslationOf(ServingRoute route) => _translations.GetValueOrDefault(route);

    /// <summary>The limit of one answer: what the client asked for, and no more than is paid.</summary>
    private int? Limit(ITranslation? translation)
    {
        var paid = answerLimit is { } tokens ? Math.Max(1, tokens / Request.Count) : (int?)null;
        var limit = (Request.AskedLimit, paid) is ({ } asked, { } most) ? Math.Min(asked, most) : Request.AskedLimit ?? paid;
        return translation?.ProviderOperation is ProviderOperations.Messages ? limit ?? Model.MaxAnswerTokens : limit;
    }

    private List<JsonMember> ClientLimits(int? limit)
    {
        var members = new List<JsonMember>(2);
        if (limit is not { } most || !Request.Rules.WritesText)
        {
            return members;
        }

        foreach (var field in Request.Rules.LimitFields)
        {
            if (Request.LimitOf(field) is { IsGiven: true, Value: var asked } && asked > most)
            {
                members.Add(new JsonMember(field, Number(most)));
            }
        }

        if (Request.Rules.LimitFields.All(field => !Request.LimitOf(field).IsGiven))
        {
            members.Add(new JsonMember(Request.Rules.LimitField ?? Model.OutputLimitField, Number(most)));
        }

        return members;
    }

    /// <summary>A translation knows one field for the limit; the model may know another.</summary>
    private ReadOnlyMemory<byte> WithLimit(ReadOnlyMemory<byte> json, string operation, int? limit)
    {
        var rules = RelayRules.OfProvider(operation);
        var known = rules.LimitField ?? Model.OutputLimitField;
        return limit is { } most
            ? JsonMembers.Set(json.Span, [.. rules.LimitFields.Where(field => field != known).Select(field => new JsonMember(field, default)), new(known, Number(most))])
            : json;
    }

    private ReadOnlyMemory<byte> WithUsage(ReadOnlyMemory<byte> json, string operation)
    {
        if (!Request.IsStream || operation is not (ProviderOperations.ChatCompletions or ProviderOperations.Completions))
        {
            return json;
        }

        var options = JsonMembers.Find(json, "stream_options");
        var asking = options.Span is [(byte)'{', ..] ? JsonMembers.Set(options.Span, new JsonMember("include_usage", True)) : UsageAskedFor;
        return JsonMembers.Set(json.Span, new JsonMember("stream_options", asking));
    }

    private static bool IsTrue(ReadOnlyMemory<byte> json) => json.Span.SequenceEqual("true"u8);

    private static ReadOnlyMemory<byte> Text(string text) => JsonSerializer.SerializeToUtf8Bytes(text);

    private static ReadOnlyMemory<byte> Number(int number)
    {
        Span<byte> digits = stackalloc byte[11];
        Utf8Formatter.TryFormat(number, digits, out var length);
        return digits[..length].ToArray();
    }
}
