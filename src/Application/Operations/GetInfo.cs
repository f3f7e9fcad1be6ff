using System.Reflection;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Operations;

/// <summary>Says what this is and which routes the surface of seed 004 has.</summary>
[AllowAnonymousCaller("It says nothing of anybody's data.")]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
public sealed record GetInfoQuery : IRequest<PlatformInfo>;

/// <summary>What this is.</summary>
/// <param name="Name">The product.</param>
/// <param name="Version">Its version.</param>
/// <param name="Endpoints">Routes by what they are for.</param>
public sealed record PlatformInfo(string Name, string Version, IReadOnlyDictionary<string, string> Endpoints);

internal sealed class GetInfoHandler : IRequestHandler<GetInfoQuery, PlatformInfo>
{
    private static readonly PlatformInfo Info = new(
        "AiPlatform",
        typeof(GetInfoHandler).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "1.0.0",
        new Dictionary<string, string>
        {
            ["register"] = "POST /api/v1/auth/register",
            ["login"] = "POST /api/v1/auth/login",
            ["profile"] = "GET /api/v1/auth/profile",
            ["api_key"] = "GET /api/v1/auth/api-key",
            ["verify_key"] = "POST /api/v1/auth/verify-key",
            ["log_message"] = "POST /api/v1/auth/log-message",
            ["admin"] = "POST /api/v1/admin/login",
            ["staff"] = "POST /api/v1/staff/login",
            ["health"] = "GET /health",
            ["docs"] = "GET /docs",
        });

    public Task<PlatformInfo> Handle(GetInfoQuery query, CancellationToken cancellationToken) => Task.FromResult(Info);
}
