using System.Buffers.Text;
using System.Text.Json;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Tells what the session token (RFC 7519) that the caller presents says; it is checked as on every other call.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
public sealed record GetSessionClaimsQuery : IRequest<JsonElement>;

internal sealed class GetSessionClaimsHandler(ICallContext call, CallRecord record) : IRequestHandler<GetSessionClaimsQuery, JsonElement>
{
    public Task<JsonElement> Handle(GetSessionClaimsQuery query, CancellationToken cancellationToken)
    {
        if (record.RequiredCaller.SessionId is null || call.Credential(CredentialKind.Any).Secret is not { } token)
        {
            throw new RefusedException(CredentialErrors.Invalid);
        }

        var payload = Base64Url.DecodeFromChars(token.AsSpan(token.IndexOf('.') + 1, token.LastIndexOf('.') - token.IndexOf('.') - 1));
        using var claims = JsonDocument.Parse(payload);
        return Task.FromResult(claims.RootElement.Clone());
    }
}
