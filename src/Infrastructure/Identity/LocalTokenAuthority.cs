using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>This platform alone stands behind its tokens.</summary>
internal sealed class LocalTokenAuthority(IOptions<TokenOptions> options) : ITokenAuthority
{
    public Task<TokenTerms> GrantAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new TokenTerms(TokenIssuer.Local, options.Value.Lifetime));

    // A token that Entra stood behind is not vouched for by a platform that no longer asks Entra.
    public Task<bool> VouchesAsync(TokenIssuer issuer, CancellationToken cancellationToken) =>
        Task.FromResult(issuer is TokenIssuer.Local);
}
