using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>
/// Who makes the call at hand, found out once: whether its body is read and whether it is carried out are decided by one look at
/// the credential, and a refused one counts once. One instance a call.
/// </summary>
internal sealed class CallIdentity(ICallContext call, ICredentials credentials, IFailureLimit failures, TimeProvider time)
{
    /// <summary>How long a look is good for: a credential may be revoked while a slow body comes, and is refused within a second.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private Look? _last;

    /// <summary>Finds out who calls.</summary>
    /// <param name="kind">The credential that the request declares.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <exception cref="RefusedException">The credential is missing or identifies nobody, or its address has failed too often.</exception>
    public Task<Caller> FindAsync(CredentialKind kind, CancellationToken cancellationToken)
    {
        if (_last is { } last && last.Kind == kind && (last.Caller.IsFaulted || time.GetElapsedTime(last.At) < Freshness))
        {
            return last.Caller;
        }

        _last = new Look(kind, IdentifyAsync(kind, cancellationToken), time.GetTimestamp());
        return _last.Caller;
    }

    private async Task<Caller> IdentifyAsync(CredentialKind kind, CancellationToken cancellationToken)
    {
        var presented = call.Credential(kind);
        if (presented.IsMissing)
        {
            throw new RefusedException(CredentialErrors.MissingOf(kind));
        }

        if (presented.IsForeign)
        {
            throw new RefusedException(CredentialErrors.ForeignOrigin);
        }

        failures.ThrowIfReached(call.IpAddress);
        var (caller, refusal) = presented.IsAmbiguous
            ? new Identified(null, CredentialErrors.InvalidOf(kind))
            : await credentials.IdentifyAsync(kind, presented.Secret!, cancellationToken);
        if (caller is not null)
        {
            return caller;
        }

        failures.Count(call.IpAddress);
        throw new RefusedException(refusal!);
    }

    private sealed record Look(CredentialKind Kind, Task<Caller> Caller, long At);
}
