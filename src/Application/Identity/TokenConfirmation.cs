using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Identity;

internal sealed class TokenConfirmation(ICredentials credentials, CallRecord record) : ITokenConfirmation
{
    public async Task<Error?> ConfirmAsync(string token, CancellationToken cancellationToken)
    {
        var (holder, refusal) = await credentials.IdentifyAsync(CredentialKind.AccessToken, token, cancellationToken);
        if (refusal == CredentialErrors.TokenExpired || refusal == CredentialErrors.TokenNotVouched)
        {
            return refusal;
        }

        // Another person's token is no second factor of this person's key, and neither is the credential itself.
        var caller = record.RequiredCaller;
        if (holder?.AccessTokenId is not { } tokenId || holder.UserId != caller.UserId || tokenId == caller.AccessTokenId)
        {
            return CredentialErrors.ConfirmationInvalid;
        }

        record.Confirm(tokenId);
        return null;
    }
}
