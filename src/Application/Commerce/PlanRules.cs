using AiPlatform.Application.Shared;
using AiPlatform.Domain.Commerce;

namespace AiPlatform.Application.Commerce;

/// <summary>Rules of requests that name a plan (seed 003): each field by its name, with 422.</summary>
/// <typeparam name="T">The request.</typeparam>
internal abstract class PlanRules<T> : OrderedValidator<T>
{
    /// <summary>Refuses a request that names no plan. Whether there is such a plan its handler finds out.</summary>
    protected void RequirePlan(Func<T, Supplied<string>> plan) => Require(
        request => plan(request) is { IsGiven: true, Value.Length: > 0 }, RequestErrors.Unprocessable("plan_name", "the name of a plan"));

    /// <summary>Refuses what can be no name of the payment gateway's.</summary>
    protected void RequirePaymentMethod(Func<T, Supplied<string>> method) => Require(
        request => method(request).IsLeftOut || (method(request).IsGiven && IsName(method(request).Value)),
        RequestErrors.Unprocessable("payment_method_id", $"a name of the payment gateway of at most {Subscription.MaxReferenceLength} letters, digits, _ and -"));

    private static bool IsName(string text) => text.Length is > 0 and <= Subscription.MaxReferenceLength
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');
}
