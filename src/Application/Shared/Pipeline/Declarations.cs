using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>Declares the credential that a request needs.</summary>
/// <param name="kind">The kind of credential.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequireCredentialAttribute(CredentialKind kind) : Attribute
{
    /// <summary>The kind of credential.</summary>
    public CredentialKind Kind { get; } = kind;
}

/// <summary>Declares the tier that a request needs.</summary>
/// <param name="tier">0 to 5.</param>
/// <param name="action">What the tier is needed for, completing "… privileges required to …".</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequireTierAttribute(int tier, string action) : Attribute
{
    /// <summary>0 to 5.</summary>
    public int Tier { get; } = tier;

    /// <summary>What the tier is needed for.</summary>
    public string Action { get; } = action;

    /// <summary>The refusal of a caller of another tier.</summary>
    public Error Refusal { get; } = new("tier_required", ErrorKind.Forbidden, $"Admin privileges required to {action}");
}

/// <summary>Declares that a request is for members of the staff, and for administrators.</summary>
/// <param name="level">The lowest level that may make it.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequireStaffAttribute(StaffLevel level) : Attribute
{
    /// <summary>The lowest level.</summary>
    public StaffLevel Level { get; } = level;

    /// <summary>The refusal of everybody else.</summary>
    public static Error Refusal { get; } = new("staff_level_required", ErrorKind.Forbidden, "Insufficient permissions");
}

/// <summary>Declares how often a minute a request may be made.</summary>
/// <param name="rate">The class of requests that share one count.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LimitRateAttribute(RateClass rate) : Attribute
{
    /// <summary>The class.</summary>
    public RateClass Rate { get; } = rate;

    /// <summary>The refusal of a caller who has none left.</summary>
    /// <param name="reached">The limit.</param>
    /// <param name="now">The time.</param>
    public Error Refusal(RateLimit reached, DateTimeOffset now)
    {
        var error = new Error("rate_limit_exceeded", ErrorKind.TooManyRequests, "Rate limit exceeded")
        {
            RateLimit = reached,
            RetryAfter = reached.Reset - now,
        };
        return Rate is not RateClass.Conversations
            ? error
            : error with
            {
                Message = "Rate limit exceeded. Please try again later.",
                Numbers = new Dictionary<string, long> { ["limit"] = reached.Limit },
                Extensions = new Dictionary<string, string> { ["window"] = "60 seconds" },
            };
    }
}

/// <summary>Declares that a request may come from the addresses alone that the operator allows, where there is such a list.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RestrictAddressesAttribute : Attribute
{
    /// <summary>The refusal of every other address.</summary>
    public static Error Refusal { get; } = new("address_not_allowed", ErrorKind.Forbidden, "IP address not whitelisted");
}

/// <summary>Declares that a request needs no credential.</summary>
/// <param name="because">Why it needs none.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AllowAnonymousCallerAttribute(string because) : Attribute
{
    /// <summary>Why the request needs no credential.</summary>
    public string Because { get; } = because;
}

/// <summary>Declares what the handler of a request can refuse, for the documentation.</summary>
/// <param name="errors">The class that holds the errors of the capability.</param>
/// <param name="names">The errors' names in it: public static fields, properties, or methods that make one.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class RefusesAttribute(Type errors, params string[] names) : Attribute
{
    /// <summary>The class that holds the errors.</summary>
    public Type Errors { get; } = errors;

    /// <summary>The errors' names in it.</summary>
    public IReadOnlyList<string> Names { get; } = names;
}

/// <summary>Gives an error another class and other words on one request, where its documentation has them: status and record follow.</summary>
/// <param name="code">The error's code.</param>
/// <param name="kind">The documented class.</param>
/// <param name="message">The documented words.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class RewordsAttribute(string code, ErrorKind kind, string message) : Attribute
{
    /// <summary>The error's code.</summary>
    public string Code { get; } = code;

    /// <summary>The documented class.</summary>
    public ErrorKind Kind { get; } = kind;

    /// <summary>The documented words.</summary>
    public string Message { get; } = message;
}

/// <summary>Declares that a request or its answer is a secret, so that its audit record keeps neither body.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OmitBodiesFromAuditAttribute : Attribute;

/// <summary>Declares that calls of a request leave no audit record.</summary>
/// <param name="because">Why they leave none.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OmitFromAuditAttribute(string because) : Attribute
{
    /// <summary>Why the calls leave no record.</summary>
    public string Because { get; } = because;
}

/// <summary>
/// Declares that a request is paid for: a hold is placed before its handler runs and settled after it. What it can take of a
/// model says its <see cref="Metering.Contracts.ICallBound{TRequest}"/>.
/// </summary>
public interface IMeteredRequest : IChargedRequest;

/// <summary>
/// Declares that a request charges an account, or gives to it or takes from it by an administrator's order, so that it is carried out
/// once under one <c>Idempotency-Key</c>.
/// </summary>
public interface IChargedRequest;

/// <summary>
/// A charged request whose body carries a credential besides what is asked: the same order under one idempotency key may come with a
/// fresh one.
/// </summary>
public interface IAskedByItsFields
{
    /// <summary>What is asked, without the credential.</summary>
    string Asked { get; }
}

/// <summary>A metered request of which its body is only a part: calls with one idempotency key must agree in the rest as well.</summary>
public interface IAskedBesideItsBody
{
    /// <summary>The rest.</summary>
    string Beside { get; }
}
