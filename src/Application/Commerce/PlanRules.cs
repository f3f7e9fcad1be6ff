using AiPlatform.Application.Shared;
using AiPlatform.Domain.Commerce;

namespace AiPlatform.Application.Commerce;

/// <summary>Rules of requests that name a plan (seed 003): each field by its name, with 422.</summary>
/// <typeparam name="T">The request.</typeparam>
internal abstract class PlanRules<T> : FieldRules<T>
{
    /// <summary>Refuses a request that names no plan. Whether there is such a plan its handler finds out.</summary>
    protected void RequirePlan(Func<T, Supplied<string>> plan) =>
        RequireField("plan_name", plan, text => text.Length > 0, "the name of a plan");

    /// <summary>Refuses what can be no name of the payment gateway's.</summary>
    protected void RequirePaymentMethod(Func<T, Supplied<string>> method) => RequireField(
        "payment_method_id",
        method,
        IsName,
        $"a name of the payment gateway of at most {Subscription.MaxReferenceLength} letters, digits, _ and -",
        optional: true);

    private static bool IsName(string text) => text.Length is > 0 and <= Subscription.MaxReferenceLength
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');
}
