using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using AiPlatform.Application.Gateway.Translation;
using AiPlatform.Application.Shared;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>Makes the plan of the call at hand.</summary>
/// <param name="body">The client's body.</param>
/// <param name="call">The call.</param>
/// <param name="record">What its hold pays.</param>
internal sealed class RelayPlans(MeasuredBody body, ICallContext call, CallRecord record)
{
    /// <summary>The plan of a request to a model.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The model.</param>
    public RelayPlan For(RelayCommand request, CatalogueModel model) => new(request, body, model, call.StartedAt, LimitOf(request, model));

    /// <summary>What is paid may be more than a model writes that stands in for another.</summary>
    private int? LimitOf(RelayCommand request, CatalogueModel model) => record.AnswerLimit is { } paid
        ? Math.Min(paid, RelayBound.Of(request, model, body.Measure).MostAnswerTokens)
        : null;
}

/// <summary>What is sent to which route for one request of a client.</summary>
/// <param name="request">The request.</param>
/// <param name="body">Its body.</param>
/// <param name="model">The model that it names.</param>
/// <param name="now">The time of the call.</param>
/// <param name="answerLimit">Most tokens of all its answers together that the hold pays; <see langword="null"/> where nothing depends on it.</param>
internal sealed class RelayPlan(RelayCommand request, MeasuredBody body, CatalogueModel model, DateTimeOffset now, int? answerLimit)
{
    private static readonly ReadOnlyMemory<byte> True = "true"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> UsageAskedFor = """{"include_usage":true}"""u8.ToArray();

    private readonly Dictionary<ServingRoute, ITranslation?> _translations = [];

    /// <summary>The request.</summary>
    public RelayCommand Request { get; } = request;

    /// <summary>The model.</summary>
    public CatalogueModel Model { get; } = model;

    /// <summary>How long the prompt is.</summary>
    public PromptMeasure Measure => body.Measure;

    /// <summary>Whether the client asked for the usage of a stream, where that is something to ask for.</summary>
    public bool WantsUsage { get; } = !request.IsStream
        || !IsChunked(request.Rules.Operation)
        || JsonMembers.Find(JsonMembers.Find(body.Json, "stream_options"), "include_usage").Span.SequenceEqual(True.Span);

    /// <summary>The request in the form of a route; <see langword="null"/> where the route has none for it.</summary>
    /// <param name="route">The route.</param>
    public ProviderCall? CallFor(ServingRoute route)
    {
        if (!Translations.TryFind(Request.Rules.Operation, route.Provider, now, WantsUsage, out var translation))
        {
            return null;
        }

        _translations[route] = translation;
        var operation = translation?.ProviderOperation ?? Request.Rules.Operation;
        return new ProviderCall(operation, route.UpstreamModel, BodyFor(route, translation, operation))
        {
            IsStream = Request.IsStream,
            Headers = Request.Headers,
        };
    }

    /// <summary>The translation through which a route was asked; <see langword="null"/> where it speaks as the client does.</summary>
    /// <param name="route">The route.</param>
    public ITranslation? TranslationOf(ServingRoute route) => _translations.GetValueOrDefault(route);

    /// <summary>The client's body with what must change; what stays is sent from where it lies.</summary>
    private ReadOnlySequence<byte> BodyFor(ServingRoute route, ITranslation? translation, string operation)
    {
        var limit = Limit(translation);
        List<JsonMember> changes =
        [
            new("model", JsonSerializer.SerializeToUtf8Bytes(route.UpstreamModel)),
            .. Request.OwnFields.Select(field => new JsonMember(field, default)),
            .. ClientLimits(limit),
        ];
        if (translation is null)
        {
            changes.AddRange(Usage(body.Json, operation));
            return JsonMembers.Edit(body.Json, [.. changes]);
        }

        var translated = translation.Request(JsonMembers.Set(body.Json, [.. changes]));
        return JsonMembers.Edit(translated, [.. ProviderLimits(operation, limit), .. Usage(translated, operation)]);
    }

    /// <summary>The limit of one answer: what the client asked for, and no more than is paid.</summary>
    private int? Limit(ITranslation? translation)
    {
        var paid = answerLimit is { } tokens ? Math.Max(1, tokens / Request.CountOf(Measure)) : (int?)null;
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
    private IEnumerable<JsonMember> ProviderLimits(string operation, int? limit)
    {
        var rules = RelayRules.OfProvider(operation);
        var known = rules.LimitField ?? Model.OutputLimitField;
        return limit is { } most
            ? rules.LimitFields.Where(field => field != known).Select(field => new JsonMember(field, default)).Append(new JsonMember(known, Number(most)))
            : [];
    }

    /// <summary>A provider is always asked what a stream took.</summary>
    private IEnumerable<JsonMember> Usage(ReadOnlyMemory<byte> json, string operation)
    {
        if (!Request.IsStream || !IsChunked(operation))
        {
            return [];
        }

        var options = JsonMembers.Find(json, "stream_options");
        var asking = options.Span is [(byte)'{', ..] ? JsonMembers.Set(options, new JsonMember("include_usage", True)) : UsageAskedFor;
        return [new JsonMember("stream_options", asking)];
    }

    /// <summary>Whether an operation streams in chunks that tell their usage only if they are asked to.</summary>
    private static bool IsChunked(string operation) => operation is ProviderOperations.ChatCompletions or ProviderOperations.Completions;

    private static ReadOnlyMemory<byte> Number(int number)
    {
        Span<byte> digits = stackalloc byte[11];
        Utf8Formatter.TryFormat(number, digits, out var length);
        return digits[..length].ToArray();
    }
}
