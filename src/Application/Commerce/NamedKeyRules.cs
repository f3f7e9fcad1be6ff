using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Commerce;

/// <summary>The rules that requests on named keys share.</summary>
/// <typeparam name="T">The request.</typeparam>
internal abstract class NamedKeyRules<T> : FieldRules<T>
{
    /// <summary>Refuses a name that a key could not be called by in a path.</summary>
    protected void RequireName(string field, Func<T, Supplied<string>> name) => RequireField(
        field,
        name,
        text => LineText.IsLine(text, ApiKey.MaxNameLength) && FitsInPath(text),
        $"a string of 1 to {ApiKey.MaxNameLength} characters without control characters and slashes");

    private static bool FitsInPath(string name) => name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '\\');
}
