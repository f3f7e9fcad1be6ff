using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering;

/// <summary>A request that names tokens, and what they are for.</summary>
public interface INamesTokens
{
    /// <summary>How many tokens.</summary>
    Supplied<int> Amount { get; }

    /// <summary>Who serves the model.</summary>
    Supplied<string> Provider { get; }

    /// <summary>The model.</summary>
    Supplied<string> ModelName { get; }

    /// <summary>What is asked for.</summary>
    Supplied<string> RequestType { get; }
}

/// <summary>Rules of requests that name tokens (seed 003): each field by its name, with 422.</summary>
/// <typeparam name="T">The request.</typeparam>
internal abstract class TokenRules<T> : FieldRules<T>
    where T : INamesTokens
{
    /// <summary>Refuses an amount below 1, and texts that are none or too long.</summary>
    protected void RequireTokens()
    {
        RequireWhole("amount", request => request.Amount, 1);
        RequireName("provider", request => request.Provider, UsageRecord.MaxNameLength);
        RequireName("model_name", request => request.ModelName, UsageRecord.MaxNameLength);
        RequireName("request_type", request => request.RequestType, UsageRecord.MaxTypeLength);
    }

    /// <summary>Refuses a count below zero.</summary>
    protected void RequireCount(string name, Func<T, Supplied<int>> field) => RequireWhole(name, field, 0, optional: true);

    private void RequireName(string name, Func<T, Supplied<string>> field, int limit) => RequireField(
        name,
        field,
        text => text.Length <= limit && !text.Any(char.IsControl),
        $"a string of at most {limit} characters without control characters",
        optional: true);
}
