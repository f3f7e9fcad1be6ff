using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Metering;

/// <summary>What usage is summed by.</summary>
public enum UsageDimension
{
    /// <summary>Who called.</summary>
    User,

    /// <summary>The team that they belong to now.</summary>
    Team,

    /// <summary>The API key that the call was made with.</summary>
    Key,

    /// <summary>The model.</summary>
    Model,

    /// <summary>The provider that served it.</summary>
    Provider,

    /// <summary>The route that was called.</summary>
    Route,

    /// <summary>The day of UTC.</summary>
    Day,
}

/// <summary>How sums are written.</summary>
public enum UsageFormat
{
    /// <summary>As JSON.</summary>
    Json,

    /// <summary>As CSV (RFC 4180).</summary>
    Csv,
}

/// <summary>Which usage, and what it is summed by.</summary>
public record UsageQuestion
{
    /// <summary>Longest time that is summed up, in days.</summary>
    public const int MaxDays = 366;

    /// <summary>Most sums of one answer.</summary>
    public const int MaxRows = 10_000;

    private static readonly TimeSpan UsualRange = TimeSpan.FromDays(30);

    /// <summary>Only calls at this instant or later; 30 days before <see cref="To"/> where nothing is said.</summary>
    public Supplied<DateTimeOffset> From { get; init; }

    /// <summary>Only calls before this instant; now where nothing is said.</summary>
    public Supplied<DateTimeOffset> To { get; init; }

    /// <summary>Only calls to this model.</summary>
    public Supplied<string> Model { get; init; }

    /// <summary>Only calls with this API key.</summary>
    public Supplied<Guid> ApiKeyId { get; init; }

    /// <summary>What it is summed by, separated by commas; one sum where nothing is said.</summary>
    public Supplied<string> GroupBy { get; init; }

    /// <summary>How the sums are written; as the caller accepts them where nothing is said.</summary>
    public Supplied<UsageFormat> Format { get; init; }

    /// <summary>The dimensions that the text names; <see langword="null"/> where one of them is none.</summary>
    internal IReadOnlySet<UsageDimension>? Dimensions
    {
        get
        {
            var names = GroupBy.Or(string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var found = names.Select(LedgerNames.Find<UsageDimension>).ToList();
            return found.Contains(null) ? null : found.Select(one => one!.Value).ToHashSet();
        }
    }

    internal (DateTimeOffset From, DateTimeOffset To) Range(DateTimeOffset now)
    {
        var to = To.Or(now);
        var known = to - DateTimeOffset.MinValue;
        return (From.Or(to - (known < UsualRange ? known : UsualRange)), to);
    }
}

/// <summary>One sum of usage. A field that it is not summed by is <see langword="null"/>.</summary>
public sealed record UsageSum
{
    /// <summary>Who called.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The team of those who called.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>The API key.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The provider.</summary>
    public string? Provider { get; init; }

    /// <summary>The route.</summary>
    public string? RouteKey { get; init; }

    /// <summary>The day of UTC.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>Calls that were answered and charged.</summary>
    public long Calls { get; init; }

    /// <summary>Tokens of the prompts, cached ones included.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens of the prompts that the providers had cached.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Tokens of the answers.</summary>
    public long AnswerTokens { get; init; }

    /// <summary>Images made.</summary>
    public long Images { get; init; }

    /// <summary>Credits paid, in thousandths.</summary>
    public long Credits { get; init; }

    /// <summary>Money that wallets paid, in nano-USD.</summary>
    public long Wallet { get; init; }

    /// <summary>Money that key budgets paid, in nano-USD.</summary>
    public long KeyBudget { get; init; }

    /// <summary>Money that team budgets paid, in nano-USD.</summary>
    public long TeamBudget { get; init; }

    /// <summary>Tokens that plans paid.</summary>
    public long PlanTokens { get; init; }
}

/// <summary>Usage, summed.</summary>
/// <param name="From">From when.</param>
/// <param name="To">Until when.</param>
/// <param name="Sums">The sums.</param>
public sealed record UsageSummary(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<UsageSum> Sums);

/// <summary>What is refused about usage.</summary>
public static class UsageErrors
{
    /// <summary>The answer would be too long.</summary>
    public static readonly Error TooManyRows = RequestErrors.Invalid(
        $"There are more than {UsageQuestion.MaxRows} sums. Narrow the time, or sum by less.") with
    { Code = "too_many_sums" };
}

/// <summary>Rules of questions about usage.</summary>
/// <typeparam name="T">The request.</typeparam>
internal abstract class UsageRules<T> : OrderedValidator<T>
    where T : UsageQuestion
{
    protected UsageRules()
    {
        Require(query => !query.From.IsMistyped, RequestErrors.Invalid("from must be a time such as 2025-03-05T12:00:00Z"));
        Require(query => !query.To.IsMistyped, RequestErrors.Invalid("to must be a time such as 2025-03-05T12:00:00Z"));
        Require<TimeProvider>(
            (query, time, _) => Task.FromResult(query.Range(time.GetUtcNow()) is var (from, to) && from < to && (to - from).TotalDays <= UsageQuestion.MaxDays),
            _ => RequestErrors.Invalid($"from must lie before to, at most {UsageQuestion.MaxDays} days"),
            RequestErrors.Invalid($"from must lie before to, at most {UsageQuestion.MaxDays} days"));
        RequireText("model", query => query.Model, 100);
        Require(query => !query.ApiKeyId.IsMistyped, RequestErrors.Invalid("api_key_id must be a UUID"));
        Require(
            query => !query.GroupBy.IsMistyped && query.Dimensions is not null,
            RequestErrors.Invalid($"group_by must be some of: {LedgerNames.All<UsageDimension>()}"));
        Require(query => !query.Format.IsMistyped, RequestErrors.Invalid($"format must be one of: {LedgerNames.All<UsageFormat>()}"));
    }
}
