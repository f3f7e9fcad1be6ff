using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway;

/// <summary>The names of those who can have a list of allowed models.</summary>
public static class AccessOwnerNames
{
    /// <summary>The name of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public static string Of(AllowanceOwnerKind kind) => kind is AllowanceOwnerKind.ApiKey ? "api_key" : "user";

    internal static AllowanceOwnerKind? Find(string name) => name switch
    {
        "user" => AllowanceOwnerKind.User,
        "api_key" => AllowanceOwnerKind.ApiKey,
        _ => null,
    };
}

/// <summary>Finds those who can have a list of allowed models.</summary>
internal sealed class AccessOwners(IUserDirectory users, IOwnerDirectory keys)
{
    /// <summary>Longest id that is looked at, in characters.</summary>
    public const int MaxIdLength = 100;

    /// <summary>The user or the key that a valid request names.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public async Task<(AllowanceOwnerKind Kind, Guid Id)> GetAsync(string kind, string id, CancellationToken cancellationToken)
    {
        var owner = AccessOwnerNames.Find(kind)!.Value;
        return Guid.TryParseExact(id, "D", out var parsed) && await ExistsAsync(owner, parsed, cancellationToken)
            ? (owner, parsed)
            : throw new RefusedException(ModelErrors.OwnerNotFound($"{kind} with ID {id}"));
    }

    private async Task<bool> ExistsAsync(AllowanceOwnerKind kind, Guid id, CancellationToken cancellationToken) => kind is AllowanceOwnerKind.User
        ? await users.FindAsync(id.ToString("D"), cancellationToken) is not null
        : await keys.FindKeyAsync(id, cancellationToken) is not null;
}

/// <summary>A request that names a user or an API key.</summary>
public interface INamesAccessOwner
{
    /// <summary>A usable access token of the administrator.</summary>
    Supplied<string> Token { get; }

    /// <summary>Whose list: <c>user</c> or <c>api_key</c>.</summary>
    Supplied<string> OwnerKind { get; }

    /// <summary>The user or the key, a UUID.</summary>
    Supplied<string> OwnerId { get; }
}

/// <summary>The rules of requests that name a user or an API key.</summary>
/// <typeparam name="T">The request.</typeparam>
internal abstract class AccessOwnerRules<T> : OrderedValidator<T>
    where T : INamesAccessOwner
{
    /// <summary>Requires a body, a token that confirms the caller, and an owner.</summary>
    protected void RequireOwner(params (string Name, Func<T, ISupplied> Field)[] others)
    {
        RequireBody();
        Require(request => request.Token.IsGiven && request.Token.Value.Length > 0, RequestErrors.Invalid("Valid token is required"));
        RequireConfirmation(request => request.Token.Value);
        RequireFields([("owner_kind", request => request.OwnerKind), ("owner_id", request => request.OwnerId), .. others]);
        Require(
            request => AccessOwnerNames.Find(request.OwnerKind.Or(string.Empty)) is not null,
            RequestErrors.Invalid("owner_kind must be one of: user, api_key"));
        RequireText("owner_id", request => request.OwnerId, AccessOwners.MaxIdLength);
    }
}
