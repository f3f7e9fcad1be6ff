using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Identity.Contracts;

/// <summary>
/// What a request documents as its credential: which header is looked at first, and how refusals are worded. Whatever secret is
/// presented identifies the same person everywhere; where a kind's own header is empty, the others are looked at.
/// </summary>
public enum CredentialKind
{
    /// <summary>A long-lived API key (<c>API-Key</c>, <c>X-API-Key</c>, or <c>Authorization: Bearer</c>).</summary>
    ApiKey,

    /// <summary>A short-lived access token (<c>X-Token</c>, or <c>Authorization: Bearer</c>).</summary>
    AccessToken,

    /// <summary>Any secret, wherever a client sends it: <c>Authorization: Bearer</c>, <c>api-key</c>, <c>x-api-key</c>, <c>X-Token</c>, or the session's cookie.</summary>
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
    /// <param name="kind">What the request documents, whose words a refusal has.</param>
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
