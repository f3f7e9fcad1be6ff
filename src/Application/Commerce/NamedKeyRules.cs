using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Commerce;

/// <summary>The rules that requests on named keys share.</summary>
/// <typeparam name="T">The request.</typeparam>
internal abstract class NamedKeyRules<T> : OrderedValidator<T>
{
    /// <summary>Refuses a name that a key could not be called by in a path.</summary>
    protected void RequireName(string field, Func<T, Supplied<string>> name) => Require(
        request => LineText.IsLine(name(request), ApiKey.MaxNameLength) && FitsInPath(name(request).Value),
        RequestErrors.Unprocessable(field, $"a string of 1 to {ApiKey.MaxNameLength} characters without control characters and slashes"));

    private static bool FitsInPath(string name) => name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '\\');
}
