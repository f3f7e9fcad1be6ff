using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Identity.Contracts;

/// <summary>The forms of credential that a request can declare.</summary>
public enum CredentialKind
{
    /// <summary>A long-lived API key (<c>API-Key</c>, <c>X-API-Key</c>, or <c>Authorization: Bearer</c>).</summary>
    ApiKey,

    /// <summary>A short-lived access token (<c>X-Token</c>, or <c>Authorization: Bearer</c>).</summary>
    AccessToken,

    /// <summary>An API key or an access token, wherever a client of a model API sends its key: <c>Authorization: Bearer</c>, <c>api-key</c>, <c>x-api-key</c> or <c>X-Token</c>.</summary>
    Any,
}

/// <summary>A secret resolved to the account that it identifies, or why it identifies none.</summary>
/// <param name="Caller">The account; <see langword="null"/> where the credential is refused.</param>
/// <param name="Refusal">Why it is refused; <see langword="null"/> where it is accepted.</param>
public sealed record Identified(Caller? Caller, Error? Refusal);

/// <summary>Finds out whom a credential identifies.</summary>
public interface ICredentials
{
    /// <summary>Resolves a secret. Only accounts that are active and not deleted are identified.</summary>
    /// <param name="kind">What the secret claims to be.</param>
    /// <param name="secret">The secret as presented.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<Identified> IdentifyAsync(CredentialKind kind, string secret, CancellationToken cancellationToken);
}

/// <summary>The second factor of administrative routes: an access token of the person whose key is presented.</summary>
public interface ITokenConfirmation
{
    /// <summary>Checks the token and notes it on the call's record.</summary>
    /// <param name="token">The token as presented.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="null"/> when the token is a usable one of the caller's own, else the refusal.</returns>
    Task<Error?> ConfirmAsync(string token, CancellationToken cancellationToken);
}
