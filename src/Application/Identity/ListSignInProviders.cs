using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Lists where else one can sign in.</summary>
[AllowAnonymousCaller("whoever wants to sign in has no credential yet")]
public sealed record ListSignInProvidersQuery : IRequest<IReadOnlyList<SignInProvider>>;

/// <summary>Somewhere to sign in.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="DisplayName">Its name as shown.</param>
/// <param name="AuthorizationUrl">Where a browser goes to.</param>
public sealed record SignInProvider(string Name, string DisplayName, string AuthorizationUrl);

/// <summary>Knows the identity providers that are configured; each adapter registers one where it is.</summary>
public interface ISignInProviders
{
    /// <summary>Those that are configured; none is usual.</summary>
    IReadOnlyList<SignInProvider> Configured { get; }
}

internal sealed class ListSignInProvidersHandler(IEnumerable<ISignInProviders> providers)
    : IRequestHandler<ListSignInProvidersQuery, IReadOnlyList<SignInProvider>>
{
    public Task<IReadOnlyList<SignInProvider>> Handle(ListSignInProvidersQuery query, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SignInProvider>>([.. providers.SelectMany(provider => provider.Configured)]);
}
